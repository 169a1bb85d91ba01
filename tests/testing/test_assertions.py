"""Each assertion: when it holds, and what it says when it does not, word for word.

The texts make it long; they are what a user reads, and stand beside the calls that they are about.
"""

from __future__ import annotations

import gzip
import inspect
import threading
from pathlib import Path
from unittest.mock import ANY

import botocore.exceptions
import orjson
import pytest
from border import answer

import bototrail
from bototrail.errors import ConfigError, UnknownNameError
from bototrail.testing import Trail, absent, call, containing, matching


@pytest.fixture
def three(trail, s3, sqs):
    """Three calls."""
    s3.create_bucket(Bucket="reports")
    s3.put_object(Bucket="reports", Key="a.csv", Body=b"1,2,3")
    sqs.send_message(QueueUrl="https://sqs/q", MessageBody="done")
    return trail


def test_calls_are_given_with_all_that_is_known_of_them(three, monkeypatch):
    found = three.calls("s3:PutObject")
    assert found == [three.calls()[1]] == [list(three)[1]]
    put = found[0]
    assert (len(three), put.name, put.service, put.operation) == (3, "s3:PutObject", "s3", "PutObject")
    assert put.arguments == {"Bucket": "reports", "Key": "a.csv", "Body": b"1,2,3"}
    assert put.record["requestParameters"]["bucketName"] == "reports"
    assert (put.region, put.error, put.read_only, put.labels) == ("us-east-1", None, False, {})
    assert put.thread == threading.current_thread().name
    assert put.file == __file__
    assert 0 < put.duration < 30
    assert repr(put) == "<s3:PutObject(Bucket='reports', Key='a.csv', Body=b'1,2,3')>"
    assert repr(three) == "<Trail of 3 calls>"


def test_a_failed_call_has_the_code_that_the_program_sees_and_that_of_the_record(trail, client):
    iam = client("iam")
    body = b"<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no role r</Message></Error></ErrorResponse>"
    answer(iam, (404, body))
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName="r")
    found = trail.assert_called("iam:GetRole")
    assert found.error == ("NoSuchEntity", "no role r", "NoSuchEntityException")
    assert repr(found) == "<iam:GetRole(RoleName='r') -> NoSuchEntity>"


def test_no_answer_at_all_is_an_error_with_the_name_of_the_exception(trail, client):
    sts = client("sts", endpoint_url="http://127.0.0.1:9")
    with pytest.raises(botocore.exceptions.EndpointConnectionError):
        sts.get_caller_identity()
    assert trail.calls()[0].error.code == "EndpointConnectionError"


def test_records_come_in_the_order_of_the_end_and_calls_in_that_of_the_beginning(trail, s3, sqs):
    def meanwhile(**_):
        sqs.send_message(QueueUrl="https://sqs/q", MessageBody="inside")

    s3.meta.events.register("before-send", meanwhile)
    s3.list_buckets()
    assert [c.name for c in trail.calls()] == ["s3:ListBuckets", "sqs:SendMessage"]
    assert [r["eventName"] for r in trail.records] == ["SendMessage", "ListBuckets"]


def test_what_was_called_is_returned(three):
    assert three.assert_called("s3:PutObject", Bucket="reports", Key=ANY) is three.calls()[1]
    assert three.assert_called_once("sqs:SendMessage").arguments["MessageBody"] == "done"
    assert [c.name for c in three.assert_order("s3:*", "sqs:*")] == ["s3:CreateBucket", "sqs:SendMessage"]


@pytest.mark.parametrize(
    "named",
    [
        {"Bucket": "reports"},
        {"bucketName": "reports", "key": "a.csv"},
        {"Key": matching(r"^a\.")},
        {"Key": lambda key: key.endswith(".csv")},
        {"Body": containing(b"2")},
        {"ContentType": absent},
    ],
)
def test_arguments_are_named_as_in_boto3_or_in_the_record(three, named):
    three.assert_called("s3:PutObject", **named)
    three.assert_called("s3:PutObject", named)


def test_arguments_of_a_table_resource_are_the_programs_own(trail, dynamodb):
    import boto3

    table = boto3.resource("dynamodb", region_name="us-east-1").Table("photos")
    answer(table.meta.client, (200, b"{}"))
    table.put_item(Item={"id": 7, "tags": {"a"}})
    trail.assert_called("dynamodb:PutItem", TableName="photos", Item={"id": 7, "tags": {"a"}})


