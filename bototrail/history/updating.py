"""Bringing an index up to date with its bucket."""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import ExitStack
from datetime import datetime, timedelta, timezone
from queue import SimpleQueue
from typing import Final, NamedTuple

from bototrail.clock import now
from bototrail.history.catalogue import Catalogue, File, Part
from bototrail.history.parts import ROWS, merge_parts
from bototrail.history.taking import Taken, Taker
from bototrail.history.worker import Worker
from bototrail.integrity.places import in_logs
from bototrail.store import Entry, Store
from bototrail.store.folder import FolderStore

_LOG: Final = re.compile(
    r"AWSLogs/(?:o-[a-z0-9]+/)?\d{12}/CloudTrail(?:-(?:Insight|NetworkActivity|Aggregated))?/[a-z0-9-]+"
    r"/(\d{4}/\d\d/\d\d)/[^/]+\.json(?:\.gz)?",
    re.ASCII,
)
_STAMP: Final = re.compile(r"_(\d{8}T\d{4}Z)")

MOST_BYTES: Final = 10 * 1024 * 1024
"""Bytes of log files, as they lie in the bucket, that are taken in at a time."""

_MOST_FILES: Final = 1_000
_FEW_BYTES: Final = 4 * 1024 * 1024  # which take no longer here than it takes to start a process
_FEW_FILES: Final = 5_000  # which are listed with a handful of requests
_MANY_ROOTS: Final = 20
_ALL_SECONDS: Final = 15 * 60  # after which everything is listed again
_SMALL: Final = 8  # parts, after which they are merged
_STOP_SECONDS: Final = 0.2  # until it is seen that there is to be an end
_KEPT_SECONDS: Final = 600  # for readers that have just begun


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
        files: log files that were taken in.
        records: events of theirs.
        problems: files that were skipped, whole or partly, and why.
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

    def since(self) -> int:
        """From when on events are kept, seconds since 1970."""
        return int(now()) - self._days * 86_400

    def update(self, report: Callable[[Progress], None] | None = None, stop: threading.Event | None = None) -> Updated:
        """Take in what is new.

        Args:
            report: told how far it is.
            stop: ends it early; what was taken in stays.

        Raises:
            BucketError: the bucket cannot be listed.
            OSError: the index cannot be written.
        """
        with self._catalogue.writing(wait=not self._catalogue.parts()) as mine:
            if not mine:
                return Updated(busy=True)
            self._begin()
            fresh = self._fresh()
            files, records, problems = 0, 0, list[tuple[str, str]]()
            for taken in self._taken(list(_loads(fresh)), sum(entry.size for entry in fresh), stop):
                self._catalogue.add(taken.parts, taken.files)
                files += len(taken.files)
                records += sum(file.records for file in taken.files)
                problems += [(file.key, file.problem) for file in taken.files if file.problem]
                if report is not None:
                    report(Progress(files, len(fresh), records))
                if stop is not None and stop.is_set():
                    break
            return Updated(files, records, tuple(problems))

    def _begin(self) -> None:
        if int(self._catalogue.note("days") or self._days) < self._days:
            self._catalogue.wipe()  # older events than any there are wanted now
        self._catalogue.write_note("days", str(self._days))
        self._catalogue.expire(self.since())
        self._sweep()

    def _fresh(self) -> list[Entry]:
        """Log files that are not in the index, in the order of their delivery."""
        known = self._catalogue.tags()
        first = (datetime.now(timezone.utc) - timedelta(days=self._days)).strftime("%Y/%m/%d")
        self._catalogue.forget_expired(key for key in known if not _is_wanted(key, first))
        found, whole = self._listed(known, first)
        entries = {entry.key: entry for entry in found}
        gone = [key for key in known if key not in entries and _is_wanted(key, first)] if whole else []
        changed = [key for key, entry in entries.items() if known.get(key, tag_of(entry)) != tag_of(entry)]
        if gone or changed:
            self._catalogue.forget_files([*gone, *changed])
            known = self._catalogue.tags()
        return sorted((entry for entry in entries.values() if entry.key not in known), key=_delivered)

    def _listed(self, known: dict[str, str], first: str) -> tuple[list[Entry], bool]:
        """Log files in the bucket from a day on, and whether these are all of them."""
        roots = {key.rsplit("/", 4)[0] for key in known}
        listed = float(self._catalogue.note("listed") or 0)
        began = time.time()
        if (
            isinstance(self._store, FolderStore)
            or len(known) < _FEW_FILES
            or len(roots) > _MANY_ROOTS
            or began - listed > _ALL_SECONDS
        ):
            found = [entry for entry in self._store.entries() if _is_wanted(entry.key, first)]
            self._catalogue.write_note("listed", str(began))
            return found, True
        return [entry for root in roots for entry in self._newest(root, known) if _is_wanted(entry.key, first)], False

    def _newest(self, root: str, known: dict[str, str]) -> Iterator[Entry]:
        """What was delivered to an account's region since the day before the last known delivery."""
        last = max(key[len(root) + 1 :][:10] for key in known if key.startswith(f"{root}/"))
        before = datetime.strptime(last, "%Y/%m/%d").replace(tzinfo=timezone.utc) - timedelta(days=1)
        yield from self._store.entries(f"{root}/", f"{root}/{before:%Y/%m/%d}")

    def _taken(self, loads: list[list[Entry]], size: int, stop: threading.Event | None) -> Iterator[Taken]:
        """What comes of log files, in any order: here when they are few, else in processes."""
        shared = isinstance(self._store, FolderStore) or self._location.startswith("s3://")
        workers = min(len(loads), os.cpu_count() or 1)
        if size <= _FEW_BYTES or workers < 2 or not shared:
            taker = Taker(self._store, self._catalogue.parts_folder, self.since())
            for load in loads:
                yield taker.take(_pairs(load))
        else:
            yield from self._by_workers(loads, workers, stop or threading.Event())

    def _by_workers(self, loads: list[list[Entry]], workers: int, stop: threading.Event) -> Iterator[Taken]:
        free: SimpleQueue[Worker] = SimpleQueue()

        def take(keys: list[tuple[str, str]]) -> Taken:
            worker = free.get()
            try:
                taken = worker.take(keys)
                if taken is None and not ended.is_set():
                    worker = stack.enter_context(self._worker())
            finally:
                free.put(worker)
            if taken is not None:
                return taken
            if ended.is_set():
                return Taken([], [])
            if len(keys) == 1:
                return Taken([], [File(*keys[0], problem="skipped: the process that read it died of it")])
            halves = take(keys[: len(keys) // 2]), take(keys[len(keys) // 2 :])
            return Taken(halves[0].parts + halves[1].parts, halves[0].files + halves[1].files)

        ended = threading.Event()
        with ExitStack() as stack:
            for _ in range(workers):
                free.put(stack.enter_context(self._worker()))
            pool = ThreadPoolExecutor(workers)
            stack.callback(pool.shutdown, wait=False, cancel_futures=True)
            stack.callback(ended.set)  # first of all: who dies now is not to be replaced
            waiting = {pool.submit(take, _pairs(load)) for load in loads}
            while waiting and not stop.is_set():
                done, waiting = wait(waiting, _STOP_SECONDS, FIRST_COMPLETED)
                yield from (each.result() for each in done)

    def _worker(self) -> Worker:
        return Worker(self._location, self._catalogue.parts_folder, self.since())

    def tidy(self) -> bool:
        """Merge parts that are small, if there are many; gives whether there were.

        Raises:
            OSError: the index cannot be written.
        """
        small = sorted((part for part in self._catalogue.parts() if part.rows < ROWS // 2), key=lambda part: part.last)
        if len(small) < _SMALL:
            return False
        with self._catalogue.writing(wait=False) as mine:
            if not mine:
                return False
            there = set(self._catalogue.parts())
            for group in _groups([part for part in small if part in there]):
                self._catalogue.merge(group, merge_parts(self._catalogue.parts_folder, group))
        return True

    def _sweep(self) -> None:
        """Remove files of parts that are in the catalogue no more, or were never finished."""
        used = {part.name for part in self._catalogue.parts()}
        for path in self._catalogue.parts_folder.iterdir():
            if path.name.partition(".")[0] not in used and time.time() - path.stat().st_mtime > _KEPT_SECONDS:
                path.unlink(missing_ok=True)


def tag_of(entry: Entry) -> str:
    """Tells the content of a log file from any other that may have its key."""
    return f"{entry.tag or entry.modified}-{entry.size}"


def _is_wanted(key: str, first: str) -> bool:
    # The folder is the day of delivery, and nothing is delivered before it was made.
    found = _LOG.fullmatch(in_logs(key))
    return found is not None and found[1] >= first


def _delivered(entry: Entry) -> tuple[str, str]:
    found = _STAMP.search(entry.key.rpartition("/")[2])
    day = "".join(in_logs(entry.key).split("/")[-4:-1])
    return (found[1] if found else day, entry.key)


def _pairs(load: Sequence[Entry]) -> list[tuple[str, str]]:
    return [(entry.key, tag_of(entry)) for entry in load]


def _loads(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """Log files in portions."""
    load, size = list[Entry](), 0
    for entry in entries:
        load.append(entry)
        size += entry.size
        if size >= MOST_BYTES or len(load) >= _MOST_FILES:
            yield load
            load, size = [], 0
    if load:
        yield load


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Small parts, neighbours in time, that make no more than a whole one together."""
    group, rows = list[Part](), 0
    for part in parts:
        if group and rows + part.rows > ROWS:
            if len(group) > 1:
                yield group
            group, rows = [], 0
        group.append(part)
        rows += part.rows
    if len(group) > 1:
        yield group
