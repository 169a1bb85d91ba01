"""Records as events on an EventBridge bus, as CloudTrail sends them (facts §7.3)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, Final

import orjson

from bototrail.deliver.clients import failed, make_client, options_for, patiently
from bototrail.deliver.destination import Destination, Report
from bototrail.deliver.logfile import Read, records_of
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities

DETAIL_TYPE: Final = "AWS API Call via CloudTrail"
VALIDATION: Final = "bototrail validation message"
SOURCE: Final = "aws.{service}"

# Limits of PutEvents. [EventBridge API reference, "Calculating PutEvents event entry size"; facts §7.3]
ENTRY_BYTES: Final = 256 * 1024 - 1  # "less than 256 KB"
BATCH_BYTES: Final = 256 * 1024 - 1
BATCH_ENTRIES: Final = 10
TIME_BYTES: Final = 14

# What will not change by itself in an entry that is refused for it.
_FOR_GOOD: Final = frozenset({"InvalidArgument", "InvalidEventDetail", "MalformedDetail", "ValidationException"})


Batch = dict[int, dict[str, Any]]
"""Entries of PutEvents by the number of their record."""


class ToEventBridge(Destination):
    """The bus that the trail names, in the trail's home region."""

    kind = "EventBridgeDelivery"

    @property
    def place(self) -> str:
        """See `Destination`."""
        return f"event bus {self._bus}"

    @property
    def _settings(self) -> dict[str, Any]:
        return dict(self.trail.event_bridge or {})

    @property
    def _bus(self) -> str:
        return str(self._settings.get("EventBusName") or "default")

    @functools.cached_property
    def _client(self) -> Any:
        region = self._bus.split(":")[3] if self._bus.startswith("arn:") else self.trail.HomeRegion
        return make_client("events", options_for(self.trail, "events"), region)

    def send(self, parcel: Parcel, found: Read, book: Identities, report: Report) -> None:
        """See `Destination`; the cursor counts records, and names those behind it that are sent already."""
        at, ahead = self._position(parcel)
        wanted = (
            (number, entry)
            for number, (_, _, record, taken) in enumerate(records_of(self.trail, found, book))
            if taken and number >= at and number not in ahead and (entry := self._entry(record)) is not None
        )
        for batch, large in _batches(wanted):
            if batch:
                self._send(batch, ahead, parcel, report)
                self._mark(parcel, max(batch) + 1, ahead)
            report.leave_out(large)
        parcel.advance(self.name, DONE)

    def validate(self) -> None:
        """Put an event that nobody waits for, to see whether the bus takes ours.

        Raises:
            DeliveryError: it does not.
        """
        entry = {"Source": self._source("cloudtrail"), "DetailType": VALIDATION, "Detail": "{}"}
        try:
            self._attempt({0: {**entry, "EventBusName": self._bus}}, Report())
        except DeliveryError:
            raise
        except Exception as error:
            raise failed(self.place, error) from error

    def _source(self, service: str) -> str:
        return str(self._settings.get("Source") or SOURCE).replace("{service}", service)

    def _entry(self, record: bytes) -> dict[str, Any] | None:
        """The entry of PutEvents for a record; None for one that does not go to the bus, empty for a broken one."""
        try:
            return self._made(record, orjson.loads(record))
        except (KeyError, TypeError, ValueError):  # it must not hold up the others for ever
            return {}

    def _made(self, record: bytes, event: dict[str, Any]) -> dict[str, Any] | None:
        reads = event.get("readOnly") and event.get("managementEvent", True)
        if reads and not self._settings.get("ReadOnlyManagementEvents"):
            return None
        service = str(event["eventSource"]).partition(".amazonaws.com")[0]
        return {
            "Time": datetime.strptime(event["eventTime"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc),
            "Source": self._source(service),
            "DetailType": DETAIL_TYPE,
            "Detail": record.decode("utf-8", "replace"),
            "EventBusName": self._bus,
        }

    def _send(self, batch: Batch, ahead: set[int], parcel: Parcel, report: Report) -> None:
        """Send a batch; what is refused for a while is sent again, what is refused for good is counted."""
        left = dict(batch)
        try:
            patiently(lambda: self._attempt(left, report), self.stop)
        except Exception as error:
            ahead |= set(batch) - set(left)
            self._mark(parcel, min(left), ahead)
            raise error if isinstance(error, DeliveryError) else failed(self.place, error) from error

    def _attempt(self, left: Batch, report: Report) -> None:
        """Send what is left of a batch.

        Raises:
            EntryError: something of it is left still.
        """
        answer = self._client.put_events(Entries=list(left.values()))
        refusal: dict[str, str] = {}
        for number, result in zip(list(left), answer["Entries"], strict=True):
            code = result.get("ErrorCode")
            if not code or code in _FOR_GOOD:
                report.leave_out(1 if code else 0)
                del left[number]
            else:
                refusal = result
        if refusal:
            raise EntryError(self.place, refusal)


class EntryError(DeliveryError):
    """The bus took the request, and refused an entry of it."""

    def __init__(self, place: str, result: dict[str, str]) -> None:
        code = result["ErrorCode"]
        text = f"{place}: {code}: {result.get('ErrorMessage', '')}"
        if code == "NotAuthorizedForSourceException":  # what begins with `aws.` is for AWS alone
            text += '; name another Source in the EventBridge table of the trail, such as "bototrail.{service}"'
        super().__init__(text, code=code)
        self.response = {"Error": {"Code": code}}  # where `error_code` looks


def _batches(entries: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[Batch, int]]:
    """Batches within the limits, each with the number of entries beside it that are too large or broken."""
    batch: Batch = {}
    size = large = 0
    for number, entry in entries:
        weight = entry_size(entry) if entry else 0
        if not entry or weight > ENTRY_BYTES:
            large += 1
            continue
        if len(batch) == BATCH_ENTRIES or size + weight > BATCH_BYTES:
            yield batch, large
            batch, size, large = {}, 0, 0
        batch[number] = entry
        size += weight
    if batch or large:
        yield batch, large


def entry_size(entry: dict[str, Any]) -> int:
    """The bytes of an entry as PutEvents counts them."""
    return TIME_BYTES + sum(len(entry[name].encode()) for name in ("Source", "DetailType", "Detail"))
