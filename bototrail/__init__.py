"""CloudTrail for the client side: every AWS SDK call of a program, recorded as CloudTrail log files.

    import bototrail
    bototrail.start("./audit")

The names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from bototrail._version import __version__

TYPE_CHECKING = False  # importing typing would cost more than all the rest
if TYPE_CHECKING:
    from typing import Any

    from bototrail.capture.scope import labelled, paused
    from bototrail.errors import BototrailError, ConfigError
    from bototrail.recorder import flush, recording, start, status, stop
    from bototrail.results import Flushed, Recording

_HOMES = {
    "BototrailError": "bototrail.errors",
    "ConfigError": "bototrail.errors",
    "Flushed": "bototrail.results",
    "Recording": "bototrail.results",
    "flush": "bototrail.recorder",
    "labelled": "bototrail.capture.scope",
    "paused": "bototrail.capture.scope",
    "recording": "bototrail.recorder",
    "start": "bototrail.recorder",
    "status": "bototrail.recorder",
    "stop": "bototrail.recorder",
}

__all__ = [
    "BototrailError",
    "ConfigError",
    "Flushed",
    "Recording",
    "__version__",
    "flush",
    "labelled",
    "paused",
    "recording",
    "start",
    "status",
    "stop",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'bototrail' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value
