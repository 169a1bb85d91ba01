"""What all destinations of a trail have in common."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar, NamedTuple

from bototrail.deliver.logfile import Read
from bototrail.deliver.parcel import DONE, NOTHING, Parcel
from bototrail.errors import BototrailError
from bototrail.record.identity import Identities
from bototrail.trails import Trail


class Delivered(NamedTuple):
    """A log file that is in its bucket.

    Attributes:
        location: its path or URL.
        records: how many records it holds.
    """

    location: str
    records: int


class Attempt(NamedTuple):
    """What came of one destination in one round.

    Attributes:
        trail: the trail.
        kind: which of its destinations, as GetTrailStatus calls it: `Delivery`, `Notification`,
            `CloudWatchLogsDelivery`, `DigestDelivery`; and our own `EventBridgeDelivery`.
        time: when it ended, seconds since 1970.
        error: what went wrong, None when nothing did.
    """

    trail: Trail
    kind: str
    time: float
    error: BototrailError | None


@dataclass(eq=False, repr=False)
class Report:
    """What one round of delivery did.

    Attributes:
        files: the log files that are in their buckets now.
        errors: what went wrong, a text for each destination or segment; all of it will be tried again.
        attempts: what came of each destination that there was something for.
        waiting: segments that are still in the spool, or entries of a round in memory.
        torn: lines that a crash had cut short, skipped.
        expired: records given up because they had waited longer than `spool_days`.
        unsent: records that a destination beside the bucket does not take (larger than 256 KB, refused for good), or
            that were given up for it because they had waited too long.
        damaged: segments that could not be read whole, set aside.
        alive: process folders whose owner still runs, and delivers for itself.
        under_way: couriers that take longer than the round has waited for them.
    """

    files: list[Delivered] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    attempts: list[Attempt] = field(default_factory=list)
    waiting: int = 0
    torn: int = 0
    expired: int = 0
    unsent: int = 0
    damaged: list[Path] = field(default_factory=list)
    alive: list[str] = field(default_factory=list)
    under_way: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _counted: Counter[str] = field(default_factory=Counter)

    @property
    def records(self) -> int:
        """How many records were delivered."""
        return sum(f.records for f in self.files)

    def complain(self, text: str) -> None:
        """Keep what went wrong, once."""
        with self._lock:
            if text not in self.errors:
                self.errors.append(text)

    def take(self, other: Report) -> None:
        """Take in the report of a courier; what of it is written down already stays so."""
        self.files += other.files
        self.attempts += other.attempts
        self.unsent += other.unsent
        self._counted += other._counted
        for text in other.errors:
            self.complain(text)

    def uncounted(self) -> tuple[dict[str, int], list[Attempt]]:
        """What has come since this was last asked: numbers for the totals, and attempts."""
        files, attempts = list(self.files), list(self.attempts)
        counts = Counter(
            delivered=sum(f.records for f in files),
            files=len(files),
            dropped=self.expired,
            unsent=self.unsent,
            torn=self.torn,
            damaged=len(self.damaged),
            attempts=len(attempts),
        )
        since = {name: count - self._counted[name] for name, count in counts.items()}
        self._counted = counts
        return since, attempts[len(attempts) - since.pop("attempts") :]

    def leave_out(self, records: int) -> None:
        """Count records that a destination will not get."""
        with self._lock:
            self.unsent += records


class Destination(ABC):
    """Somewhere a trail goes.

    Args:
        trail: the trail.

    Attributes:
        name: what its cursors are called.
        stop: set when the round is to end soon.
    """

    kind: ClassVar[str]

    def __init__(self, trail: Trail) -> None:
        self.trail, self.stop = trail, threading.Event()
        self.name = f"{self.kind}:{trail.Name}"

    @property
    @abstractmethod
    def place(self) -> str:
        """Where it is, for people."""

    @property
    def remote(self) -> bool:
        """Whether it is somewhere over a network."""
        return True

    @abstractmethod
    def send(self, parcel: Parcel, found: Read, book: Identities, report: Report) -> None:
        """Send what the parcel holds for it from its cursor on, and advance the cursor as it goes.

        Raises:
            DeliveryError: it cannot be reached, or says no; the rest waits.
        """

    def _position(self, parcel: Parcel) -> tuple[int, set[int]]:
        """Up to which piece of the parcel all are there, and which of those behind it are."""
        value = parcel.at(self.name)
        at, *ahead = value if isinstance(value, list) else [value]
        return at, set(ahead)

    def _mark(self, parcel: Parcel, at: int, ahead: set[int]) -> None:
        """Advance the cursor to such a position."""
        ahead = {number for number in ahead if number >= at}
        while at in ahead:
            ahead.remove(at)
            at += 1
        parcel.advance(self.name, [at, *sorted(ahead)] if ahead else at)

    def done(self, parcel: Parcel) -> bool:
        """Whether nothing of the parcel is left for it."""
        return parcel.at(self.name) in (DONE, NOTHING) or parcel.lacks(self.trail.Name)

    def ready(self, parcel: Parcel) -> bool:  # noqa: ARG002 most always are
        """Whether it may have the parcel already."""
        return True
