"""LookupEvents, as boto3 sees it."""

from __future__ import annotations

import base64
import json
import sys
from datetime import datetime, timezone

import boto3
import orjson
import pytest
from border import STS_OK, answer
from botocore.config import Config
from botocore.exceptions import ClientError
from history.delivered import ACCOUNT, BASE, numbers, put, record

import bototrail
from bototrail.clock import event_time, now
from bototrail.endpoint.library import Place

ALICE = {
    "type": "IAMUser",
    "userName": "alice",
    "arn": f"arn:aws:iam::{ACCOUNT}:user/alice",
    "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
}
SESSION = {
    "type": "AssumedRole",
    "principalId": "AROAIOSFODNN7EXAMPLE:nightly",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/backup/nightly",
    "accessKeyId": "ASIAIOSFODNN7EXAMPLE",
}
OBJECT = {"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::photos/a.jpg"}
KEY = {"type": "AWS::KMS::Key", "ARN": f"arn:aws:kms:eu-central-1:{ACCOUNT}:key/1"}
INSIGHT = {
    "eventVersion": "1.08",
    "eventTime": event_time(BASE + 9),
    "awsRegion": "us-east-1",
    "eventID": "00000090-0000-4000-8000-000000000000",
    "eventType": "AwsCloudTrailInsight",
    "recipientAccountId": ACCOUNT,
    "insightDetails": {"state": "Start", "eventSource": "kms.amazonaws.com", "eventName": "Decrypt"},
    "eventCategory": "Insight",
}
RECORDS = [
    record(0, "ListBuckets", readOnly=True, userIdentity=ALICE, eventCategory="Management"),
    record(1, "PutObject", readOnly=False, userIdentity=ALICE, eventCategory="Data", resources=[OBJECT]),
    record(
        2, "Decrypt", eventSource="kms.amazonaws.com", userIdentity=SESSION, eventCategory="Management", resources=[KEY]
    ),
    record(3, "Odd", awsRegion="us-east-1", recipientAccountId="444455556666"),
]


def at(seconds):
    return datetime.fromtimestamp(seconds, timezone.utc)


def found(client, **options):
    return numbers(event["EventId"] for event in client.lookup_events(**options)["Events"])


def by(key, value):
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


@pytest.fixture
def client(serve_events, tmp_path):
    put(tmp_path / "b", "1", RECORDS)
    put(tmp_path / "b", "2", [INSIGHT], kind="CloudTrail-Insight")
    return serve_events(tmp_path / "b").client("cloudtrail")


# ---- what is answered
def test_an_event_has_the_members_that_its_record_tells(client):
    events = client.lookup_events()["Events"]
    assert [json.loads(event.pop("CloudTrailEvent")) for event in events] == RECORDS[::-1]
    id_ = "{:08d}-0000-4000-8000-000000000000".format
    assert events == [
        {
            "EventId": id_(3),
            "EventName": "Odd",
            "EventTime": at(BASE + 1),
            "EventSource": "s3.amazonaws.com",
            "Resources": [],
        },
        {
            "EventId": id_(2),
            "EventName": "Decrypt",
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "EventTime": at(BASE),
            "EventSource": "kms.amazonaws.com",
            "Username": "nightly",
            "Resources": events[1]["Resources"],
        },
        {
            "EventId": id_(1),
            "EventName": "PutObject",
            "ReadOnly": "false",
            "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "EventTime": at(BASE),
            "EventSource": "s3.amazonaws.com",
            "Username": "alice",
            "Resources": events[2]["Resources"],
        },
        {
            "EventId": id_(0),
            "EventName": "ListBuckets",
            "ReadOnly": "true",
            "AccessKeyId": "AKIAIOSFODNN7EXAMPLE",
            "EventTime": at(BASE),
            "EventSource": "s3.amazonaws.com",
            "Username": "alice",
            "Resources": [],
        },
    ]
    assert {"ResourceType": "AWS::KMS::Key", "ResourceName": KEY["ARN"]} in events[1]["Resources"]


