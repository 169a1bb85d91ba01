"""Sealed segments become log files in buckets; a segment is deleted only when all of its log files are there."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bototrail.clock import event_id, event_time, minute, now
from bototrail.deliver.logfile import LogFile, Read, log_files, read
from bototrail.deliver.sinks import Bucket, open_bucket
from bototrail.deliver.totals import add_totals
from bototrail.errors import BototrailError
from bototrail.record.identity import Identities, Identity
from bototrail.spool import Entry, Folder, Segment, folders, is_alive
from bototrail.spool.entry import resolve
from bototrail.trails import Trail, default_trail

logger = logging.getLogger("bototrail")


@dataclass(frozen=True)
class Delivered:
    """A log file that is in its bucket.

    Attributes:
        location: its path or URL.
        records: how many records it holds.
    """

    location: str
    records: int


@dataclass(eq=False, repr=False)
class Report:
    """What one round of delivery did.

    Attributes:
        files: the log files that are in their buckets now.
        errors: what went wrong, a text for each trail or segment; all of it will be tried again.
        waiting: segments that are still in the spool.
        torn: lines that a crash had cut short, skipped.
        expired: records given up because they had waited longer than `spool_days`.
        damaged: segments without a readable line, set aside.
        alive: process folders whose owner still runs, and delivers for itself.
    """

    files: list[Delivered] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    waiting: int = 0
    torn: int = 0
    expired: int = 0
    damaged: list[Path] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records were delivered."""
        return sum(f.records for f in self.files)


@dataclass(eq=False, repr=False)
class Batch:
    """Entries that never reached the disk, with the names that their log files will have.

    Attributes:
        entries: the entries.
        unique: what the names of the log files are derived from.
        sealed: when they were taken, `YYYYMMDDTHHmmZ`.
        callers: who the callers are, since the first try.
    """

    entries: list[Entry]
    unique: str = field(default_factory=event_id)
    sealed: str = field(default_factory=lambda: minute(now()))
    callers: dict[str, Any] = field(default_factory=dict)


def pinned(callers: dict[str, Any]) -> Identities:
    """The book of a delivery that has begun."""
    book = Identities()
    for caller, identity in callers.items():
        book.put(caller, Identity.from_dict(identity))
    return book


