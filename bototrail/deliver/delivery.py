"""Sealed segments go to where their trails go; a segment is deleted when all of it is there."""

from __future__ import annotations

import contextlib
import math
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import orjson

from bototrail.clock import event_time, now
from bototrail.deliver.courier import Courier, Job, couriers_of
from bototrail.deliver.crew import Crew
from bototrail.deliver.destination import Destination, Report
from bototrail.deliver.ledger import Ledger
from bototrail.deliver.logfile import read
from bototrail.deliver.parcel import Parcel, SegmentParcel
from bototrail.deliver.totals import add_totals, note_attempts
from bototrail.record.identity import Identities
from bototrail.spool import Folder, folders, is_alive
from bototrail.spool.folder import waiting_bytes
from bototrail.trails import Trail, default_trail

_End = Callable[[SegmentParcel, Sequence[Trail], Report], bool]


class Delivery:
    """Delivers folders of the spool.

    Args:
        state: the state directory.
        identities: the book of callers.
        spool_days: how long a segment may wait before it is given up.
        fallback: bucket for records whose trails cannot be read.
        spool_bytes: how much may wait; half of it for destinations beside the buckets. None for whoever records nothing
            and needs no room.
    """

    def __init__(
        self,
        state: Path,
        identities: Identities,
        spool_days: float,
        fallback: str | None = None,
        spool_bytes: int | None = None,
    ) -> None:
        self.state = state
        self.identities = identities
        self.spool_days = spool_days
        self.fallback = fallback
        self.spool_bytes = spool_bytes
        self.after_fork_in_child()

    def after_fork_in_child(self) -> None:
        """The lock may be held by a thread that is not here, and a client's connections are the parent's."""
        self._one = threading.RLock()  # the background thread and a caller of flush() take turns
        self._counting = threading.Lock()
        self.ledger = Ledger(self.state)
        self._couriers: dict[bytes, list[Courier]] = {}
        self._crew = Crew(self._count)
        self._held: list[Folder] = []
        self._parcels: dict[Path, SegmentParcel] = {}
        self._heard: set[str] = set()
        self._job = self.job()

    def job(self, stop: threading.Event | None = None, *, patient: bool = False, until: float = math.inf) -> Job:
        """How a round is to be done.

        Args:
            stop: ends the round early when it is set.
            patient: leave destinations alone that failed a short while ago, or are under way still.
            until: when to wait for nobody any longer, on the clock of `monotonic`; couriers then go on by themselves.
        """
        return Job(self.identities, stop or threading.Event(), patient, until)

    def round(self, own: Folder | None = None, job: Job | None = None) -> Report:
        """Deliver this process's folder and those that dead processes left.

        Args:
            own: this process's folder.
            job: how; until all is done when it is left out.
        """
        report = Report()
        with self._one:
            self._job = job or self.job()
            theirs = [*self._held, *self._adopt(own, report)]
            try:
                self._deliver(own, theirs, report)
            finally:
                self._leave_all(theirs)
            self._count(report)
        return report

    def finish(self) -> None:
        """Wait for couriers that are under way, and keep no folder any longer."""
        with self._one:
            self._crew.gather(Report(), math.inf)
            self._leave_all(self._held)

    def batches(
        self,
        parcels: list[Parcel],
        trails: Sequence[Trail],
        job: Job | None = None,
        room: float = math.inf,
    ) -> Report:
        """Deliver entries straight from memory; what is delivered is taken off the list.

        Args:
            parcels: the entries.
            trails: the trails that they are for.
            job: how; until all is done when it is left out.
            room: bytes that may wait; what is in the buckets already is given up for them.
        """
        report = Report()
        with self._one:
            self._job = job or self.job()
            self._carry([(parcel, trails) for parcel in list(parcels)], report)
            for parcel in list(parcels):
                if self._finished(parcel, trails, report):
                    parcels.remove(parcel)
            excess = sum(parcel.size for parcel in parcels) - room
            for parcel in list(parcels):
                if excess > 0 and self._in_buckets(parcel, trails):
                    parcels.remove(parcel)
                    excess -= parcel.size
                    report.unsent += parcel.count(self._unsent(parcel, trails))
            report.waiting = len(parcels)
            self._count(report)
        return report

    def rests(self, trails: Sequence[Trail]) -> list[float]:
        """Seconds until each destination of the trails is worth another try; 0 for those that did not fail."""
        return [rest for trail in trails for courier in self._of(trail) for rest in courier.rests()]

    # ---- folders
    def _adopt(self, own: Folder | None, report: Report) -> list[Folder]:
        found = []
        for path in folders(self.state):
            if (own is not None and path == own.path) or self._job.stop.is_set():
                continue
            if (adopted := Folder.adopt(path)) is not None:
                found.append(adopted)
            elif is_alive(path):
                report.alive.append(path.name)
        return found

    def _leave_all(self, folders: list[Folder]) -> None:
        """Give folders up but those of which something is under way: else somebody else would send it, too."""
        carried = {id(p.folder) for p in self._crew.carried() if isinstance(p, SegmentParcel)}
        self._held = [folder for folder in folders if id(folder) in carried]
        for folder in folders:
            if id(folder) not in carried:
                self._leave(folder)

    def _leave(self, folder: Folder) -> None:
        with contextlib.suppress(OSError):
            counts = folder.read_json("counters.json", dict)
            if not folder.segments() and isinstance(dropped := counts.get("dropped"), int):
                add_totals(self.state, dropped=dropped)
        folder.leave()

    def _deliver(self, own: Folder | None, theirs: list[Folder], report: Report) -> None:
        load: list[tuple[SegmentParcel, Sequence[Trail]]] = []
        for folder in [*([own] if own is not None else []), *theirs]:
            try:
                load += self._load(folder)
                if folder is not own:
                    self._hear(folder)
            except OSError as error:  # noqa: PERF203 one folder must not hold up the others
                report.complain(str(error))
        # Kept for the next round: on a full disk they alone know how far they are, and some may be under way then.
        self._parcels = {parcel.segment.path: parcel for parcel, _ in load}
        self._carry(load, report)
        left = [job for job in load if not self._did(self._remove, *job, report)]
        # Only now: what was delivered has made room by itself.
        self._excess = 0 if self.spool_bytes is None else waiting_bytes(self.state) - self.spool_bytes // 2
        report.waiting += sum(not self._did(self._give_up, *job, report) for job in left)

    def _load(self, folder: Folder) -> list[tuple[SegmentParcel, Sequence[Trail]]]:
        """What is in a folder, and where it goes."""
        trails = folder.trails()
        known = {path: parcel for path, parcel in self._parcels.items() if parcel.folder is folder}
        parcels = [known.get(segment.path) or SegmentParcel(folder, segment) for segment in folder.segments()]
        return [(parcel, self._with_fallback(parcel, trails)) for parcel in parcels]

    def _with_fallback(self, parcel: SegmentParcel, trails: list[Trail]) -> list[Trail]:
        """The trails, and instead of those that cannot be read trails of their names that go to the fallback."""
        if not self.fallback:
            return trails
        parcel.read(self.identities)
        unknown = sorted(parcel.trails - {trail.Name for trail in trails})
        return [*trails, *(replace(default_trail(self.fallback), Name=name) for name in unknown)]

    def _hear(self, folder: Folder) -> None:
        """Take in who the callers are, of all segments: their owner may have learned it after records were sealed."""
        segments = folder.segments()
        for segment in segments if len(segments) > 1 else ():
            if segment.unique not in self._heard:
                self._heard.add(segment.unique)
                read(segment.callers(), self.identities)

    @staticmethod
    def _did(end: _End, parcel: SegmentParcel, trails: Sequence[Trail], report: Report) -> bool:
        try:
            return end(parcel, trails, report)
        except OSError as error:  # one segment must not hold up the others
            report.complain(str(error))
            return False

    # ---- parcels
    def _of(self, trail: Trail) -> list[Courier]:
        """The couriers of a trail, kept from round to round with their clients and their rests."""
        # One that was stopped is the same place to go to.
        key = orjson.dumps({**trail.to_dict(), "IsLogging": None}, option=orjson.OPT_SORT_KEYS)
        return self._couriers.get(key) or self._couriers.setdefault(key, couriers_of(trail, self.ledger))

    def _carry(self, load: Sequence[tuple[Parcel, Sequence[Trail]]], report: Report) -> None:
        """Give every courier what it has to deliver, and wait for them."""
        self._crew.gather(report)  # those of an earlier round that are back now
        loads: dict[Courier, list[Parcel]] = {}
        for parcel, trails in load:
            for courier in (courier for trail in trails for courier in self._of(trail)):
                if courier.wanted(parcel, self._job.patient):
                    loads.setdefault(courier, []).append(parcel)
        # Who waits for the round has a second run wait for the first one; more of them would only pile up.
        most = 0 if self._job.patient else 1
        free = {courier: parcels for courier, parcels in loads.items() if self._crew.runs(courier) <= most}
        self._crew.send(free, self._job)
        self._crew.gather(report, self._job.until)

    def _finished(self, parcel: Parcel, trails: Sequence[Trail], report: Report) -> bool:
        """Whether all of a parcel is where it goes."""
        if any(courier.wanted(parcel) for trail in trails for courier in self._of(trail)):
            return False
        if parcel.torn is None:
            parcel.read(self.identities)
        if unknown := sorted(parcel.trails - {trail.Name for trail in trails}):
            report.complain(
                f"expected a trail {unknown[0]} in the trails.json of {parcel.unique}; found none; "
                "say where its records go with bototrail flush --bucket"
            )
        return not unknown

    def _remove(self, parcel: SegmentParcel, trails: Sequence[Trail], report: Report) -> bool:
        """Remove a parcel if all of it is delivered."""
        if not self._finished(parcel, trails, report):
            return False
        torn = parcel.torn or 0
        if torn > 1 or (torn and not parcel.entries):
            report.damaged.append(parcel.set_aside())
        else:
            parcel.give_up()
        report.torn += torn  # counted when it is gone: else again in the next round
        return True

    def _give_up(self, parcel: SegmentParcel, trails: Sequence[Trail], report: Report) -> bool:
        """Give up what has waited too long; and, so that new records have room, what waits beside the buckets only."""
        if parcel in self._crew.carried():
            return False
        old, size = parcel.age > self.spool_days * 86400, parcel.size
        if not (old or (self._excess > 0 and self._in_buckets(parcel, trails))):
            return False
        lost, unsent = self._in_no_bucket(parcel, trails), self._unsent(parcel, trails)
        parcel.give_up()
        self._excess -= size
        report.expired += parcel.count(lost)
        report.unsent += parcel.count(unsent - lost)
        return True

    def _in_buckets(self, parcel: Parcel, trails: Sequence[Trail]) -> bool:
        """Whether all of a parcel is in the buckets of its trails."""
        return not self._in_no_bucket(parcel, trails)

    def _in_no_bucket(self, parcel: Parcel, trails: Sequence[Trail]) -> set[str]:
        """The trails whose buckets do not have all of a parcel."""
        if parcel.torn is None:
            parcel.read(self.identities)
        there = {trail.Name for trail in trails if all(d.done(parcel) for d in self._buckets(trail))}
        return parcel.trails - there

    def _unsent(self, parcel: Parcel, trails: Sequence[Trail]) -> set[str]:
        """The trails that have not sent all of a parcel to everywhere they go."""
        return {trail.Name for trail in trails if any(courier.wanted(parcel) for courier in self._of(trail))}

    def _buckets(self, trail: Trail) -> list[Destination]:
        return [d for courier in self._of(trail) for d in courier.destinations if d.kind == "Delivery"]

    def _count(self, report: Report) -> None:
        """Write down what has come of the round since it was last written down."""
        with self._counting, contextlib.suppress(OSError):
            counts, attempts = report.uncounted()
            last = {"last_delivery": event_time(now()), "last_file": report.files[-1].location} if report.files else {}
            if any(counts.values()):
                add_totals(self.state, **counts, **last)
            if attempts:
                note_attempts(self.state, attempts)
