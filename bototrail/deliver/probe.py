"""Trying whether a trail's destinations can be used, the way CloudTrail tries them for a new trail."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from bototrail.capture.scope import paused
from bototrail.deliver.clients import failed, make_client, options_for, own_account
from bototrail.deliver.to_bucket import VALIDATION, ToBucket, ToTopic
from bototrail.deliver.to_event_bridge import ToEventBridge
from bototrail.deliver.to_logs import ToLogs
from bototrail.errors import BototrailError
from bototrail.trails import Trail


def try_trail(trail: Trail) -> Iterator[tuple[str, str | None]]:
    """Use everything that a trail goes to, once.

    The bucket gets the empty object of its folder, the topic CloudTrail's validation message, the log group its
    stream, the bus an event of the type `bototrail validation message`, and the key makes a data key.

    Yields:
        What was tried, and what went wrong, None when nothing did.
    """
    bucket = ToBucket(trail)
    yield _tried(f"bucket {trail.bucket.partition('?')[0]}", lambda: bucket.check(now=True))
    options = trail.in_s3.options if trail.in_s3 else {}
    # A server of S3 of its own has keys of its own, which the object of the bucket has tried.
    if (key := options.get("KmsKeyId")) and options.get("endpoint_url") == trail.delivery.get("endpoint_url"):
        yield _tried(f"key {key}", lambda: _use_key(trail, key, options))
    if trail.SnsTopicName:
        topic = ToTopic(trail, bucket)
        yield _tried(topic.place, lambda: topic.publish(VALIDATION))
    if trail.CloudWatchLogsLogGroupArn:
        logs = ToLogs(trail)
        yield _tried(logs.place, lambda: _use_logs(logs))
    if trail.event_bridge is not None:
        bus = ToEventBridge(trail)
        yield _tried(bus.place, bus.validate)


def _tried(place: str, use: Callable[[], Any]) -> tuple[str, str | None]:
    try:
        with paused():
            use()
    except Exception as error:  # noqa: BLE001 whatever it is, it is what we were asked for
        text = str(error) if isinstance(error, BototrailError) else f"{type(error).__name__}: {error}"
        return place, text.removeprefix(f"{place}: ")
    return place, None


def _use_key(trail: Trail, key: str, options: dict[str, str]) -> None:
    """GenerateDataKey with the encryption context that log files have, by who puts them. [facts §8.5]."""
    account = trail.account or own_account(options, trail.HomeRegion)
    context = {"aws:cloudtrail:arn": trail.arn(account)}
    try:
        client = make_client("kms", options, trail.HomeRegion)
        client.generate_data_key(KeyId=key, KeySpec="AES_256", EncryptionContext=context)
    except Exception as error:
        raise failed(f"key {key}", error) from error


def _use_logs(logs: ToLogs) -> None:
    options = options_for(logs.trail, "logs")
    account = logs.trail.account or own_account(options, logs.trail.HomeRegion)
    try:
        logs.create_stream(logs.stream(account))
    except Exception as error:
        raise failed(logs.place, error) from error
