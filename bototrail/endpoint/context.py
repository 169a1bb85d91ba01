"""What an operation of the endpoint answers from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bototrail.endpoint.library import Library


@dataclass(frozen=True, repr=False)
class Context:
    """What an operation answers from.

    Attributes:
        library: what is served.
        region: the region that the client signed for; empty when it did not say.
    """

    library: Library
    region: str = ""


Operation = Callable[[dict[str, Any], Context], dict[str, Any]]
"""Takes the members of a request, checked, and gives those of the answer; times are seconds since 1970 in both.

What is refused is raised as a `ServiceError`.
"""
