"""EventBridge: what arrives there, in which form, within which limits, and how often."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
import orjson
import pytest
from deliver.sent import ACCOUNT, Fake, entry, record, send, trail
from moto import mock_aws

from bototrail.deliver import to_event_bridge
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.deliver.to_event_bridge import DETAIL_TYPE, ToEventBridge, entry_size
from bototrail.errors import DeliveryError
from bototrail.spool import Entry, Header


def bus(tmp_path, *answers: Any, **settings: Any) -> ToEventBridge:
    made = ToEventBridge(trail(tmp_path, event_bridge=settings))
    made._client = Fake("put_events", *answers)
    return made


def taken(arguments: dict[str, Any]) -> dict[str, Any]:
    return {"Entries": [{"EventId": "x"} for _ in arguments["Entries"]]}


def test_events_arrive_as_cloudtrail_sends_them(tmp_path):
    t = trail(tmp_path, event_bridge={"EventBusName": "default"})
    with mock_aws():
        events, sqs = boto3.client("events", "eu-central-1"), boto3.client("sqs", "eu-central-1")
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name="r", EventPattern='{"source":["aws.s3"],"detail-type":["AWS API Call via CloudTrail"]}')
        events.put_targets(Rule="r", Targets=[{"Id": "1", "Arn": arn}])
        send(ToEventBridge(t), Parcel([entry(1)]))
        (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    event = orjson.loads(message["Body"])
    assert (event["source"], event["detail-type"], event["region"]) == ("aws.s3", DETAIL_TYPE, "eu-central-1")
    assert event["detail"] == record(1)


@pytest.mark.parametrize(
    ("fields", "asked", "goes"),
    [
        ({"readOnly": False, "managementEvent": True}, False, True),
        ({"readOnly": True, "managementEvent": True}, False, False),
        ({"readOnly": True, "managementEvent": True}, True, True),
        ({"readOnly": True, "managementEvent": False}, False, True),
    ],
)
def test_management_reads_go_only_if_asked(fields, asked, goes, tmp_path):
    made = bus(tmp_path, taken, ReadOnlyManagementEvents=asked)
    send(made, Parcel([entry(1, **fields)]))
    assert bool(made._client.calls) == goes


def test_a_source_of_ones_own(tmp_path):
    made = bus(tmp_path, taken, Source="bototrail.{service}", EventBusName="mine")
    send(made, Parcel([entry(1)]))
    (put,) = made._client.calls[0]["Entries"]
    assert (put["Source"], put["EventBusName"], put["Detail"]) == (
        "bototrail.s3",
        "mine",
        orjson.dumps(record(1)).decode(),
    )


def test_batches_of_the_bus_keep_within_its_limits(tmp_path):
    made = bus(tmp_path, *[taken] * 9)
    large = [entry(n, large="x" * 100_000) for n in range(3)]
    report = send(made, Parcel([*[entry(n) for n in range(12)], *large, entry(99, large="x" * 300_000)]))
    batches_sent = [call["Entries"] for call in made._client.calls]
    assert [len(batch) for batch in batches_sent] == [10, 4, 1]
    assert all(sum(map(entry_size, batch)) <= to_event_bridge.BATCH_BYTES for batch in batches_sent)
    assert report.unsent == 1


@pytest.mark.parametrize("broken", [b'{"a":nonsense}', b"{}", b'{"eventSource":"s3","eventTime":7}'])
def test_a_broken_record_is_counted_and_holds_up_nothing(broken, tmp_path):
    made = bus(tmp_path, taken)
    parcel = Parcel([entry(1), Entry(Header(("t",), account=ACCOUNT).encode(), broken), entry(2)])
    assert send(made, parcel).unsent == 1
    assert (ids(made._client.calls), parcel.at(made.name)) == ([["1", "2"]], DONE)


def some(*codes: str | None) -> Callable[[dict[str, Any]], dict[str, Any]]:
    rows = [{"ErrorCode": code, "ErrorMessage": "no"} if code else {"EventId": "x"} for code in codes]
    return lambda _: {"FailedEntryCount": sum(map(bool, codes)), "Entries": rows}


def ids(calls: list[dict[str, Any]]) -> list[list[str]]:
    return [[orjson.loads(e["Detail"])["eventID"] for e in call["Entries"]] for call in calls]


def test_only_what_was_refused_is_sent_again(tmp_path):
    made = bus(tmp_path, some(None, "ThrottlingException", None), taken)
    send(made, Parcel([entry(n) for n in range(3)]))
    assert ids(made._client.calls) == [["0", "1", "2"], ["1"]]


def test_what_is_refused_for_good_is_counted_and_holds_up_nothing(tmp_path):
    made = bus(tmp_path, some(None, "MalformedDetail", None))
    parcel = Parcel([entry(n) for n in range(3)])
    assert send(made, parcel).unsent == 1
    assert parcel.at(made.name) == DONE


def test_a_bus_that_goes_on_refusing_some_gets_each_event_once(tmp_path):
    refuses = "InternalFailure"
    made = bus(tmp_path, some(None, refuses, None, refuses), taken)
    parcel = Parcel([entry(n) for n in range(4)])
    with pytest.raises(DeliveryError, match=refuses):
        send(made, parcel)
    assert parcel.at(made.name) == [1, 2]
    send(made, parcel)
    assert ids(made._client.calls) == [["0", "1", "2", "3"], ["1", "3"]]


def test_the_reserved_source_is_explained(tmp_path):
    made = bus(tmp_path, some("NotAuthorizedForSourceException"))
    with pytest.raises(DeliveryError, match=r"NotAuthorizedForSourceException.*bototrail\.\{service\}"):
        send(made, Parcel([entry(1)]))
