"""Couriers: each carries parcels to destinations that come one after the other, such as a bucket and its topic."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from bototrail.capture.scope import paused
from bototrail.clock import monotonic, now
from bototrail.deliver.destination import Attempt, Destination, Report
from bototrail.deliver.ledger import Ledger
from bototrail.deliver.parcel import NOTHING, Parcel
from bototrail.deliver.to_bucket import ToBucket, ToTopic
from bototrail.errors import BototrailError, DeliveryError
from bototrail.record.failures import harmless
from bototrail.record.identity import Identities
from bototrail.trails import Trail

FIRST_REST: float = 1.0
LAST_REST: Final = 300.0
"""Seconds: rests between attempts grow from the one to the other, with jitter, without end."""

_jitter = Random()  # noqa: S311 of our own: the program may have seeded the common one


def couriers_of(trail: Trail, ledger: Ledger) -> list[Courier]:
    """The couriers of everywhere that a trail goes.

    Args:
        trail: the trail.
        ledger: where its log files are noted for digest files.
    """
    bucket = ToBucket(trail, ledger)
    made = [Courier([bucket, ToTopic(trail, bucket)] if trail.SnsTopicName else [bucket])]
    if trail.CloudWatchLogsLogGroupArn:
        from bototrail.deliver.to_logs import ToLogs  # programs without such trails need not import it

        made.append(Courier([ToLogs(trail)]))
    if trail.event_bridge is not None:
        from bototrail.deliver.to_event_bridge import ToEventBridge

        made.append(Courier([ToEventBridge(trail)]))
    return made


class Job(NamedTuple):
    """How a round is done.

    Attributes:
        identities: the book of callers.
        stop: ends it early when it is set.
        patient: whether destinations that failed a short while ago are left alone.
        until: when the round waits for nobody any longer, on the clock of `monotonic`.
    """

    identities: Identities
    stop: threading.Event
    patient: bool
    until: float


class Courier:
    """Carries parcels to some of a trail's destinations, in the order of the parcels; each rests when it fails.

    Args:
        destinations: where to.
    """

    def __init__(self, destinations: Sequence[Destination]) -> None:
        self.destinations = destinations
        self._failures = dict.fromkeys(destinations, 0)
        self._again = dict.fromkeys(destinations, 0.0)
        self._one = threading.Lock()  # an earlier round's work may be under way still

    def wanted(self, parcel: Parcel, patient: bool = False) -> bool:
        """Whether something of the parcel is left for it, and if `patient`, for one that need not rest."""
        left = [d for d in self.destinations if not d.done(parcel)]
        return any(not self._rest(d) for d in left) if patient else bool(left)

    @property
    def risk(self) -> tuple[bool, int]:
        """How likely it is to hang; the least comes first: whether it goes over a network, and how often it failed."""
        return any(d.remote for d in self.destinations), max(self._failures.values())

    def rests(self) -> list[float]:
        """Seconds until each of its destinations is worth another try."""
        return [self._rest(destination) for destination in self.destinations]

    def _rest(self, destination: Destination) -> float:
        return max(0.0, self._again[destination] - monotonic())

    def deliver(self, parcels: list[Parcel], report: Report, job: Job) -> None:
        """Deliver what can be delivered; never raises."""
        try:
            with self._one, paused():
                for destination in self.destinations:
                    if not (job.patient and self._rest(destination)):
                        destination.stop = job.stop
                        self._deliver_to(destination, parcels, job.identities, report)
        except Exception as error:  # noqa: BLE001 in a thread of its own nobody else would hear of it
            report.complain(f"{type(error).__name__}: {error}")

    def _deliver_to(
        self, destination: Destination, parcels: list[Parcel], identities: Identities, report: Report
    ) -> None:
        tried, failure = False, None
        for parcel in parcels:
            if destination.done(parcel) or not destination.ready(parcel) or destination.stop.is_set():
                continue
            try:
                tried |= self._send(destination, parcel, identities, report)
            except BototrailError as error:
                tried, failure = True, error
                if not getattr(error, "denied", False):
                    break  # it is down: said once a round, not once a segment
            except Exception as error:  # noqa: BLE001 one bad segment must not hold up the others
                text = harmless(str(error) if isinstance(error, OSError) else f"{type(error).__name__}: {error}")
                tried, failure = True, DeliveryError(text, code=type(error).__name__)
                report.complain(text)
        if tried:
            self._note(destination, failure, report)

    @staticmethod
    def _send(destination: Destination, parcel: Parcel, identities: Identities, report: Report) -> bool:
        """Send a parcel; whether there was anything in it for the destination."""
        found = parcel.read(identities)
        if parcel.lacks(destination.trail.Name):
            parcel.advance(destination.name, NOTHING)
            return False
        book = parcel.pinned(found, identities)
        perhaps = True
        try:
            destination.send(parcel, found, book, report)
        except BototrailError as error:
            perhaps = getattr(error, "perhaps", False)
            raise
        finally:
            parcel.unpin(perhaps=perhaps)
        return True

    def _note(self, destination: Destination, failure: BototrailError | None, report: Report) -> None:
        report.attempts.append(Attempt(destination.trail, destination.kind, now(), failure))
        if failure is None:
            self._failures[destination], self._again[destination] = 0, 0.0
            return
        report.complain(str(failure))
        self._failures[destination] += 1
        longest = min(LAST_REST, FIRST_REST * float(1 << min(self._failures[destination] - 1, 10)))
        self._again[destination] = monotonic() + longest * _jitter.uniform(0.5, 1.0)
