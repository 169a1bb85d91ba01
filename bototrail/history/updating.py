"""Bringing an index up to date with its bucket."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Final, NamedTuple

from bototrail.clock import now
from bototrail.errors import BucketError
from bototrail.history.catalogue import Catalogue
from bototrail.history.listing import Found, Listing, Load
from bototrail.history.taking import Taken, Taker
from bototrail.history.tidying import sweep
from bototrail.history.worker import Crew
from bototrail.store import Store
from bototrail.store.folder import FolderStore

_FEW_BYTES: Final = 4 * 1024 * 1024  # which take no longer here than it takes to start a process
_DAY: Final = 86_400
_ASKED_SECONDS: Final = 7 * _DAY
_RETRY_SECONDS: Final = 60


class Progress(NamedTuple):
    """How far an update is.

    Attributes:
        files: taken in.
        of: files to take in.
        records: taken in.
    """

    files: int
    of: int
    records: int


class Updated(NamedTuple):
    """What an update did.

    Attributes:
        files: log files that were looked at.
        records: events of theirs.
        problems: files that were skipped, whole or partly, and why; each is named when it is found.
        busy: whether another process is at it, so that nothing was done.
    """

    files: int = 0
    records: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    busy: bool = False


class Updater:
    """Brings an index up to date.

    Args:
        store: the bucket.
        location: with which other processes open it.
        catalogue: the index.
        days: how far back.
    """

    def __init__(self, store: Store, location: str, catalogue: Catalogue, days: int) -> None:
        self._store, self._location, self._catalogue, self._days = store, location, catalogue, days
        self._retried = float("-inf")

    def update(self, report: Callable[[Progress], None] | None = None, stop: threading.Event | None = None) -> Updated:
        """Take in what is new.

        Args:
            report: told how far it is.
            stop: ends it early; what was taken in stays.

        Raises:
            BucketError: the bucket cannot be listed, or does not answer any more.
            OSError: the index cannot be written.
        """
        with self._catalogue.writing(wait=not self._catalogue.parts(), stop=stop) as mine:
            return self._update(report, stop) if mine else Updated(busy=True)

    def _update(self, report: Callable[[Progress], None] | None, stop: threading.Event | None) -> Updated:
        time, notes = now(), self._catalogue.notes()
        days, covered = self._kept(notes, time)
        since = int(time) - days * 86_400
        self._catalogue.expire(since)
        sweep(self._catalogue, time)
        found = self._found(notes, days, time, wider=days > covered)
        tally = Tally(report, [*found.loads, *found.rest], dict(self._catalogue.problems()))
        done = self._take_in(found.loads, since, tally, stop)
        if done and found.rest and tally.could_read(found.unread):
            done = self._take_in(found.rest, since, tally, stop)
        if done and notes.get("covered") != str(days):
            self._catalogue.write_notes(covered=days)
        return tally.updated()

    def _kept(self, notes: Mapping[str, str], time: float) -> tuple[int, int]:
        """How many days are kept: as many as anybody has asked for within a week; and how many are there already.

        Who looks at one day of events must not have those of ninety thrown away.
        """
        asked = {int(name[5:]): float(value) for name, value in notes.items() if name.startswith("days ")}
        if time - asked.get(self._days, 0.0) > _DAY:
            self._catalogue.write_notes(**{f"days {self._days}": time})
        days = max([self._days, *(each for each, last in asked.items() if time - last < _ASKED_SECONDS)])
        covered = int(notes.get("covered", days))
        if days < covered:  # what is too old now goes at once
            self._catalogue.write_notes(covered=days)
        return days, covered

    def _found(self, notes: Mapping[str, str], days: int, time: float, *, wider: bool) -> Found:
        retry = time - self._retried > _RETRY_SECONDS
        if retry:
            self._retried = time
        known = self._catalogue.files()
        listing = Listing(self._store, known, days, time, retry=retry)
        found, whole = listing.found(float(notes.get("listed", 0)), wider=wider)
        if whole and not isinstance(self._store, FolderStore):
            self._catalogue.write_notes(listed=time)
        if found.gone:
            self._catalogue.forget_files(found.gone)
        return found

    def _take_in(self, loads: Sequence[Load], since: int, tally: Tally, stop: threading.Event | None) -> bool:
        """Take log files in; gives whether it was all."""
        with closing(self._taken(loads, since)) as results:
            for load, taken in zip(loads, results, strict=False):  # and not one more
                if not (load.instead and taken.silence):  # else its events would be missing
                    self._catalogue.add(taken.parts, taken.files, load.instead)
                    tally.add(taken)
                if taken.silence:
                    raise BucketError(self._store.location, taken.silence)
                if stop is not None and stop.is_set():
                    return False
        return True

    def _taken(self, loads: Sequence[Load], since: int) -> Generator[Taken, None, None]:
        """What comes of log files, in their order: here when they are few, else in processes."""
        crew = self._crew(loads, since)
        if crew is None:
            taker = Taker(self._store, self._catalogue.parts_folder, since)
            for load in loads:
                yield taker.take(load.keys)
        else:
            with crew:
                yield from crew.taken(load.keys for load in loads)

    def _crew(self, loads: Sequence[Load], since: int) -> Crew | None:
        shared = isinstance(self._store, FolderStore) or self._location.startswith("s3://")
        workers = min(len(loads), os.cpu_count() or 1)
        if not shared or workers < 2 or sum(load.bytes for load in loads) <= _FEW_BYTES:
            return None
        try:
            return Crew(workers, self._location, self._catalogue.parts_folder, since)
        except OSError:  # it takes longer without
            return None


class Tally:
    """Counts what an update does.

    Args:
        report: told how far it is.
        loads: what there is to do.
        said: problems that were named before.
    """

    def __init__(
        self, report: Callable[[Progress], None] | None, loads: Iterable[Load], said: Mapping[str, str]
    ) -> None:
        self._report, self._said = report, said
        self._of = sum(len(load.keys) for load in loads)
        self._files = self._records = 0
        self._problems: list[tuple[str, str]] = []
        self._read: set[str] = set()

    def add(self, taken: Taken) -> None:
        """Count what was taken in."""
        self._files += len(taken.files)
        self._records += sum(file.records for file in taken.files)
        self._read.update(file.key for file in taken.files if file.tag)
        problems = ((file.key, file.problem) for file in taken.files if file.problem)
        self._problems += [(key, why) for key, why in problems if self._said.get(key) != why]
        if self._report is not None:
            self._report(Progress(self._files, self._of, self._records))

    def could_read(self, keys: Iterable[str]) -> bool:
        """Whether one of some files could be read."""
        return not self._read.isdisjoint(keys)

    def updated(self) -> Updated:
        """All of it."""
        return Updated(self._files, self._records, tuple(self._problems))