def test_a_resource_of_an_unknown_type_has_none(serve_events, tmp_path):
    put(tmp_path / "b", "1", [record(0, resources=[{"ARN": "arn:aws:odd:::thing"}])])
    (event,) = serve_events(tmp_path / "b").client("cloudtrail").lookup_events()["Events"]
    assert event["Resources"] == [{"ResourceName": "arn:aws:odd:::thing"}]


def test_insights_are_told_by_what_they_are_about(client):
    (event,) = client.lookup_events(EventCategory="insight")["Events"]
    assert json.loads(event.pop("CloudTrailEvent")) == INSIGHT
    assert event == {
        "EventId": INSIGHT["eventID"],
        "EventName": "Decrypt",
        "EventTime": at(BASE + 9),
        "EventSource": "kms.amazonaws.com",
        "Resources": [],
    }


ATTRIBUTES = [
    ("EventId", RECORDS[2]["eventID"], [2]),
    ("EventName", "PutObject", [1]),
    ("EventName", "putobject", []),
    ("EventName", "Put*", []),
    ("EventName", "Decrypt", [2]),  # and not the Insights event
    ("ReadOnly", "true", [0]),
    ("ReadOnly", "false", [1]),
    ("Username", "alice", [1, 0]),
    ("Username", "nightly", [2]),
    ("Username", "denied", []),
    ("ResourceType", "AWS::KMS::Key", [2]),
    ("ResourceType", "AWS::KMS", []),
    ("ResourceName", KEY["ARN"], [2]),
    ("ResourceName", KEY["ARN"][:-1], []),
    ("ResourceName", f"{KEY['ARN']}\n", []),
    ("EventSource", "s3.amazonaws.com", [3, 1, 0]),
    ("EventSource", "s3", []),
    ("AccessKeyId", "ASIAIOSFODNN7EXAMPLE", [2]),
    ("AccessKeyId", "'; DROP TABLE parts; --", []),
    ("Username", "x" * 2000, []),
    ("Username", "_, \n" * 250, []),
]


@pytest.mark.parametrize(("key", "value", "expected"), ATTRIBUTES)
def test_an_attribute_chooses_by_its_exact_value(key, value, expected, client):
    assert found(client, **by(key, value)) == expected


INSIGHT_ATTRIBUTES = [
    ("EventId", INSIGHT["eventID"], [90]),
    ("EventName", "Decrypt", [90]),
    ("EventSource", "kms.amazonaws.com", [90]),
    ("EventSource", "s3.amazonaws.com", []),
]


@pytest.mark.parametrize(("key", "value", "expected"), INSIGHT_ATTRIBUTES)
def test_an_attribute_chooses_insights(key, value, expected, client):
    assert found(client, EventCategory="insight", **by(key, value)) == expected


TIMES = [
    ({"StartTime": BASE}, [3, 2, 1, 0]),
    ({"StartTime": BASE + 1}, [3]),
    ({"StartTime": BASE + 2}, []),
    ({"EndTime": BASE}, [2, 1, 0]),
    ({"EndTime": BASE - 1}, []),
    ({"StartTime": BASE, "EndTime": BASE}, [2, 1, 0]),
    ({"StartTime": 0, "EndTime": 253_402_300_799}, [3, 2, 1, 0]),
    ({"StartTime": now() + 1000}, []),
]


@pytest.mark.parametrize(("times", "expected"), TIMES)
def test_both_ends_of_a_time_range_are_in_it(times, expected, client):
    assert found(client, **{name: at(seconds) for name, seconds in times.items()}) == expected


def test_the_second_of_a_fraction_is_in_the_range(serve_events, tmp_path):
    """A call of half past the second has an eventTime of that second."""
    put(tmp_path / "b", "1", RECORDS)
    served = serve_events(tmp_path / "b")
    said = json.loads(served.call("LookupEvents", b'{"StartTime": %d.5}' % (BASE + 1)).body)
    assert numbers(event["EventId"] for event in said["Events"]) == [3]
    assert said["Events"][0]["EventTime"] == BASE + 1


def test_management_events_alone_as_in_aws(serve_events, tmp_path):
    put(tmp_path / "b", "1", RECORDS)
    aggregated = record(9, "x", eventCategory="Aggregated")
    put(tmp_path / "b", "2", [record(5, eventCategory="NetworkActivity"), aggregated])
    assert found(serve_events(tmp_path / "b").client("cloudtrail")) == [5, 3, 2, 1, 0]
    assert found(serve_events(tmp_path / "b", management_only=True).client("cloudtrail")) == [3, 2, 0]


