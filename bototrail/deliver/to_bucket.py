"""Log files into a trail's bucket, and the message on SNS that tells of them."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any, Final

import orjson

from bototrail.deliver.buckets import Bucket, open_bucket
from bototrail.deliver.clients import failed, make_client, options_for, own_account, patiently
from bototrail.deliver.destination import Delivered, Destination, Report
from bototrail.deliver.layout import logs_folder
from bototrail.deliver.ledger import Ledger
from bototrail.deliver.logfile import Read, log_files
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities
from bototrail.regions import partition_of
from bototrail.spool.entry import NO_ACCOUNT
from bototrail.trails import Trail

MESSAGE_BYTES: Final = 240_000
"""Bytes of keys in one message; SNS takes 256 KB."""

VALIDATION: Final = "CloudTrail validation message."
"""What CloudTrail publishes to see whether a topic can be used."""


class ToBucket(Destination):
    """The trail's bucket.

    Args:
        trail: the trail.
        ledger: where log files of trails with EnableLogFileValidation are noted.
    """

    kind = "Delivery"

    def __init__(self, trail: Trail, ledger: Ledger | None = None) -> None:
        super().__init__(trail)
        self._ledger = ledger if trail.EnableLogFileValidation else None

    @functools.cached_property
    def bucket(self) -> Bucket:
        """The bucket, opened when it is first needed."""
        return open_bucket(self.trail.bucket)

    @property
    def place(self) -> str:
        """See `Destination`."""
        return self.trail.bucket

    @property
    def remote(self) -> bool:
        """See `Destination`."""
        return "://" in self.place

    def send(self, parcel: Parcel, found: Read, book: Identities, report: Report) -> None:
        """See `Destination`; the cursor counts log files.

        One that is denied holds up no other: the one who delivers may have the right to write for another account.
        """
        at, ahead = self._position(parcel)
        denied: DeliveryError | None = None
        files = log_files(self.trail, found, parcel.unique, parcel.sealed, book)
        for number, log_file in enumerate(files):
            if number < at or number in ahead or not log_file.records:
                continue
            try:
                where = self.bucket.put(log_file.key, log_file.body(), self.trail.arn(log_file.account)).where
            except DeliveryError as error:
                if not error.denied:
                    raise
                denied = denied or error
                continue
            if (
                self._ledger is not None
            ):  # before the cursor moves: a log file that is in no digest looks like a forged one
                self._ledger.note(self.trail, log_file)
            report.files.append(Delivered(where, len(log_file.records)))
            ahead.add(number)
            self._mark(parcel, at, ahead)
        if denied is not None:
            raise denied
        parcel.advance(self.name, DONE)

    def check(self, *, now: bool = False) -> None:
        """See whether it can be written, as CloudTrail does for a new trail.

        Args:
            now: whether a bucket that cannot be reached, or is out of order, is a failure too.

        Raises:
            ConfigError: it cannot.
            DeliveryError: it cannot `now`; trying again may help.
        """
        account, organization = self.trail.account, self.trail.OrganizationId
        below = f"{account}/CloudTrail/" if account else ""
        below = f"{organization}/" if organization else below
        arn = self.trail.arn(account or self._own_account())
        self.bucket.check(logs_folder(self.trail.S3KeyPrefix) + below, arn, now=now)

    def _own_account(self) -> str:
        """Whose ARN to encrypt with when the trail has none; key policies ask for it."""
        if (place := self.trail.in_s3) and "KmsKeyId" in place.options:
            with contextlib.suppress(Exception):  # it is the bucket that is checked
                return own_account(place.options, self.trail.HomeRegion)
        return NO_ACCOUNT


class ToTopic(Destination):
    """The trail's SNS topic: one message for each parcel whose log files are in the bucket (facts §7.1)."""

    kind = "Notification"

    def __init__(self, trail: Trail, bucket: ToBucket) -> None:
        super().__init__(trail)
        self._bucket = bucket

    @property
    def place(self) -> str:
        """See `Destination`."""
        return f"SNS topic {self.trail.SnsTopicName}"

    def ready(self, parcel: Parcel) -> bool:
        """When the log files are there."""
        return self._bucket.done(parcel)

    def send(self, parcel: Parcel, found: Read, book: Identities, report: Report) -> None:  # noqa: ARG002
        """See `Destination`; the cursor counts keys."""
        at = parcel.at(self.name)
        files = log_files(self.trail, found, parcel.unique, parcel.sealed, book)
        place = self.trail.in_s3
        name, prefix = (place.name, place.prefix) if place else (self.trail.S3BucketName, "")
        keys = [prefix + log_file.key for log_file in files if log_file.records][at:]
        for some in _messages(keys):
            self.publish({"s3Bucket": name, "s3ObjectKey": some})
            at += len(some)
            parcel.advance(self.name, at)
        parcel.advance(self.name, DONE)

    def publish(self, message: Any) -> None:
        """Publish a message, a text or an object.

        Raises:
            DeliveryError: it was not published, or no answer came.
        """
        text = message if isinstance(message, str) else orjson.dumps(message).decode()
        try:
            arn = self._arn
            patiently(lambda: self._client.publish(TopicArn=arn, Message=text), self.stop)
        except Exception as error:
            raise failed(self.place, error) from error

    @functools.cached_property
    def _options(self) -> dict[str, Any]:
        return options_for(self.trail, "sns")

    @functools.cached_property
    def _client(self) -> Any:
        name = self.trail.SnsTopicName or ""
        region = name.split(":")[3] if name.startswith("arn:") else self.trail.HomeRegion
        return make_client("sns", self._options, region)

    @functools.cached_property
    def _arn(self) -> str:
        """The topic's ARN; a bare name is in the trail's region, in its account or that of who delivers."""
        name, region = self.trail.SnsTopicName or "", self.trail.HomeRegion
        if name.startswith("arn:"):
            return name
        account = self.trail.account or own_account(self._options, region)
        return f"arn:{partition_of(region)}:sns:{region}:{account}:{name}"


def _messages(keys: list[str]) -> Iterator[list[str]]:
    some: list[str] = []
    size = 0
    for key in keys:
        if some and size + len(key.encode()) > MESSAGE_BYTES:
            yield some
            some, size = [], 0
        some.append(key)
        size += len(key.encode()) + 8
    if some:
        yield some
