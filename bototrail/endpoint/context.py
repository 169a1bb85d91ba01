"""What an operation of the endpoint answers from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bototrail.endpoint.library import Library
from bototrail.errors import ServiceError
from bototrail.history.several import Histories


@dataclass(frozen=True, repr=False)
class Context:
    """What an operation answers from.

    Attributes:
        library: what is served.
        region: the region that the client signed for; empty when it did not say.
    """

    library: Library
    region: str = ""

    def history(self, *, now: bool = False) -> Histories:
        """The events of all buckets.

        Args:
            now: whether to find what was called a moment ago.

        Raises:
            ServiceError: there are none to look up.
        """
        live = self.library.live
        if live is None:
            raise ServiceError("UnsupportedOperationException", "No events are looked up here.")
        if now:
            live.catch_up()
        live.check()
        return live.history


Operation = Callable[[dict[str, Any], Context], dict[str, Any]]
"""Takes the members of a request, checked, and gives those of the answer; times are seconds since 1970 in both.

What is refused is raised as a `ServiceError`.
"""
