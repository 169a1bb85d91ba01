"""SNS, CloudWatch Logs and EventBridge: what arrives there, in which form, within which limits, and how often."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import boto3
import botocore.exceptions
import orjson
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from bototrail.deliver import clients, to_bucket, to_event_bridge, to_logs
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.destination import Report
from bototrail.deliver.parcel import DONE, Parcel
from bototrail.deliver.sinks import FolderBucket
from bototrail.deliver.to_bucket import ToBucket, ToTopic
from bototrail.deliver.to_event_bridge import DETAIL_TYPE, ToEventBridge, entry_size
from bototrail.deliver.to_logs import EVENT_BYTES, OVERHEAD, ToLogs, batches
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities, from_caller
from bototrail.spool import Entry, Header
from bototrail.spool.entry import unknown_owner
from bototrail.trails import Trail

ACCOUNT = "111122223333"
GROUP = f"arn:aws:logs:eu-central-1:{ACCOUNT}:log-group:trails:*"
TOPIC = f"arn:aws:sns:eu-central-1:{ACCOUNT}:trails"


def record(number: int, account: str = ACCOUNT, **fields: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-21T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "awsRegion": "eu-central-1",
        "eventID": str(number),
        "readOnly": False,
        "managementEvent": False,
        "recipientAccountId": account,
        **fields,
    }


def entry(number: int, account: str = ACCOUNT, **fields: Any) -> Entry:
    header = Header(("t",), region="eu-central-1", account=account)
    return Entry(header.encode(), orjson.dumps(record(number, account, **fields)))


def trail(tmp_path, **fields: Any) -> Trail:
    return Trail("t", str(tmp_path / "bucket"), S3BucketName="my-bucket", HomeRegion="eu-central-1", **fields)


class Fake:
    """A client whose one operation does as it is told, answer by answer; an exception is raised."""

    def __init__(self, operation: str, *answers: Any) -> None:
        self.answers, self.calls = list(answers), []
        setattr(self, operation, self._call)

    def _call(self, **arguments: Any) -> Any:
        self.calls.append(arguments)
        answer = self.answers.pop(0) if self.answers else {}
        if isinstance(answer, Exception):
            raise answer
        return answer(arguments) if callable(answer) else answer


def refusal(code: str, status: int = 400) -> botocore.exceptions.ClientError:
    answer = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return botocore.exceptions.ClientError(answer, "X")


def send(destination, parcel: Parcel) -> Report:
    report, book = Report(), Identities()
    destination.send(parcel, parcel.read(book), book, report)
    return report


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(clients, "_PAUSES", (0.0, 0.0))


# ---- SNS
def test_the_message_names_the_log_files_of_the_batch(tmp_path):
    t = trail(tmp_path, SnsTopicName=TOPIC, S3KeyPrefix="pre")
    with mock_aws():
        sns, sqs = boto3.client("sns", "eu-central-1"), boto3.client("sqs", "eu-central-1")
        arn = sns.create_topic(Name="trails")["TopicArn"]
        queue = sqs.create_queue(QueueName="q")["QueueUrl"]
        queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=arn, Protocol="sqs", Endpoint=queue_arn)
        parcel = Parcel([entry(1), entry(2, "444455556666")])
        report = Delivery(tmp_path / "state", Identities(), 30).batches([parcel], [_with(t, SnsTopicName=arn)])
        (message,) = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]
    told = orjson.loads(orjson.loads(message["Body"])["Message"])
    assert told["s3Bucket"] == "my-bucket"
    assert [str(tmp_path / "bucket" / key) for key in told["s3ObjectKey"]] == [f.location for f in report.files]
    assert told["s3ObjectKey"][0].startswith(f"pre/AWSLogs/{ACCOUNT}/CloudTrail/eu-central-1/")


def _with(t: Trail, **fields: Any) -> Trail:
    return Trail.from_dict({**t.to_dict(), **fields})


def test_nothing_is_told_of_files_that_are_not_there(tmp_path):
    t = trail(tmp_path, SnsTopicName=TOPIC)
    bucket = ToBucket(t)
    assert not ToTopic(t, bucket).ready(Parcel([entry(1)]))


def test_the_keys_told_are_those_put_whoever_the_caller_turns_out_to_be(tmp_path, monkeypatch):
    """A refusal of another trail comes while the files are put, and then the caller becomes known."""
    t, other = trail(tmp_path, SnsTopicName=TOPIC), Trail("other", str(tmp_path / "other"))
    made, real = Delivery(tmp_path / "state", Identities(), 30), FolderBucket.put
    putting, refused = threading.Event(), threading.Event()
    marks = unknown_owner("a1" * 16)
    text = b'{"userIdentity":%b,"recipientAccountId":"%b"}' % (marks.identity, marks.account)
    parcel = Parcel([Entry(Header(("t", "other"), caller="AKIAX", mark="a1" * 16).encode(), text)])
    seen: list[str] = []

    def put(self, key, body, arn=""):
        if self.folder.name == "other":
            putting.wait(10)
            raise DeliveryError("refused")
        putting.set()
        assert refused.wait(10)
        made.identities.put("AKIAX", from_caller(f"arn:aws:iam::{ACCOUNT}:user/a", "AIDA", ACCOUNT, "AKIAX"))
        return real(self, key, body)

    def unpin(self, **how):
        unpinned(self, **how)
        refused.set()

    unpinned = Parcel.unpin
    monkeypatch.setattr(Parcel, "unpin", unpin)
    monkeypatch.setattr(FolderBucket, "put", put)
    monkeypatch.setattr(ToTopic, "publish", lambda _, message: seen.extend(message["s3ObjectKey"]))
    made.batches([parcel], [t, other])
    assert [str(path.relative_to(tmp_path / "bucket")) for path in (tmp_path / "bucket").rglob("*.gz")] == seen


@pytest.mark.parametrize(
    ("bucket", "name", "below"),
    [
        ("s3://other/audit?endpoint_url=http://127.0.0.1:1", "other", "audit/pre/AWSLogs/"),
        ("s3://my-bucket", "my-bucket", "pre/AWSLogs/"),
        ("memory://x/y", "my-bucket", "pre/AWSLogs/"),
    ],
)
def test_the_message_tells_where_the_log_files_really_are(bucket, name, below, tmp_path):
    t = _with(trail(tmp_path, SnsTopicName=TOPIC, S3KeyPrefix="pre"), bucket=bucket)
    topic = ToTopic(t, ToBucket(t))
    topic._client = Fake("publish", {})
    send(topic, Parcel([entry(1)]))
    told = orjson.loads(topic._client.calls[0]["Message"])
    assert (told["s3Bucket"], told["s3ObjectKey"][0].startswith(below)) == (name, True)


def test_a_message_names_bucket_and_key_as_they_are_in_s3(tmp_path):
    """The trails file may call a place otherwise: `[buckets] my-bucket = "s3://real-bucket/team?..."`."""
    t = _with(trail(tmp_path, SnsTopicName=TOPIC), bucket="s3://real-bucket/team?region_name=us-east-1")
    topic = ToTopic(t, ToBucket(t))
    topic._client = Fake("publish")
    with mock_aws():
        s3 = boto3.client("s3", "us-east-1")
        s3.create_bucket(Bucket="real-bucket")
        parcel = Parcel([entry(1)])
        send(topic._bucket, parcel)
        send(topic, parcel)
        told = orjson.loads(topic._client.calls[0]["Message"])
        for key in told["s3ObjectKey"]:
            s3.head_object(Bucket=told["s3Bucket"], Key=key)
    assert len(told["s3ObjectKey"]) == 1


def test_many_keys_go_into_several_messages_and_none_is_told_twice(tmp_path, monkeypatch):
    monkeypatch.setattr(to_bucket, "MESSAGE_BYTES", 300)
    t = trail(tmp_path, SnsTopicName=TOPIC)
    topic = ToTopic(t, ToBucket(t))
    topic._client = Fake("publish", {}, refusal("AuthorizationError", 403))
    parcel = Parcel([entry(n, f"{n:012d}") for n in range(5)])
    with pytest.raises(DeliveryError, match="AuthorizationError") as caught:
        send(topic, parcel)
    assert caught.value.code == "AuthorizationError"
    send(topic, parcel)
    calls = topic._client.calls
    keys = [key for call in [calls[0], *calls[2:]] for key in orjson.loads(call["Message"])["s3ObjectKey"]]
    assert len(keys) == len(set(keys)) == 5
    assert all(len(call["Message"]) < 600 for call in calls)


@pytest.mark.parametrize("arn", [None, "arn:aws:cloudtrail:eu-central-1:999900001111:trail/t"])
def test_a_topic_by_its_bare_name(arn, tmp_path):
    t = trail(tmp_path, SnsTopicName="trails", TrailARN=arn)
    account = "999900001111" if arn else "123456789012"
    with mock_aws():
        assert ToTopic(t, ToBucket(t))._arn == f"arn:aws:sns:eu-central-1:{account}:trails"


# ---- CloudWatch Logs
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


# ---- EventBridge
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
