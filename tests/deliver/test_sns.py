"""SNS: which log files a message tells of, and how often."""

from __future__ import annotations

import threading
from typing import Any

import boto3
import orjson
import pytest
from deliver.sent import ACCOUNT, TOPIC, Fake, entry, refusal, send, trail
from moto import mock_aws

from bototrail.deliver import to_bucket
from bototrail.deliver.buckets import FolderBucket
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.parcel import Parcel
from bototrail.deliver.to_bucket import ToBucket, ToTopic
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities, from_caller
from bototrail.spool import Entry, Header
from bototrail.spool.entry import unknown_owner
from bototrail.trails import Trail


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
