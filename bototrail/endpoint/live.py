"""The events of the buckets that are served, kept up to date while the endpoint runs."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, NamedTuple

from bototrail.clock import monotonic
from bototrail.endpoint.keeper import Keeper
from bototrail.errors import MissingExtraError, ServiceError
from bototrail.history.history import DAYS
from bototrail.history.several import Histories
from bototrail.history.updating import Progress

if TYPE_CHECKING:
    from bototrail.endpoint.library import Place

PATIENCE: Final = 2.0
"""Seconds that a lookup waits at most for what is new."""

_END_SECONDS: Final = 3.0


class State(NamedTuple):
    """How far the history is, of all buckets.

    Attributes:
        indexing: how much of what is new has been read, while it is read; None when nothing is.
        ready: whether all buckets have been read once, so that nothing is missing but what has just come.
        files: log files that are known.
        events: events in them.
        problems: files that were skipped, whole or partly, by folder or URL and key, and why.
        failures: folders and URLs of buckets that cannot be read now, and why.
    """

    indexing: Progress | None
    ready: bool
    files: int
    events: int
    problems: tuple[tuple[str, str], ...]
    failures: tuple[tuple[str, str], ...]


class Live:
    """The events of the buckets that are served, from `start` to `close`.

    Lookups are answered from what is known, also while a large bucket is read for the first time.

    Args:
        places: the buckets; those that are there another time are taken in, too. A folder may not be there yet.
        days: how far back.
        state: the state directory of recorders on this machine, None to leave out what waits there.
        cache: the cache directory, None for the default one.

    Attributes:
        hangs: whether something that waits for a network did not end when it was told to.
    """

    def __init__(
        self, places: Iterable[Place], *, days: int = DAYS, state: Path | None = None, cache: Path | None = None
    ) -> None:
        self._places, self.days, self._state, self._cache = places, days, state, cache
        self._keepers: dict[str, Keeper] = {}
        self._lock = threading.Lock()
        self._runs = False
        self.hangs = False

    def start(self) -> None:
        """Begin to read."""
        self._runs = True
        self._all()

    def close(self) -> None:
        """End, in a few seconds at most; what was read stays in the index. See `hangs` then."""
        with self._lock:
            self._runs = False
            keepers = list(self._keepers.values())
        until = monotonic() + _END_SECONDS
        for keeper in keepers:
            keeper.end()
        for keeper in keepers:
            self.hangs |= not keeper.close(until - monotonic())

    def __enter__(self) -> Live:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def history(self) -> Histories:
        """The events that are known; to find those of this moment, `catch_up` first. It is not to be closed."""
        return Histories([keeper.history for keeper in self._all() if keeper.history is not None])

    def catch_up(self, seconds: float = PATIENCE) -> None:
        """Wait until what was there when this was called can be found, if that does not take too long."""
        until = monotonic() + seconds
        keepers = self._all()
        for keeper in keepers:
            keeper.ask()
        for keeper in keepers:
            keeper.wait(until, seconds)

    def check(self) -> None:
        """See whether there is anything to look up in.

        Raises:
            ServiceError: none of the buckets could ever be read.
        """
        keepers = self._all()
        failures = [keeper.failure for keeper in keepers if keeper.failure and not keeper.has_any]
        if not failures or len(failures) < len(keepers):
            return
        for failure in failures:
            if isinstance(failure, MissingExtraError):
                raise ServiceError("UnsupportedOperationException", str(failure))
        message = "The events cannot be read; why, the endpoint's own output tells."
        raise ServiceError("InternalFailure", message, 500)

    def state(self) -> State:
        """How far it is."""
        keepers = self._all()
        totals = [keeper.totals for keeper in keepers]
        reading = [keeper.progress for keeper in keepers if keeper.progress is not None]
        return State(
            Progress(*map(sum, zip(*reading, strict=True))) if reading else None,
            all(keeper.is_read for keeper in keepers),
            sum(files for files, _ in totals),
            sum(events for _, events in totals),
            tuple(problem for keeper in keepers for problem in keeper.problems),
            tuple((keeper.location, str(keeper.failure)) for keeper in keepers if keeper.failure),
        )

    def _all(self) -> list[Keeper]:
        with self._lock:
            for place in self._places if self._runs else ():
                if place.address not in self._keepers:
                    self._keepers[place.address] = Keeper(place, self.days, self._state, self._cache)
            return list(self._keepers.values())