def test_another_argument_is_told_with_what_it_is(three, fails):
    assert fails(three.assert_called, "s3:PutObject", Bucket="reports", Key="b.csv", ContentType="text/csv") == (
        "expected a call s3:PutObject(Bucket='reports', Key='b.csv', ContentType='text/csv'); "
        "there was s3:PutObject with other arguments (1):\n"
        "  2. s3:PutObject  @\n"
        "       Key: expected 'b.csv', got 'a.csv'\n"
        "       ContentType: expected 'text/csv', got nothing\n"
        "Other calls (2): s3:CreateBucket, sqs:SendMessage"
    )


def test_the_nearest_calls_come_first(trail, s3, fails):
    for key in "cdefb":
        s3.put_object(Bucket="other" if key != "b" else "reports", Key=key, Body=b"")
    assert fails(trail.assert_called, "s3:PutObject", Bucket="reports", Key="a") == (
        "expected a call s3:PutObject(Bucket='reports', Key='a'); there was s3:PutObject with other arguments (5):\n"
        "  5. s3:PutObject  @\n"
        "       Key: expected 'a', got 'b'\n"
        "  1. s3:PutObject  @\n"
        "       Bucket: expected 'reports', got 'other'\n"
        "       Key: expected 'a', got 'c'\n"
        "  2. s3:PutObject  @\n"
        "       Bucket: expected 'reports', got 'other'\n"
        "       Key: expected 'a', got 'd'\n"
        "  ... 2 more that differ as much or more"
    )


def test_parts_of_arguments_that_differ_are_named_by_their_path(trail, dynamodb, fails):
    dynamodb.put_item(
        TableName="t", Item={"id": {"S": "1"}, "tags": {"L": [{"S": "a"}, {"S": "b"}]}, "more": {"N": "1"}}
    )
    expected = {"id": {"S": "2"}, "tags": {"L": [{"S": "a"}, {"S": "c"}]}, "less": {"N": "1"}}
    assert fails(trail.assert_called, "dynamodb:PutItem", Item=expected).splitlines()[1:] == [
        "  1. dynamodb:PutItem  @",
        "       Item.id.S: expected '2', got '1'",
        "       Item.tags.L[1].S: expected 'c', got 'b'",
        "       Item.less: expected {'N': '1'}, got nothing",
        "       Item.more: not expected, got {'N': '1'}",
    ]


def test_long_texts_are_shown_where_they_differ(trail, s3, fails):
    s3.put_object(Bucket="bucket", Key="k", Body=b"x" * 5000 + b"abc" + b"x" * 500)
    told = fails(trail.assert_called, "s3:PutObject", Body=b"x" * 5000 + b"abd" + b"x" * 500).splitlines()[-1]
    assert told == (
        "       Body: from 5002 on (of 5503 and 5503) expected ...b'xxxxxxxxxxxxxxxxxxabdxxxxxxxxxxxxxxxxxxx', "
        "got ...b'xxxxxxxxxxxxxxxxxxabcxxxxxxxxxxxxxxxxxxx'"
    )


def test_another_operation_is_told_with_those_that_were_called(three, fails):
    assert fails(three.assert_called, "s3:GetObject", Bucket="reports") == (
        "expected a call s3:GetObject(Bucket='reports'); there was no s3:GetObject. Calls (3):\n"
        "  1. s3:CreateBucket(Bucket='reports')  @\n"
        "  2. s3:PutObject(Bucket='reports', Key='a.csv', Body=b'1,2,3')  @\n"
        "  3. sqs:SendMessage(QueueUrl='https://sqs/q', MessageBody='done')  @"
    )


def test_of_many_other_calls_the_likest_are_shown(trail, s3, sqs, fails):
    for _ in range(20):
        sqs.send_message(QueueUrl="https://sqs/q", MessageBody="done")
    s3.put_object(Bucket="reports", Key="k", Body=b"")
    told = fails(trail.assert_called, "s3:PutObjectAcl").splitlines()
    assert told[1] == "  21. s3:PutObject(Bucket='reports', Key='k', Body=b'')  @"
    assert (len(told), told[-1]) == (14, "  ... 9 more")


def test_no_calls_at_all(trail, fails):
    assert fails(trail.assert_called, "s3:PutObject") == "expected a call s3:PutObject; no call was made"
    trail.assert_not_called()
    trail.assert_calls([])
    assert trail.calls() == []


