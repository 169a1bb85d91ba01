"""The history of a bucket: its events, looked up by filters."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

from bototrail.clock import now
from bototrail.history.arrivals import Arrivals
from bototrail.history.catalogue import Part
from bototrail.history.event import Cursor, Event, Stored
from bototrail.history.filters import Filter, is_exactly
from bototrail.history.finding import Search
from bototrail.history.index import Index
from bototrail.history.locations import name_of
from bototrail.history.paging import paged
from bototrail.history.parts import BYTES
from bototrail.history.tidying import tidy
from bototrail.history.updating import Progress, Updated, Updater
from bototrail.history.waiting import Waiting
from bototrail.settings import bucket_location, default_cache
from bototrail.store import open_store

DAYS: Final = 90
"""Days that lookups reach back, as AWS's event history does. [LookupEvents in CloudTrail's API reference]"""

_LEAST, _MOST = 200, 20_000  # events that are read at a time
_REMEMBERED: Final = 256
_Result = TypeVar("_Result")


class History:
    """The events of a bucket, and those that wait for their delivery to it.

    Threads may use it at a time, and any number of processes; of those, one at a time takes in what is new. The bucket
    is only ever read.

    Args:
        location: folder or URL of the bucket, as for recording.
        days: how far back, at most.
        state: the state directory of recorders on this machine, None to leave out what waits there.
        cache: the cache directory, None for the default one.

    Raises:
        ConfigError: the bucket, or the cache directory, cannot be used.
        BucketError: it may not be read.
        MissingExtraError: a package is not installed.
    """

    def __init__(
        self,
        location: str | os.PathLike[str],
        *,
        days: int = DAYS,
        state: Path | None = None,
        cache: Path | None = None,
    ) -> None:
        text = bucket_location(location)
        store = open_store(text)
        self.location = store.location
        self.days = days
        folder = (cache or default_cache()).expanduser().absolute() / f"history-{name_of(text)}"
        self._index = Index(folder, Waiting(state, text) if state is not None else None)
        self._catalogue, self._engine, self._recent = self._index.catalogue, self._index.engine, self._index.recent
        self._updater = Updater(store, text, self._catalogue, days)
        self._folders = self._recent.folders
        self._folders[""] = self._catalogue.parts_folder
        self._lock = threading.Lock()
        self._results: dict[Any, Any] = {}

    def __enter__(self) -> History:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give everything back."""
        self._engine.close()
        self._recent.close()

    # ---- what there is
    def refresh(
        self,
        report: Callable[[Progress], None] | None = None,
        stop: threading.Event | None = None,
        *,
        delivered: bool = True,
    ) -> Updated:
        """Take in what is new in the bucket and in the spool.

        What waits is read first: what is delivered in between is then found twice rather than not at all.

        Args:
            report: told how far it is.
            stop: ends it early; what was taken in stays.
            delivered: whether the bucket is looked at, or the spool alone.

        Raises:
            BucketError: the bucket cannot be listed.
            ConfigError: the index cannot be written.
        """
        with self._lock:
            self._recent.look()
            complete = False
            try:
                done = self._index.used(partial(self._updater.update, report, stop)) if delivered else Updated()
                complete = delivered and not done.busy and not (stop is not None and stop.is_set())
            finally:  # what waits is shown even when the bucket cannot be reached
                self._index.used(partial(self._settle, complete=complete))
            return done

    def _settle(self, *, complete: bool) -> None:
        index = ",".join(sorted(part.name for part in self._catalogue.parts()))
        self._recent.settle(index, self._known, complete=complete)

    def busy(self) -> bool:
        """Whether another process takes something in, just now."""
        with self._catalogue.writing(wait=False) as mine:
            return not mine

    def tidy(self) -> bool:
        """Merge small parts of the index, if there are many; for when there is time. Gives whether there were."""
        return self._index.used(partial(tidy, self._catalogue))

    def prepare(self) -> None:
        """Find out which events of new parts were delivered twice, as the next count would; for when there is time."""
        self._asked(lambda parts: self._engine.doubles(parts, self._folders))

    def totals(self) -> tuple[int, int]:
        """How many log files the index knows, and how many events."""
        return self._index.used(self._catalogue.counts)

    def problems(self) -> list[tuple[str, str]]:
        """Keys of log files that were skipped, whole or partly, and why."""
        return self._index.used(self._catalogue.problems)

    def version(self) -> str:
        """Another one as soon as lookups can have other results."""
        names = sorted(part.name for part in self._parts())
        return hashlib.sha256("".join(names).encode()).hexdigest()[:16]

    # ---- lookups
    def events(
        self, query: Filter, limit: int = 50, *, after: Cursor | None = None, reverse: bool = False
    ) -> list[Event]:
        """The newest events that a filter wants; delivered twice, an event is one.

        Args:
            query: which events.
            limit: at most so many.
            after: only those behind this one, `Event.cursor` of the last one for the next page.
            reverse: whether the oldest come first.

        Raises:
            BucketError: the index cannot be read, nor made anew.
        """
        search = Search(self._folders, self._within(query), limit, after, reverse)
        return self._asked(lambda parts: self._engine.newest(parts, search))

    def stored(self, query: Filter, limit: int, *, after: Cursor | None = None, reverse: bool = False) -> list[Stored]:
        """The same events as `events` finds, as they stand in the index: much quicker, when nothing else is wanted."""
        search = Search(self._folders, self._within(query), limit, after, reverse)
        return self._asked(lambda parts: self._engine.stored(parts, search))

    def every(self, query: Filter, *, reverse: bool = False) -> Iterator[Event]:
        """All events that a filter wants, read as they are taken."""
        return paged(partial(self.events, query, reverse=reverse), self.page_size())

    def every_stored(self, query: Filter, *, reverse: bool = False) -> Iterator[Stored]:
        """The same as they stand in the index."""
        return paged(partial(self.stored, query, reverse=reverse), self.page_size())

    def page_size(self) -> int:
        """How many events are read at a time, when all are: records may be large."""
        parts = self._parts()
        rows, size = sum(part.rows for part in parts), sum(part.bytes for part in parts)
        return max(_LEAST, min(_MOST, BYTES * rows // max(size, 1)))

    def arrivals(self, query: Filter) -> Arrivals:
        """For those who follow: the events that a filter wants, as they come."""
        return Arrivals(self._asked, self._engine, self._folders, query)

    def event(self, event_id: str) -> Event | None:
        """The event of an eventID."""
        found = self.events(Filter((is_exactly("eventID", event_id),)), 1)
        return found[0] if found else None

    def count(self, query: Filter) -> int:
        """How many events a filter wants; delivered twice, an event counts once."""
        wanted = self._within(query)
        return self._remembered(("count", query), lambda parts: self._engine.count(parts, self._folders, wanted))

    def extent(self, query: Filter) -> tuple[int, int] | None:
        """When the first and the last of the events were that a filter wants, seconds since 1970; None without any."""
        wanted = self._within(query)
        return self._remembered(("extent", query), lambda parts: self._engine.extent(parts, self._folders, wanted))

    def values(self, query: Filter, field: str, limit: int = 20) -> list[tuple[str, int]]:
        """The values of a field that most events have which a filter wants, and how many have it.

        Args:
            query: which events.
            field: a `Column.field`.
            limit: at most so many values.
        """
        wanted = self._within(query)
        return self._remembered(
            ("values", query, field, limit),
            lambda parts: self._engine.values(parts, self._folders, wanted, field, limit),
        )

    def timeline(self, query: Filter, width: int, field: str = "eventSource") -> list[tuple[int, str, int, int]]:
        """How many events there are in each stretch of time, by a field's value; see `Engine.timeline`."""
        wanted = self._within(query)
        return self._remembered(
            ("timeline", query, width, field),
            lambda parts: self._engine.timeline(parts, self._folders, wanted, width, field),
        )

    # ---- how
    def _within(self, query: Filter) -> Filter:
        """A filter that reaches back no further than lookups do."""
        since = int(now()) - self.days * 86_400
        return query.within(max(query.start or 0, since), query.end)

    def _parts(self) -> list[Part]:
        newest = self._recent.part
        return [*self._index.used(self._catalogue.parts), *([newest] if newest is not None else [])]

    def _known(self, ids: Sequence[str]) -> set[str]:
        """Which of these eventIDs are in the index."""

        def ask(parts: list[Part]) -> set[str]:
            return set(self._engine.known(parts, self._folders, ids)) if parts and ids else set()

        return self._index.asked(ask, self._updater.update, own=False)

    def _remembered(self, key: tuple[Any, ...], ask: Callable[[list[Part]], _Result]) -> _Result:
        """A result, from before if nothing has changed; the time that lookups reach back to may be a minute old."""
        whole = (self.version(), int(now()) // 60, *key)
        found: list[_Result] | None = self._results.get(whole)
        if found is None:
            found = [self._asked(ask)]
            if len(self._results) >= _REMEMBERED:
                self._results.clear()
            self._results[whole] = found
        return found[0]

    def _asked(self, question: Callable[[list[Part]], _Result]) -> _Result:
        """What a question gives; see `Index.asked`."""
        return self._index.asked(question, self._updater.update)
