"""For tests: the pytest plug-in, and what its assertions take beside plain values.

    from bototrail.testing import absent, call, containing, matching

The names are loaded when they are first used: pytest imports this package in every run.
"""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing would cost more than all the rest
if TYPE_CHECKING:
    from typing import Any

    from bototrail.testing.calls import Call
    from bototrail.testing.expected import call
    from bototrail.testing.matchers import absent, containing, matching
    from bototrail.testing.trail import Trail

_HOMES = {
    "Call": "bototrail.testing.calls",
    "Trail": "bototrail.testing.trail",
    "absent": "bototrail.testing.matchers",
    "call": "bototrail.testing.expected",
    "containing": "bototrail.testing.matchers",
    "matching": "bototrail.testing.matchers",
}

__all__ = ["Call", "Trail", "absent", "call", "containing", "matching"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'bototrail.testing' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
