"""Records into a CloudWatch Logs log group: one log event each (facts §7.2)."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from typing import Any, Final

from bototrail.clock import now
from bototrail.deliver.clients import error_code, expect, failed, make_client, options_for, patiently
from bototrail.deliver.destination import Destination, Report
from bototrail.deliver.logfile import Read, records_of
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.record.identity import Identities

# Limits of PutLogEvents. [CloudWatch Logs API reference; facts §7.2]
EVENT_BYTES: Final = 256 * 1024
BATCH_BYTES: Final = 1024 * 1024
BATCH_EVENTS: Final = 10_000
OVERHEAD: Final = 26


class ToLogs(Destination):
    """The trail's log group, with a stream for each account."""

    kind = "CloudWatchLogsDelivery"

    @property
    def place(self) -> str:
        """See `Destination`."""
        return f"log group {self._group}"

    @functools.cached_property
    def _group(self) -> str:
        arn = self.trail.CloudWatchLogsLogGroupArn or ""
        return arn.split(":")[6] if arn.count(":") >= 6 else arn

    @functools.cached_property
    def _client(self) -> Any:
        region = (self.trail.CloudWatchLogsLogGroupArn or "").split(":")[3:4] or [self.trail.HomeRegion]
        client = make_client("logs", options_for(self.trail, "logs"), region[0])
        expect(client, "PutLogEvents", "nextSequenceToken", "RequestId")
        return client

    def stream(self, account: str) -> str:
        """The name of an account's stream; an organization trail's begins with the organization's id."""
        start = f"{self.trail.OrganizationId}_" if self.trail.OrganizationId else ""
        return f"{start}{account}_CloudTrail_{self.trail.HomeRegion}"

    def send(self, parcel: Parcel, found: Read, book: Identities, report: Report) -> None:
        """See `Destination`; the cursor counts records, those of one account after the other."""
        by_account: dict[str, list[bytes | None]] = {}
        for _, account, record, taken in records_of(self.trail, found, book):
            by_account.setdefault(account, []).append(record if taken else None)
        at, before = parcel.at(self.name), 0
        for account, records in by_account.items():
            rest = records[max(0, at - before) :]
            position = before + len(records) - len(rest)
            for batch, large, passed in batches(rest):
                rejected = self._put(self.stream(account), batch) if batch else 0
                report.leave_out(large + rejected)
                position += passed
                parcel.advance(self.name, position)
            before += len(records)
        parcel.advance(self.name, DONE)

    def _put(self, stream: str, batch: list[bytes]) -> int:
        """Put a batch; the number of events that the service did not want."""
        moment = int(now() * 1000)
        events = [{"timestamp": moment, "message": record.decode("utf-8", "replace")} for record in batch]
        try:
            answer = self._put_events(stream, events)
        except Exception as error:
            raise failed(f"{self.place}, stream {stream}", error) from error
        return _rejected(answer.get("rejectedLogEventsInfo") or {}, len(batch))

    def _put_events(self, stream: str, events: list[dict[str, Any]]) -> Any:
        def put() -> Any:
            return self._client.put_log_events(logGroupName=self._group, logStreamName=stream, logEvents=events)

        try:
            return patiently(put, self.stop)
        except Exception as error:
            if error_code(error) != "ResourceNotFoundException":
                raise
        self.create_stream(stream)
        return patiently(put, self.stop)

    def create_stream(self, stream: str) -> None:
        """Make a stream, unless somebody else was faster; the log group itself has to be there."""
        names = {"logGroupName": self._group, "logStreamName": stream}
        try:
            patiently(lambda: self._client.create_log_stream(**names), self.stop)
        except Exception as error:
            if error_code(error) != "ResourceAlreadyExistsException":
                raise


def batches(records: Iterable[bytes | None]) -> Iterator[tuple[list[bytes], int, int]]:
    """Batches within the limits, each with how many were too large, and for how many of the records it stands.

    None stands for a record that the trail does not take.
    """
    batch: list[bytes] = []
    size = large = passed = 0
    for record in records:
        weight = len(record or b"") + OVERHEAD
        fits = record is not None and weight <= EVENT_BYTES
        if fits and (size + weight > BATCH_BYTES or len(batch) == BATCH_EVENTS):
            yield batch, large, passed
            batch, size, large, passed = [], 0, 0, 0
        passed += 1
        if record is not None and fits:
            batch.append(record)
            size += weight
        else:
            large += record is not None
    if passed:
        yield batch, large, passed


def _rejected(info: dict[str, int], count: int) -> int:
    """How many events of a batch the service says it did not take."""
    start = max(info.get("tooOldLogEventEndIndex", 0), info.get("expiredLogEventEndIndex", 0))
    return start + count - info.get("tooNewLogEventStartIndex", count)