def test_events_that_are_too_old_are_not_found(serve_events, tmp_path):
    old = record(0, eventTime=event_time(now() - 3 * 86_400))
    put(tmp_path / "b", "1", [old, record(1)])
    assert found(serve_events(tmp_path / "b").client("cloudtrail")) == [1, 0]
    assert found(serve_events(tmp_path / "b", days=2).client("cloudtrail")) == [1]


def test_an_event_of_the_last_day_that_dates_have_breaks_no_client(serve_events, tmp_path):
    put(tmp_path / "b", "1", [record(0), record(1, eventTime="9999-12-31T23:59:59-23:59")])
    assert found(serve_events(tmp_path / "b").client("cloudtrail")) == [0]


def test_several_buckets_are_one(serve_events, tmp_path):
    put(tmp_path / "b", "1", RECORDS[:3])
    put(tmp_path / "c", "1", RECORDS[1:])
    client = serve_events(tmp_path / "b", tmp_path / "c").client("cloudtrail")
    assert found(client) == [3, 2, 1, 0]
    assert found(client, MaxResults=3) == [3, 2, 1]


# ---- pages
def test_the_paginator_has_every_event_once(serve_events, tmp_path):
    for name in range(3):
        put(tmp_path / "b", str(name), [record(n) for n in range(name, 180, 3)] + [record(7)])
    client = serve_events(tmp_path / "b").client("cloudtrail")
    pages = client.get_paginator("lookup_events")
    for size, count in ((None, 4), (50, 4), (45, 4), (18, 10)):
        read = list(pages.paginate(PaginationConfig={"PageSize": size} if size else {}))
        assert len(read) == count
        assert numbers(e["EventId"] for page in read for e in page["Events"]) == list(range(180))[::-1]
    some = pages.paginate(PaginationConfig={"MaxItems": 70, "PageSize": 20}, **by("EventName", "ListBuckets"))
    assert numbers(e["EventId"] for page in some for e in page["Events"]) == list(range(110, 180))[::-1]
    rest = pages.paginate(
        PaginationConfig={"StartingToken": some.resume_token, "PageSize": 20}, **by("EventName", "ListBuckets")
    )
    assert numbers(e["EventId"] for page in rest for e in page["Events"]) == list(range(110))[::-1]


def test_the_last_page_has_no_token(client):
    assert "NextToken" not in client.lookup_events(MaxResults=4)
    assert "NextToken" in client.lookup_events(MaxResults=3)


def test_new_events_neither_move_nor_repeat_old_ones(serve_events, tmp_path):
    """Those that come late but are older than the page that was read last are among the next ones."""
    put(tmp_path / "b", "1", [record(n) for n in range(0, 100, 2)])
    client = serve_events(tmp_path / "b").client("cloudtrail")
    read, options = [], {"MaxResults": 10}
    for number in range(10):
        answer = client.lookup_events(**options)
        read += numbers(event["EventId"] for event in answer["Events"])
        put(tmp_path / "b", f"new{number}", [record(1000 + 10 * number + n) for n in range(10)])
        client.lookup_events()  # so that they are there
        if "NextToken" not in answer:
            break
        options["NextToken"] = answer["NextToken"]
    assert read == list(range(0, 100, 2))[::-1]
    assert found(client, MaxResults=1) == [1000 + 10 * number + 9]


def test_tokens_outlive_the_server(serve_events, tmp_path):
    put(tmp_path / "b", "1", RECORDS)
    first, second = (serve_events(tmp_path / "b").client("cloudtrail") for _ in range(2))
    token = first.lookup_events(MaxResults=3)["NextToken"]
    assert found(second, MaxResults=3, NextToken=token) == [0]


OTHERS = [
    {"MaxResults": 3},
    {"MaxResults": 2, "EventCategory": "insight"},
    {"MaxResults": 2, "StartTime": at(BASE)},
    {"MaxResults": 2, "EndTime": at(BASE + 9)},
    {"MaxResults": 2, **by("EventSource", "s3.amazonaws.com")},
]