def test_calls_are_counted(trail, s3, fails):
    for _ in range(2):
        s3.list_buckets()
    trail.assert_called("s3:ListBuckets", times=2)
    trail.assert_called("s3:ListBuckets", at_least=1, at_most=2)
    assert fails(trail.assert_called, "s3:ListBuckets", times=3) == (
        "expected s3:ListBuckets 3 times; found 2:\n  1. s3:ListBuckets()  @\n  2. s3:ListBuckets()  @"
    )
    for numbers, words in (
        ({"at_least": 3}, "at least 3 times"),
        ({"at_most": 1}, "at most 1 time"),
        ({"at_least": 3, "at_most": 5}, "at least 3 times and at most 5 times"),
    ):
        told = fails(trail.assert_called, "s3:ListBuckets", **numbers)
        assert told.startswith(f"expected s3:ListBuckets {words}; found 2:\n")
    assert fails(trail.assert_called_once, "s3:ListBuckets").startswith("expected s3:ListBuckets 1 time; found 2:\n")
    assert fails(trail.assert_called, "s3:PutObject", times=2).endswith("@\nIt was expected 2 times.")


@pytest.mark.parametrize("number", [0, -1, True, "2", 1.0])
def test_a_number_of_calls_is_a_number_of_at_least_one(trail, number, fails):
    told = fails(trail.assert_called, "s3:ListBuckets", times=number, error=ConfigError)
    assert told == f"expected a number of at least 1 for times; found {number!r}; use assert_not_called for none"


@pytest.mark.parametrize("other", ["at_least", "at_most"])
def test_an_exact_number_and_a_limit_exclude_each_other(trail, other, fails):
    told = fails(trail.assert_called, "s3:ListBuckets", times=2, **{other: 1}, error=ConfigError)
    assert told == f"expected times, or at_least and at_most; found times=2, {other}=1; use one or the other"


MISUSED = [
    (lambda t: t.assert_called(None), "expected a pattern that is a text; found one of type NoneType; such as"),
    (
        lambda t: t.assert_not_called(call("s3:*")),
        "expected a pattern that is a text; found one of type Expected; such",
    ),
    (lambda t: t.assert_order("s3:*", 5), "expected a pattern that is a text; found one of type int; such as"),
    (lambda t: t.assert_only(5), "expected patterns such as 's3:PutObject'; found 5; give one, or several in a list"),
    (lambda t: t.assert_calls(None), "expected patterns such as 's3:PutObject'; found None; give one"),
    (lambda t: call(["s3:*"]), "expected a pattern that is a text; found one of type list; such as"),
    (lambda t: t.assert_no_errors(except_=None), "expected error codes for except_; found None; give one text, or"),
    (lambda t: t.assert_no_errors(except_=[404]), "expected error codes for except_; found [404]; give one text, or"),
    (lambda t: t.assert_matches_snapshot(mask=None), "expected names of members for mask; found None; give one text"),
    (lambda t: t.assert_matches_snapshot(mask=[1]), "expected names of members for mask; found [1]; give one text"),
    (lambda t: t.assert_matches_snapshot(7), "expected a text for the name of a snapshot; found 7; give it a name"),
]


@pytest.mark.parametrize(("misuse", "words"), MISUSED)
def test_what_is_no_text_where_one_must_be_is_said_to_be_none(three, misuse, words, fails):
    assert fails(misuse, three, error=ConfigError).startswith(words)


def test_arguments_that_services_call_like_options_of_ours_are_theirs(trail, client):
    """`name`, `count`, `pattern` and the like are keywords of the service."""
    ecs = client("ecs")
    answer(ecs, (200, b"{}"))
    ecs.run_task(taskDefinition="t", count=2)
    trail.assert_called("ecs:RunTask", count=2, times=1)
    trail.assert_not_called("ecs:RunTask", count=3)