class Delivery:
    """Delivers folders of the spool.

    Args:
        state: the state directory.
        identities: the book of callers.
        spool_days: how long a segment may wait before it is given up.
        fallback: bucket for folders whose list of trails cannot be read.
    """

    def __init__(self, state: Path, identities: Identities, spool_days: float, fallback: str | None = None) -> None:
        self.state = state
        self.identities = identities
        self.spool_days = spool_days
        self.fallback = fallback
        self._buckets: dict[str, Bucket] = {}
        self._down: set[str] = set()
        self._one = threading.RLock()  # the background thread and a caller of flush() take turns

    def after_fork_in_child(self) -> None:
        """The lock may be held by a thread that is not here, and a client's connections are the parent's."""
        self._one = threading.RLock()
        self._buckets.clear()

    def round(self, own: Folder | None = None, stop: threading.Event | None = None) -> Report:
        """Deliver this process's folder and those that dead processes left, until `stop` is set."""
        report = Report()
        with self._one:
            self._down.clear()
            if own is not None:
                self._folder(own, report, stop)
            for path in folders(self.state):
                if (own is not None and path == own.path) or (stop is not None and stop.is_set()):
                    continue
                if (adopted := Folder.adopt(path)) is not None:
                    self._adopted(adopted, report, stop)
                elif is_alive(path):
                    report.alive.append(path.name)
            if report.files or report.torn or report.expired or report.damaged:
                self._count(report)
        return report

    def batch(self, batch: Batch, trails: list[Trail]) -> Report:
        """Deliver entries straight from memory."""
        report = Report()
        with self._one:
            self._down.clear()
            try:
                found = read(batch.entries, self.identities)
                batch.callers = batch.callers or self._callers(found)
                for log_file in log_files(found, batch.unique, batch.sealed, pinned(batch.callers)):
                    report.files.append(self._put({t.Name: t for t in trails}[log_file.trail], log_file))
            except (BototrailError, OSError) as error:
                report.errors.append(str(error))
        return report

    def _adopted(self, folder: Folder, report: Report, stop: threading.Event | None) -> None:
        try:
            counts = folder.read_json("counters.json", dict)
            self._folder(folder, report, stop)
            if not folder.segments() and isinstance(dropped := counts.get("dropped"), int):
                add_totals(self.state, dropped=dropped)
        finally:
            folder.leave()

    def _folder(self, folder: Folder, report: Report, stop: threading.Event | None) -> None:
        trails = {t.Name: t for t in folder.trails()}
        if not trails and self.fallback:
            trails = {"default": default_trail(self.fallback)}
        for segment in folder.segments():
            if stop is not None and stop.is_set():
                report.waiting += 1
                continue
            try:
                self._segment(folder, segment, trails, report)
            except Exception as error:  # noqa: BLE001 one bad segment or store must not hold up the others
                known = isinstance(error, (BototrailError, OSError))
                text = str(error) if known else f"{type(error).__name__}: {error}"
                report.waiting += 1
                if text not in report.errors:
                    report.errors.append(text)
                self._expire(segment, report)

    def _segment(self, folder: Folder, segment: Segment, trails: dict[str, Trail], report: Report) -> None:
        found = read(segment.entries(), self.identities)
        report.torn += found.torn
        pin = segment.path.with_suffix(".callers")
        callers = folder.read_json(pin.name, dict)
        if (tried := bool(callers)) is False and (callers := self._callers(found)):
            folder.write_json(pin.name, callers)
        try:
            for log_file in log_files(found, segment.unique, segment.sealed, pinned(callers)):
                report.files.append(self._put(self._trail(log_file, trails, folder), log_file))
                tried = True
        except BototrailError as error:
            if not tried and not getattr(error, "perhaps", False):
                pin.unlink(missing_ok=True)  # nothing is there yet: they may still become known
            raise
        if found.torn > 1 or (found.torn and not found.entries):
            report.damaged.append(folder.set_aside(segment))
        else:
            segment.path.unlink()
        pin.unlink(missing_ok=True)

    def _callers(self, found: Read) -> dict[str, Any]:
        """Who the callers are that were not known when they called, as they will stay for this delivery.

        Their account is part of the log files' names: what is learned of them between two tries must not make others.
        """
        wanted = {h.caller for _, h in found.groups if h.mark is not None and h.caller is not None}
        return {caller: resolve(caller, self.identities).to_dict() for caller in sorted(wanted)}

    @staticmethod
    def _trail(log_file: LogFile, trails: dict[str, Trail], folder: Folder) -> Trail:
        trail = trails.get(log_file.trail)
        if trail is None:
            raise BototrailError(
                f"expected a trail {log_file.trail} in {folder.path / 'trails.json'}; found none; "
                "say where its records go with bototrail flush --bucket"
            )
        return trail

    def _put(self, trail: Trail, log_file: LogFile) -> Delivered:
        if trail.bucket in self._down:  # said once a round, not once a segment
            raise BototrailError(f"{trail.bucket} could not be reached, see above")
        try:
            bucket = self._buckets.get(trail.bucket)
            if bucket is None:
                bucket = self._buckets[trail.bucket] = open_bucket(trail.bucket)
            return Delivered(bucket.put(log_file.key, log_file.body), log_file.count)
        except BototrailError:
            self._down.add(trail.bucket)
            raise

    def _expire(self, segment: Segment, report: Report) -> None:
        with contextlib.suppress(OSError):
            if now() - segment.path.stat().st_mtime > self.spool_days * 86400:
                report.expired += sum(e is not None for e in segment.entries())
                segment.path.unlink()
                report.waiting -= 1

    def _count(self, report: Report) -> None:
        last = {"last_delivery": event_time(now()), "last_file": report.files[-1].location} if report.files else {}
        with contextlib.suppress(OSError):
            add_totals(
                self.state,
                delivered=report.records,
                files=len(report.files),
                dropped=report.expired,
                torn=report.torn,
                damaged=len(report.damaged),
                **last,
            )