@pytest.mark.parametrize("other", OTHERS)
def test_a_token_belongs_to_its_request(other, client):
    token = client.lookup_events(MaxResults=2)["NextToken"]
    assert found(client, MaxResults=2, NextToken=token) == [1, 0]
    with pytest.raises(client.exceptions.InvalidNextTokenException, match="with other parameters"):
        client.lookup_events(**other, NextToken=token)


def test_a_page_of_50_is_the_one_that_nobody_asked_for(serve_events, tmp_path):
    put(tmp_path / "b", "1", [record(n) for n in range(60)])
    client = serve_events(tmp_path / "b").client("cloudtrail")
    first = client.lookup_events()
    assert len(first["Events"]) == 50
    assert found(client, MaxResults=50, NextToken=first["NextToken"]) == list(range(10))[::-1]


def forged(place):
    return base64.urlsafe_b64encode(bytes(16) + orjson.dumps(place)).decode()


TOKENS = ["", "x", "ünsinn", "AAAA", "=" * 9, "A" * 100_000, *map(forged, ([], [1, "x"], ["1", 1], {"a": 1, "b": 2}))]
TOKENS += [forged([2**63, "x"]), forged([-(2**62), ""]), base64.b64encode(b"\xff" * 40).decode()]


@pytest.mark.parametrize("token", TOKENS)
def test_tokens_of_others_are_refused(token, client):
    with pytest.raises(client.exceptions.InvalidNextTokenException):
        client.lookup_events(NextToken=token)


def test_a_token_that_was_changed_is_refused(client):
    token = client.lookup_events(MaxResults=2)["NextToken"]
    for place in range(0, len(token), 5):
        other = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(client.exceptions.InvalidNextTokenException):
            client.lookup_events(MaxResults=2, NextToken=other)


# ---- what is refused
REFUSED = [
    ({"MaxResults": 51}, "InvalidMaxResultsException", "expected a MaxResults from 1 to 50; found 51"),
    ({"MaxResults": 0}, "InvalidMaxResultsException", "expected 1 at least for MaxResults; found 0"),
    ({"MaxResults": -1}, "InvalidMaxResultsException", "expected 1 at least for MaxResults; found -1"),
    ({"MaxResults": "5"}, "SerializationException", "expected a whole number for MaxResults"),
    ({"StartTime": 20, "EndTime": 19}, "InvalidTimeRangeException", "expected a StartTime before EndTime"),
    ({"StartTime": 1e15}, "SerializationException", "expected a time in seconds since 1970 for StartTime"),
    ({"EventCategory": "Insight"}, "InvalidEventCategoryException", "expected insight for EventCategory"),
    ({"EventCategory": "management"}, "InvalidEventCategoryException", "expected insight for EventCategory"),
    ({"EventCategory": ""}, "InvalidEventCategoryException", "expected insight for EventCategory"),
    (by("eventName", "x"), "InvalidLookupAttributesException", "expected an AttributeKey among EventId, Ev"),
    (by("ErrorCode", "x"), "InvalidLookupAttributesException", "expected an AttributeKey among EventId, Ev"),
    (by("ReadOnly", "True"), "InvalidLookupAttributesException", "expected true or false for the AttributeV"),
    (by("Username", "x" * 2001), "InvalidLookupAttributesException", "expected at most 2000 characters for"),
    (by("Username", "_" * 1001), "InvalidLookupAttributesException", "expected at most 2000 characters for"),
    (by("Username", "a\n" * 667), "InvalidLookupAttributesException", "expected at most 2000 characters for"),
    (by("Username", ""), "ValidationException", "Invalid length for parameter LookupAttributes[0].Attr"),
    ({"LookupAttributes": [{"AttributeKey": "EventId"}]}, "ValidationException", "Missing required parameter in Look"),
    ({"LookupAttributes": {}}, "SerializationException", "expected a list for LookupAttributes; found an object"),
    (
        {"LookupAttributes": by("EventId", "x")["LookupAttributes"] * 2},
        "InvalidLookupAttributesException",
        "expected at most one of LookupAttributes; found 2",
    ),
    (
        {"EventCategory": "insight", **by("Username", "alice")},
        "InvalidLookupAttributesException",
        "expected an AttributeKey among EventId, EventName, EventSource; found 'Username'",
    ),
]


