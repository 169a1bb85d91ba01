"""CloudWatch Logs: what arrives there, in which form, within which limits, and how often."""

from __future__ import annotations

import contextlib
import threading

import boto3
import botocore.exceptions
import orjson
import pytest
from botocore.stub import Stubber
from deliver.sent import ACCOUNT, GROUP, Fake, entry, refusal, send, trail
from moto import mock_aws

from bototrail.deliver import clients, to_logs
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.deliver.to_logs import EVENT_BYTES, OVERHEAD, ToLogs, batches
from bototrail.errors import DeliveryError


def test_each_record_is_one_log_event_in_the_stream_of_its_account(tmp_path):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    with mock_aws():
        logs = boto3.client("logs", "eu-central-1")
        logs.create_log_group(logGroupName="trails")
        parcel = Parcel([entry(1), entry(2, "444455556666"), entry(3)])
        send(ToLogs(t), parcel)
        found = {
            account: [
                orjson.loads(e["message"])["eventID"]
                for e in logs.get_log_events(
                    logGroupName="trails", logStreamName=f"{account}_CloudTrail_eu-central-1", startFromHead=True
                )["events"]
            ]
            for account in (ACCOUNT, "444455556666")
        }
    assert found == {ACCOUNT: ["1", "3"], "444455556666": ["2"]}
    assert parcel.at("CloudWatchLogsDelivery:t") == DONE


def test_the_streams_of_an_organization_trail_begin_with_its_id(tmp_path):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP, OrganizationId="o-abcdefghij")
    assert ToLogs(t).stream(ACCOUNT) == f"o-abcdefghij_{ACCOUNT}_CloudTrail_eu-central-1"


def test_a_log_group_that_is_not_there_is_told(tmp_path):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    with mock_aws(), pytest.raises(DeliveryError, match=r"log group trails.*ResourceNotFoundException") as caught:
        send(ToLogs(t), Parcel([entry(1)]))
    assert caught.value.code == "ResourceNotFoundException"


def test_batches_keep_within_the_limits_and_the_order():
    sizes = [10, EVENT_BYTES - OVERHEAD, EVENT_BYTES - OVERHEAD + 1, 300_000, *[200_000] * 9, 5]
    records = [bytes([n]) * size for n, size in enumerate(sizes)]
    made = list(batches(records))
    assert sum(passed for _, _, passed in made) == len(records)
    sent = [r for batch, _, _ in made for r in batch]
    assert sent == [r for r in records if len(r) + OVERHEAD <= EVENT_BYTES]
    assert len(made) > 1
    assert all(sum(len(r) + OVERHEAD for r in batch) <= to_logs.BATCH_BYTES for batch, _, _ in made)
    assert [len(batch) for batch, _, _ in batches([b"x"] * 10_001)] == [10_000, 1]


def test_records_that_are_too_large_are_counted_and_left_out(tmp_path):
    logs = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    logs._client = Fake("put_log_events")
    report = send(logs, Parcel([entry(1), entry(2, large="x" * EVENT_BYTES), entry(3)]))
    assert report.unsent == 1
    assert [len(call["logEvents"]) for call in logs._client.calls] == [2]
    only = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    only._client = Fake("put_log_events")
    assert send(only, Parcel([entry(2, large="x" * EVENT_BYTES)])).unsent == 1
    assert only._client.calls == []


def test_what_the_service_rejects_is_counted(tmp_path):
    logs = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    logs._client = Fake("put_log_events", {"rejectedLogEventsInfo": {"tooNewLogEventStartIndex": 2}})
    assert send(logs, Parcel([entry(n) for n in range(5)])).unsent == 3


@pytest.mark.parametrize("answer", [{"nextSequenceToken": "1"}, {"ResponseMetadata": {"RequestId": "1"}}, {}])
def test_only_what_the_service_has_answered_is_delivered(answer, tmp_path):
    logs, parcel = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)), Parcel([entry(1)])
    with Stubber(logs._client) as stub:
        stub.add_response("put_log_events", answer)
        with contextlib.nullcontext() if answer else pytest.raises(DeliveryError, match="PutLogEvents has no"):
            send(logs, parcel)
    assert (parcel.at(logs.name) == DONE) == bool(answer)


def test_logs_go_on_where_they_were(tmp_path, monkeypatch):
    monkeypatch.setattr(to_logs, "BATCH_EVENTS", 2)
    logs = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    logs._client = Fake("put_log_events", {}, {}, refusal("AccessDeniedException"))
    parcel = Parcel([entry(n, "444455556666" if n % 2 else ACCOUNT) for n in range(6)])
    with pytest.raises(DeliveryError, match="AccessDeniedException"):
        send(logs, parcel)
    send(logs, parcel)
    calls = logs._client.calls
    sent = [orjson.loads(e["message"])["eventID"] for c in [*calls[:2], *calls[3:]] for e in c["logEvents"]]
    assert sent == ["0", "2", "4", "1", "3", "5"]


def test_a_service_that_throttles_is_asked_again(tmp_path):
    logs = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    logs._client = Fake("put_log_events", refusal("ThrottlingException"), refusal("ThrottlingException"))
    send(logs, Parcel([entry(1)]))
    assert len(logs._client.calls) == 3


def test_a_service_that_goes_on_throttling_is_left_for_later(tmp_path):
    logs = ToLogs(trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP))
    logs._client = Fake("put_log_events", *[refusal("ThrottlingException")] * 9)
    with pytest.raises(DeliveryError, match="ThrottlingException"):
        send(logs, Parcel([entry(1)]))
    assert len(logs._client.calls) == 3


def test_patience_ends_with_the_program(monkeypatch):
    monkeypatch.setattr(clients, "_PAUSES", (60.0,))
    ending = threading.Event()
    ending.set()

    def throttled() -> None:
        raise refusal("SlowDown", 503)

    with pytest.raises(botocore.exceptions.ClientError):
        clients.patiently(throttled, ending)
