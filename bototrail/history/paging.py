"""All events of a lookup, page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, Protocol, TypeVar

from bototrail.history.event import Cursor

_FIRST: Final = 2_000  # events of the first page, so that it comes at once


class _Placed(Protocol):
    @property
    def cursor(self) -> Cursor: ...


_Event = TypeVar("_Event", bound=_Placed)


def paged(lookup: Callable[..., list[_Event]], most: int) -> Iterator[_Event]:
    """What a lookup finds, read as it is taken.

    Args:
        lookup: takes `limit` and `after`.
        most: events of a page.
    """
    size, after = min(_FIRST, most), None
    while page := lookup(limit=size, after=after):
        yield from page
        if len(page) < size:
            return
        after, size = page[-1].cursor, most