@pytest.mark.parametrize(("request_", "code", "message"), REFUSED)
def test_requests_that_are_refused_name_the_member(request_, code, message, serve_events, tmp_path):
    (tmp_path / "b").mkdir()
    answer = serve_events(tmp_path / "b").call("LookupEvents", orjson.dumps(request_))
    said = json.loads(answer.body)
    assert (answer.status, said["__type"]) == (400, code)
    assert said["Message"].startswith(message)


TYPED = [
    ({"MaxResults": 51}, "InvalidMaxResultsException"),
    ({"StartTime": at(BASE), "EndTime": at(BASE - 1)}, "InvalidTimeRangeException"),
    ({"EventCategory": "management"}, "InvalidEventCategoryException"),
    (by("Nobody", "x"), "InvalidLookupAttributesException"),
    ({"NextToken": "x"}, "InvalidNextTokenException"),
]


@pytest.mark.parametrize(("options", "name"), TYPED)
def test_refusals_are_the_exceptions_of_the_client(options, name, client):
    with pytest.raises(getattr(client.exceptions, name)):
        client.lookup_events(**options)


# ---- what is not there
def test_an_endpoint_without_a_history_says_so(serve, tmp_path):
    client = serve(tmp_path).client("cloudtrail")
    with pytest.raises(client.exceptions.UnsupportedOperationException, match="No events are looked up here"):
        client.lookup_events()


def test_without_its_packages_it_names_the_extra(serve_events, tmp_path, monkeypatch, caplog):
    monkeypatch.setitem(sys.modules, "duckdb", None)  # as if it were not installed
    (tmp_path / "b").mkdir()
    client = serve_events(tmp_path / "b").client("cloudtrail")
    with pytest.raises(client.exceptions.UnsupportedOperationException, match=r"pip install 'bototrail\[history\]'"):
        client.lookup_events()
    assert client.describe_trails()["trailList"] == []


def test_a_bucket_that_cannot_be_read_is_no_empty_one(serve_events, tmp_path, caplog):
    (tmp_path / "b").mkdir()
    place = Place(str(tmp_path / "b"))
    _ = place.store
    (tmp_path / "b").rmdir()
    (tmp_path / "b").symlink_to("b")
    with pytest.raises(ClientError, match=r"InternalFailure.*own output tells"):
        serve_events(place).client("cloudtrail").lookup_events()
    assert str(tmp_path / "b") in caplog.text


# ---- what has just come
def test_a_call_of_a_moment_ago_is_found_in_the_spool(serve_events, tmp_path, client_of_sts):
    bototrail.start(tmp_path / "audit", identity="offline", flush_seconds=3600)
    client = serve_events(tmp_path / "audit").client("cloudtrail")
    for count in range(1, 4):
        client_of_sts.get_caller_identity()
        assert len(client.lookup_events(**by("EventName", "GetCallerIdentity"))["Events"]) == count
    assert not list((tmp_path / "audit").rglob("*.json.gz"))
    before = client.lookup_events(**by("EventName", "GetCallerIdentity"))["Events"]
    bototrail.flush()
    assert list((tmp_path / "audit").rglob("*.json.gz"))
    after = client.lookup_events(**by("EventName", "GetCallerIdentity"))["Events"]
    assert after == before


@pytest.fixture
def client_of_sts():
    made = boto3.client("sts", config=Config(retries={"total_max_attempts": 1}))
    answer(made, *[(200, STS_OK)] * 3)
    yield made
    bototrail.stop()


def test_a_file_of_a_moment_ago_is_found(serve_events, tmp_path):
    (tmp_path / "b").mkdir()
    client = serve_events(tmp_path / "b").client("cloudtrail")
    for number in range(4):
        put(tmp_path / "b", str(number), [record(number)])
        assert found(client, MaxResults=1) == [number]


def test_a_bucket_that_comes_later_is_found(serve_events, tmp_path):
    client = serve_events(tmp_path / "later").client("cloudtrail")
    assert found(client) == []
    put(tmp_path / "later", "1", RECORDS)
    assert found(client) == [3, 2, 1, 0]
