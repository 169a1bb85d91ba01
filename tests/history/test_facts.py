"""What the index knows of an event."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from history.lookups import record
from hypothesis import given, settings
from hypothesis import strategies as st

from bototrail.history.columns import COLUMNS
from bototrail.history.denials import denial
from bototrail.history.facts import _MINUTES, _ROLES, _WHATS, event_time, facts
from bototrail.history.resources import _PLANS, _TYPES, LONGEST, MOST, resources

NAMES = [column.name for column in COLUMNS]
MOMENT = 1795256430  # 2026-11-21T10:20:30Z


def known(made: dict[str, Any]) -> dict[str, Any]:
    """What is known and not empty."""
    found = facts(made)
    assert found is not None
    return {name: value for name, value in zip(NAMES, found, strict=True) if value not in ("", None)}


BASE = {
    "event_time": MOMENT,
    "event_name": "X",
    "event_source": "any.amazonaws.com",
    "region": "us-east-1",
    "account": "111122223333",
    "category": "Management",
}


def test_an_event_has_a_value_for_each_column():
    made = {
        **record("iam", "CreateUser", {"userName": "bob"}, errorCode="EntityAlreadyExistsException"),
        "eventID": "6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b",
        "eventCategory": "Management",
        "readOnly": False,
        "sourceIPAddress": "192.0.2.1",
        "userIdentity": {
            "type": "AssumedRole",
            "arn": "arn:aws:sts::111122223333:assumed-role/worker/ann",
            "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {
                "sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/team/worker", "userName": "worker"}
            },
        },
    }
    assert facts(made) == (
        MOMENT,
        "6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b",
        "CreateUser",
        "iam.amazonaws.com",
        "ann",
        "ASIAEXAMPLE",
        False,
        "EntityAlreadyExistsException",
        "192.0.2.1",
        "us-east-1",
        "111122223333",
        "Management",
        "worker",
        "ann",
        "arn:aws:iam::111122223333:role/team/worker",
        "\nbob\n",
        "\nAWS::IAM::User\n",
    )


A = "arn:aws:iam::111122223333:"
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
S = "arn:aws:sts::111122223333:"
# userIdentity -> what is known of the caller. [facts §1.4, §6]
CALLERS = [
    (
        {"type": "IAMUser", "arn": f"{A}user/x/ann", "userName": "ann"},
        {"user_name": "ann", "principal": f"{A}user/x/ann"},
    ),
    ({"type": "IAMUser", "arn": f"{A}user/x/ann"}, {"user_name": "ann", "principal": f"{A}user/x/ann"}),
    ({"type": "Root", "arn": f"{A}root", "userName": "alias"}, {"user_name": "root", "principal": f"{A}root"}),
    (
        {"type": "AssumedRole", "arn": f"{S}assumed-role/r/s", "principalId": "AROAEXAMPLE:s"},
        {"user_name": "s", "role": "r", "session": "s", "principal": f"{A}role/r"},
    ),
    (
        {"type": "AssumedRole", "principalId": "AROAEXAMPLE:s"},
        {"user_name": "s", "session": "s"},
    ),
    (
        {
            "type": "AssumedRole",
            "arn": f"{S}assumed-role/r/s",
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": f"{A}role/p/r", "userName": "r"}},
        },
        {"user_name": "s", "role": "r", "session": "s", "principal": f"{A}role/p/r"},
    ),
    (
        {"type": "FederatedUser", "arn": f"{S}federated-user/bob", "principalId": "111122223333:bob"},
        {"user_name": "bob", "session": "bob", "principal": f"{S}federated-user/bob"},
    ),
    ({"type": "FederatedUser", "principalId": "111122223333:bob"}, {"user_name": "bob", "session": "bob"}),
    ({"type": "WebIdentityUser", "userName": "1234", "principalId": "i:a:1234"}, {"user_name": "1234"}),
    ({"type": "SAMLUser", "userName": "ann@example.com"}, {"user_name": "ann@example.com"}),
    ({"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, {"user_name": "ec2.amazonaws.com"}),
    ({"accountId": "111122223333", "invokedBy": "AWS Internal"}, {"user_name": "AWS Internal"}),
    ({"type": "AWSAccount", "principalId": "AROAEXAMPLE:s"}, {"user_name": "s", "session": "s"}),
    ({"type": "AWSAccount", "principalId": "AIDAEXAMPLE"}, {"user_name": "AIDAEXAMPLE"}),
    ({"type": "AWSAccount", "accountId": "anonymous"}, {"user_name": "anonymous"}),
    (
        {"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1", "identityStoreArn": "arn"}},
        {"user_name": "u-1"},
    ),
    ({"type": "IdentityCenterUser", "userName": "ann", "onBehalfOf": {"userId": "u-1"}}, {"user_name": "ann"}),
    (
        {"type": "Role", "arn": f"{A}role/r", "userName": "r"},
        {"user_name": "r", "role": "r", "principal": f"{A}role/r"},
    ),
    (
        {"type": "Unknown", "userName": HIDDEN},
        {"user_name": HIDDEN},
    ),
    ({"type": "Unknown"}, {}),
    ({"type": ["IAMUser"], "userName": {"a": 1}}, {}),
    ("nobody", {}),
    (None, {}),
]


@pytest.mark.parametrize(("identity", "expected"), CALLERS)
def test_callers_are_named_as_lookup_events_names_them(identity, expected):
    assert known(record("any", "X", userIdentity=identity)) == BASE | expected


CATEGORIES = [
    ({"eventCategory": "Data", "managementEvent": False}, "Data"),
    ({"managementEvent": False}, "Data"),
    ({"managementEvent": True}, "Management"),
    ({"eventType": "AwsApiCall"}, "Management"),
    ({"eventType": "AwsVpceEvent"}, "NetworkActivity"),
    ({"eventType": "AwsVpceEvents"}, "NetworkActivity"),
    ({"eventType": "AwsCloudTrailInsight"}, "Insight"),
    ({"eventType": "AwsAggregatedEvent"}, "Aggregated"),
    ({"eventCategory": 7, "eventType": []}, "7"),
]


@pytest.mark.parametrize(("more", "category"), CATEGORIES)
def test_older_records_have_a_category_too(more, category):
    assert known(record("any", "X", **more))["category"] == category


@pytest.mark.parametrize(
    ("said", "expected"), [(True, True), (False, False), ("true", True), ("false", False), ("no", None), (1, None)]
)
def test_read_only_is_what_the_record_says(said, expected):
    assert known(record("any", "X", readOnly=said)).get("read_only") is expected


def test_an_insight_is_about_another_event():
    made = {
        "eventTime": "2026-11-21T10:20:30Z",
        "awsRegion": "us-east-1",
        "eventID": "1",
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": "111122223333",
        "insightDetails": {
            "eventSource": "any.amazonaws.com",
            "eventName": "X",
            "errorCode": "AccessDenied",
            "insightType": "ApiErrorRateInsight",
        },
        "eventCategory": "Insight",
    }
    assert known(made) == BASE | {"event_id": "1", "category": "Insight", "error_code": "AccessDenied"}


def test_an_aggregated_event_counts_from_its_window_on():
    made = {
        "accountId": "111122223333",
        "eventId": "1",
        "eventCategory": "Aggregated",
        "awsRegion": "us-east-1",
        "eventSource": "any.amazonaws.com",
        "timeWindow": {"windowStart": "2026-11-21T10:20:30Z", "windowSize": "PT5M"},
    }
    expected = BASE | {"event_id": "1", "category": "Aggregated"}
    del expected["event_name"]
    assert known(made) == expected


def test_the_account_is_the_callers_where_no_recipient_is_told():
    made = record("any", "X", userIdentity={"type": "Unknown", "accountId": 444455556666})
    del made["recipientAccountId"]
    assert known(made)["account"] == "444455556666"


TIMES = [
    ("2026-11-21T10:20:30Z", MOMENT),
    ("2026-11-21T10:20:30.987Z", MOMENT),
    ("2026-11-21t10:20:30z", MOMENT),
    ("2026-11-21 10:20:30", MOMENT),
    ("2026-11-21T12:20:30+02:00", MOMENT),
    ("2026-11-21T05:20:30-0500", MOMENT),
    ("2016-12-31T23:59:60Z", 1483228800),
    ("1969-12-31T23:59:59Z", -1),
    ("0001-01-01T00:00:00Z", -62135596800),
    ("9999-12-31T23:59:59-23:59", 253402387139),
]
NO_TIMES = [
    None,
    "",
    "yesterday",
    "2026-11-21",
    "2026-13-21T10:20:30Z",
    "2026-11-31T10:20:30Z",
    "2026-11-21T24:00:00Z",
    "2026-11-21T10:20:61Z",
    "2026-11-21T10:20:+1Z",
    "2026-11-21T10:20:30Z\n",
    "\uff12026-11-21T10:20:30Z",
    1795256430,
    ["2026-11-21T10:20:30Z"],
    {},
]


@pytest.mark.parametrize(("text", "seconds"), TIMES)
def test_a_moment_is_read(text, seconds):
    assert [event_time(text), event_time(text)] == [seconds, seconds]


@pytest.mark.parametrize("value", NO_TIMES)
def test_a_record_without_a_moment_is_none(value):
    assert facts({**record("any", "X"), "eventTime": value}) is None


def test_a_minute_is_remembered_for_whole_seconds_alone():
    assert [event_time(f"2026-11-21T10:20:{rest}") for rest in ("31Z", "99Z", "3", "31ZZ")] == [
        MOMENT + 1,
        None,
        None,
        None,
    ]


def test_resources_stand_between_newlines_each_once():
    own = [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::b"}]
    found = known(record("s3", "X", {"bucketName": "b", "key": "k"}, resources=own))
    assert (found["resource_name"], found["resource_type"]) == ("\narn:aws:s3:::b\nb\n", "\nAWS::S3::Bucket\n")


def test_a_name_with_a_newline_stays_one_name():
    found = known(record("iam", "X", {"userName": "a\nb\0"}, resources=[{"type": "T\nU", "ARN": "arn:\n"}]))
    assert (found["resource_name"], found["resource_type"]) == ("\narn: \na b \n", "\nT U\nAWS::IAM::User\n")


FIELDS = [
    "eventTime", "eventID", "eventName", "eventSource", "eventType", "eventCategory", "awsRegion", "userIdentity",
    "sourceIPAddress", "errorCode", "errorMessage", "requestParameters", "responseElements", "serviceEventDetails",
    "resources", "readOnly", "recipientAccountId", "insightDetails", "managementEvent", "timeWindow", "eventId",
    "accountId",
]  # fmt: skip
INSIDE = [
    "type", "arn", "ARN", "ARNPrefix", "userName", "principalId", "accountId", "sessionContext", "sessionIssuer",
    "onBehalfOf", "userId", "windowStart", "eventName", "bucketName", "key", "instanceId", "content", "omitted", "name",
]  # fmt: skip
TEXTS = st.sampled_from(
    [
        "", "\n", "\0", "AccessDenied", "AssumedRole", "IAMUser", "AWSAccount", "s3.amazonaws.com", "iam.amazonaws.com",
        "GetObject", "ec2.amazonaws.com", "2026-11-21T10:20:30Z", "arn:aws:s3:::b/k", "arn::::", "arn:",
        "i-0123456789abcdef0",
        "arn:aws:sts::1:assumed-role/r/s\n", "Insight", "true", "us-east-1", "cn-north-1", "x" * 3000,
        "User: a is not authorized to perform: s3:GetObject on resource: role r because no session policy allows",
    ]
) | st.text(max_size=30)  # fmt: skip
SCALARS = TEXTS | st.none() | st.booleans() | st.integers() | st.floats()
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(INSIDE) | TEXTS, inner, max_size=4),
    max_leaves=15,
)
RECORDS = st.dictionaries(st.sampled_from(FIELDS) | TEXTS, TREES, max_size=len(FIELDS))


@settings(max_examples=200, deadline=None)
@given(RECORDS, st.booleans())
def test_any_object_has_facts_or_no_moment(made, timed):
    found = facts({**made, "eventTime": "2026-11-21T10:20:30Z"} if timed else made)
    assert found is not None or not timed
    if found is not None:
        types = [int, *[str] * 5, (bool, type(None)), *[str] * 10]
        assert [isinstance(value, kind) for value, kind in zip(found, types, strict=True)] == [True] * len(COLUMNS)
        assert all(text == "" or (text[0] == text[-1] == "\n" and len(text) > 2) for text in found[-2:])
        assert found[-2].count("\n") <= MOST + 1


@settings(max_examples=100, deadline=None)
@given(RECORDS)
def test_any_object_has_resources_that_are_texts_in_bounds(made):
    found = resources(made)
    assert len(found) == len(set(found)) <= MOST
    assert all(name and len(name) <= LONGEST for _, name in found)
    assert not any(character in text for pair in found for text in pair for character in "\n\0")


@settings(max_examples=100, deadline=None)
@given(RECORDS, st.sampled_from(["AccessDenied", "Client.UnauthorizedOperation", "VpceAccessDenied"]), TEXTS)
def test_any_refusal_can_be_told(made, code, message):
    found = denial({**made, "errorCode": code, "errorMessage": message})
    assert found is not None
    assert all(isinstance(one, str) and one for one in found.sentences())


def test_deep_and_wide_records_take_no_long_time():
    deep: Any = {"arn": "arn:aws:s3:::b"}
    for _ in range(100_000):
        deep = {"a": deep}
    wide = {"items": [{"instanceIds": ["i-0123456789abcdef0"] * 10} for _ in range(100_000)]}
    keys = {f"k{n}Id": "i-0123456789abcdef0" for n in range(100_000)}
    start = time.process_time()
    for request in (deep, wide, keys):
        facts(record("any", "X", request))
    message = "User: " * 2_000_000
    denial(record("any", "X", errorCode="AccessDenied", errorMessage=message))
    assert time.process_time() - start < 5


def test_names_that_nobody_has_are_not_remembered():
    for n in range(3):
        name = f"{n}" * 100_000
        facts(record(name, name, {name: name}, userIdentity={"type": "AssumedRole", "arn": f"arn:{name}"}))
    caches = (_PLANS, _TYPES, _ROLES, _MINUTES, _WHATS)
    assert not [key for cache in caches for key in cache if len(json.dumps(key)) > 5000]


def test_what_is_remembered_of_a_text_is_not_taken_for_another_value():
    codes = [facts(record("any", "X", errorCode=code))[7] for code in ("1", True, 1, 1.0, ["1"], None, "1")]
    assert codes == ["1", "", "1", "", "", "", "1"]