def test_no_service_has_an_argument_called_as_an_option_of_ours():
    options = set(inspect.signature(Trail.assert_called).parameters) - {"self", "pattern", "arguments", "named"}
    assert options == {"times", "at_least", "at_most"}
    models = list((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*"))
    assert len(models) > 300
    for path in models:
        model = orjson.loads(gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes())
        inputs = {operation["input"]["shape"] for operation in model["operations"].values() if "input" in operation}
        members = {member for name in inputs for member in model["shapes"][name].get("members", ())}
        assert not members & options, path


def test_what_must_not_be_called(three, fails):
    three.assert_not_called("s3:DeleteObject")
    three.assert_not_called("s3:PutObject", Key="b.csv")
    assert fails(three.assert_not_called, "s3:Put*", Bucket="reports") == (
        "expected no call s3:Put*(Bucket='reports'); found 1:\n"
        "  2. s3:PutObject(Bucket='reports', Key='a.csv', Body=b'1,2,3')  @"
    )
    assert fails(three.assert_not_called).startswith("expected no call *; found 3:\n")


def test_only_these(three, fails):
    three.assert_only({"s3:*", "sqs:SendMessage"})
    three.assert_only(["*:*"])
    three.assert_only([call("s3:*", Bucket="reports"), "sqs:*", "iam:*"])
    assert fails(three.assert_only, "s3:*") == (
        "expected only s3:*; other calls (1):\n  3. sqs:SendMessage(QueueUrl='https://sqs/q', MessageBody='done')  @"
    )
    assert fails(three.assert_only, []).startswith("expected only no calls at all; other calls (3):")


def test_errors(trail, s3, client, fails):
    s3.list_buckets()
    broken = client("s3")
    answer(broken, (403, b"<Error><Code>AccessDenied</Code><Message>Access\n  Denied</Message></Error>"))
    with pytest.raises(botocore.exceptions.ClientError):
        broken.get_object(Bucket="reports", Key="k")
    trail.assert_no_errors("s3:ListBuckets")
    trail.assert_no_errors(except_="AccessDenied")
    trail.assert_no_errors(except_={"AccessDenied", "NoSuchKey"})
    assert fails(trail.assert_no_errors, except_="NoSuchKey") == (
        "expected no errors; failed calls (1):\n"
        "  2. s3:GetObject(Bucket='reports', Key='k') -> AccessDenied  @\n"
        "       Access Denied"
    )


def test_order(three, fails):
    three.assert_order("s3:CreateBucket", call("s3:PutObject", Key="a.csv"), "sqs:SendMessage")
    assert fails(three.assert_order, "s3:PutObject", "s3:CreateBucket") == (
        "expected s3:PutObject, then s3:CreateBucket; no s3:CreateBucket began after call 2. Calls (3):\n"
        "  1. s3:CreateBucket(Bucket='reports')  @\n"
        "  2. s3:PutObject(Bucket='reports', Key='a.csv', Body=b'1,2,3')  @\n"
        "  3. sqs:SendMessage(QueueUrl='https://sqs/q', MessageBody='done')  @"
    )
    assert fails(three.assert_order, "s3:GetObject").startswith("expected a call s3:GetObject; there was no")
    with pytest.raises(AssertionError):
        three.assert_order("s3:PutObject", "s3:PutObject")


def test_exactly_these(three, fails):
    three.assert_calls(["s3:CreateBucket", call("s3:PutObject", Key=ANY), "sqs:SendMessage"])
    assert fails(three.assert_calls, ["s3:CreateBucket", "s3:GetObject", "sqs:SendMessage", "sqs:SendMessage"]) == (
        "expected exactly 4 calls; there were 3 (- missing, + not expected):\n"
        "    1. s3:CreateBucket(Bucket='reports')  @\n"
        "  + 2. s3:PutObject(Bucket='reports', Key='a.csv', Body=b'1,2,3')  @\n"
        "  -    s3:GetObject\n"
        "    3. sqs:SendMessage(QueueUrl='https://sqs/q', MessageBody='done')  @\n"
        "  -    sqs:SendMessage"
    )
    assert fails(three.assert_calls, []).splitlines()[1].startswith("  + 1. s3:CreateBucket")
    assert fails(three.assert_calls, ["s3:PutObject"]).count("  + ") == 2


def test_of_many_calls_those_around_the_first_difference_are_shown(trail, s3, fails):
    for _ in range(40):
        s3.list_buckets()
    same = ["s3:ListBuckets"]
    told = fails(trail.assert_calls, [*same * 20, "s3:GetObject", *same * 20]).splitlines()
    assert told[1:6] == [
        "  ... 17 before that are as expected",
        *(f"    {n}. s3:ListBuckets()  @" for n in (18, 19, 20)),
        "  -    s3:GetObject",
    ]
    assert (len(told), told[-1]) == (15, "  ... 12 more")
    told = fails(trail.assert_calls, [*same * 40, "s3:GetObject"]).splitlines()
    assert (len(told), told[1], told[-1]) == (14, "  ... 29 before that are as expected", "  -    s3:GetObject")
    assert fails(trail.assert_calls, []).splitlines()[-1] == "  ... 28 more"


def test_places_are_told_wherever_the_test_has_gone(three, tmp_path, monkeypatch):
    monkeypatch.chdir(Path(__file__).parent.parent.parent)
    call = three.calls()[0]
    assert call.place == f"tests/testing/test_assertions.py:{call.line}"
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert call.place == f"{__file__}:{call.line}"
    call.file = ""
    assert call.place == "thread MainThread"


def test_cleared_is_forgotten(three, s3):
    assert len(three.records) == 3
    three.clear()
    assert (three.calls(), three.records) == ([], [])
    s3.list_buckets()
    three.assert_calls(["s3:ListBuckets"])
    assert [r["eventName"] for r in three.records] == ["ListBuckets"]


def test_pauses_and_labels(trail, s3):
    with trail.paused():
        s3.list_buckets()
    with trail.labelled(ticket=7):
        s3.list_buckets()
    assert [dict(c.labels) for c in trail.calls()] == [{"ticket": "7"}]


WRONG = [
    (("s3:PutObjekt",), {}, "found 'PutObjekt'; did you mean PutObject"),
    (("s33:PutObject",), {}, "found 's33'; did you mean"),
    (("PutObject",), {}, "expected service:Operation, such as s3:PutObject or s3:*; found 'PutObject'; * stands"),
    (("s3:",), {}, "expected service:Operation"),
    (("s3:Delet*Objekt*",), {}, "did you mean DeleteObject"),
    (("s4*:*",), {}, "expected services by their names in botocore; found 's4*:*'; botocore has 4"),
    (
        ("s3:PutObject",),
        {"Bukcet": "b"},
        "an argument of s3:PutObject, as boto3 or the record spells it; found 'Bukcet'",
    ),
    (("s3:PutObject",), {"Bukcet": absent}, "did you mean Bucket"),
    (("s3:Put*",), {"Bukcet": "b"}, "did you mean Bucket"),
    (("sts:GetCallerIdentity",), {"Name": "b"}, "it has none"),
    (("sqs:ListQueues",), {"zzz": "b"}, "it has MaxResults, maxResults, NextToken, nextToken, QueueNamePrefix, queue"),
]


@pytest.mark.parametrize(("arguments", "named", "words"), WRONG)
def test_a_name_that_cannot_be_is_an_error_in_every_assertion(three, arguments, named, words, fails):
    for assertion in (three.calls, three.assert_called, three.assert_not_called, three.assert_called_once):
        assert words in fails(assertion, *arguments, **named, error=UnknownNameError)
    if not named:
        for several in (three.assert_only, three.assert_calls):
            assert words in fails(several, [*arguments], error=UnknownNameError)
        assert words in fails(three.assert_order, *arguments, error=UnknownNameError)
        assert words in fails(three.assert_no_errors, *arguments, error=UnknownNameError)


@pytest.mark.parametrize(
    "named", [{"ContentType": "x"}, {"x-amz-acl": "x"}, {"bucketName": "x"}, {"accessControlList": "x"}]
)
def test_names_of_arguments_that_were_not_given_are_known(three, named):
    three.assert_not_called("s3:PutObject", named)
    three.assert_not_called("s3:Put*", named)
    three.assert_not_called("*:Put*", named)


def test_no_test_passes_because_recording_is_switched_off(trail, monkeypatch, fails):
    monkeypatch.setenv("BOTOTRAIL", "off")
    assert fails(trail.assert_not_called, error=ConfigError) == (
        "expected BOTOTRAIL to be unset or a bucket; found that it is off; nothing was recorded to assert"
    )


def test_a_trail_outside_of_a_test_has_no_snapshots(trail, fails):
    assert "use the fixture" in fails(trail.assert_matches_snapshot, error=ConfigError)


def test_a_recording_and_a_trail_see_the_same(trail, s3):
    with bototrail.recording() as recorded:
        s3.list_buckets()
    assert recorded.records == trail.records == [trail.calls()[0].record]
