"""The events of several buckets, looked up as if they were in one."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from types import TracebackType
from typing import Final, TypeVar

from bototrail.errors import BototrailError
from bototrail.history.event import Cursor, Event, Stored
from bototrail.history.filters import Filter
from bototrail.history.history import History
from bototrail.history.paging import paged
from bototrail.history.updating import Progress, Updated

_MORE_VALUES: Final = (
    1_000  # asked of each bucket, so that what is rare in one of them and frequent in others is counted
)

_Event = TypeVar("_Event", Event, Stored)


class Histories:
    """The events of several buckets; see `History`, which has the same methods.

    Args:
        histories: one a bucket, in any number. They are closed with it.
    """

    def __init__(self, histories: Sequence[History]) -> None:
        self.histories = tuple(histories)

    def __enter__(self) -> Histories:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back."""
        for history in self.histories:
            history.close()

    # ---- what there is
    def refresh(self, report: Callable[[Progress], None] | None = None, stop: threading.Event | None = None) -> Updated:
        """Take in what is new, one bucket after the other; one that fails hides no other.

        Args:
            report: told how far it is, of all buckets so far.
            stop: ends it early; what was taken in stays.

        Raises:
            BucketError: a bucket cannot be listed.
            ConfigError: an index cannot be written.
        """
        done, failure = Updated(), None
        for history in self.histories:
            if stop is not None and stop.is_set():
                break
            try:
                more = history.refresh(_onto(done, report), stop)
            except BototrailError as error:
                failure = failure or error
                continue
            problems = tuple((_within(history, key), why) for key, why in more.problems)
            records, busy = done.records + more.records, done.busy or more.busy
            done = Updated(done.files + more.files, records, done.problems + problems, busy)
        if failure is not None:
            raise failure
        return done

    def tidy(self) -> bool:
        """Merge small parts of the indexes; gives whether there were any."""
        merged = [history.tidy() for history in self.histories]
        return any(merged)

    def totals(self) -> tuple[int, int]:
        """How many log files the indexes know, and how many events."""
        found = [history.totals() for history in self.histories]
        return sum(files for files, _ in found), sum(events for _, events in found)

    def problems(self) -> list[tuple[str, str]]:
        """Log files that were skipped, whole or partly, by folder or URL and key, and why."""
        return [(_within(history, key), why) for history in self.histories for key, why in history.problems()]

    def version(self) -> str:
        """Another one as soon as lookups can have other results."""
        return hashlib.sha256("".join(history.version() for history in self.histories).encode()).hexdigest()[:16]

    # ---- lookups
    def events(
        self, query: Filter, limit: int = 50, *, after: Cursor | None = None, reverse: bool = False
    ) -> list[Event]:
        """The newest events that a filter wants; an event in several buckets is one. See `History.events`."""
        found = (history.events(query, limit, after=after, reverse=reverse) for history in self.histories)
        return _together(found, limit, reverse=reverse)

    def stored(self, query: Filter, limit: int, *, after: Cursor | None = None, reverse: bool = False) -> list[Stored]:
        """The same as they stand in the index; see `History.stored`."""
        found = (history.stored(query, limit, after=after, reverse=reverse) for history in self.histories)
        return _together(found, limit, reverse=reverse)

    def every(self, query: Filter, *, reverse: bool = False) -> Iterator[Event]:
        """All events that a filter wants, read as they are taken."""
        return paged(partial(self.events, query, reverse=reverse), self.page_size())

    def every_stored(self, query: Filter, *, reverse: bool = False) -> Iterator[Stored]:
        """The same as they stand in the index."""
        return paged(partial(self.stored, query, reverse=reverse), self.page_size())

    def page_size(self) -> int:
        """How many events are read at a time, when all are."""
        pages = [history.page_size() for history in self.histories]
        return max(1, min(pages, default=1) // max(len(pages), 1))

    def event(self, event_id: str) -> Event | None:
        """The event of an eventID."""
        return next((event for history in self.histories if (event := history.event(event_id)) is not None), None)

    def count(self, query: Filter) -> int:
        """How many events a filter wants; an event in two buckets counts twice."""
        return sum(history.count(query) for history in self.histories)

    def extent(self, query: Filter) -> tuple[int, int] | None:
        """When the first and the last of the events were that a filter wants; see `History.extent`."""
        found = [each for each in (history.extent(query) for history in self.histories) if each is not None]
        return (min(first for first, _ in found), max(last for _, last in found)) if found else None

    def values(self, query: Filter, field: str, limit: int = 20) -> list[tuple[str, int]]:
        """The values of a field that most events have which a filter wants, and how many have it.

        Of several buckets, values that are rare in each of them may be counted too low.
        """
        if len(self.histories) == 1:
            return self.histories[0].values(query, field, limit)
        found = Counter[str]()
        for history in self.histories:
            found.update(dict(history.values(query, field, limit + _MORE_VALUES)))
        return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:limit]

    def timeline(self, query: Filter, width: int, field: str = "eventSource") -> list[tuple[int, str, int, int]]:
        """How many events there are in each stretch of time, by a field's value; see `Engine.timeline`."""
        found: dict[tuple[int, str], tuple[int, int]] = {}
        for history in self.histories:
            for start, value, events, failed in history.timeline(query, width, field):
                before = found.get((start, value), (0, 0))
                found[start, value] = before[0] + events, before[1] + failed
        return [(*place, *counts) for place, counts in found.items()]


def _together(some: Iterable[list[_Event]], limit: int, *, reverse: bool) -> list[_Event]:
    """The first of what several buckets have, each once."""
    found: dict[Cursor, _Event] = {}
    for each in some:
        for event in each:
            found.setdefault(event.cursor, event)
    return [found[place] for place in sorted(found, reverse=not reverse)[:limit]]


def _within(history: History, key: str) -> str:
    return f"{history.location.rstrip('/')}/{key}"


def _onto(done: Updated, report: Callable[[Progress], None] | None) -> Callable[[Progress], None] | None:
    """Reports what comes on top of what is done."""
    if report is None:
        return None
    files, records = done.files, done.records
    return lambda more: report(Progress(files + more.files, files + more.of, records + more.records))
