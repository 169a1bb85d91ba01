"""What trails take: the table of cases, on records and on calls."""

from __future__ import annotations

from typing import Any

import pytest
from trails.cases import CASES
from trails.events import advanced, call_of, decided, record_of, selector, trail_of

from bototrail.trails import conditions, records
from bototrail.trails.conditions import as_advanced
from bototrail.trails.data_types import DATA_TYPES
from bototrail.trails.selectors import takes

IDS = [case[0] for case in CASES]


def event(what: tuple[Any, ...]) -> Any:
    service, operation, params, seen = (*what, *({},) * (4 - len(what)))
    return call_of(service, operation, params, **seen)


@pytest.mark.parametrize(("_", "fields", "what", "expected"), CASES, ids=IDS)
def test_a_trail_takes_an_event_or_not(_, fields, what, expected):
    call = event(what)
    assert takes(trail_of(fields), record_of(call)) is expected


@pytest.mark.parametrize(("_", "fields", "what", "expected"), CASES, ids=IDS)
def test_of_a_call_the_same_is_known(_, fields, what, expected):
    assert decided([trail_of(fields)], event(what)) == (("t",) if expected else (), ())


def test_cases_are_many_and_each_is_one():
    assert len(CASES) > 130
    assert len(IDS) == len(set(IDS))


OTHERS = [
    # Records that no SDK writes.
    ("the console", ("sessionCredentialFromConsole = true",), {"sessionCredentialFromConsole": "true"}, True),
    ("not the console", ("sessionCredentialFromConsole != true",), {"sessionCredentialFromConsole": "true"}, False),
    ("a service's own", ("eventType != AwsServiceEvent",), {"eventType": "AwsServiceEvent"}, False),
    ("refused by an endpoint", ("errorCode = VpceAccessDenied",), {"errorCode": "VpceAccessDenied"}, True),
    ("refused otherwise", ("errorCode = VpceAccessDenied",), {"errorCode": "AccessDenied"}, False),
    ("by an endpoint", ("vpcEndpointId = vpce-1",), {"vpcEndpointId": "vpce-1"}, True),
    ("by another endpoint", ("vpcEndpointId = vpce-1",), {"vpcEndpointId": "vpce-2"}, False),
    ("a caller without ARN", ("userIdentity.arn ^= arn:",), {"userIdentity": {"type": "AWSService"}}, False),
    ("deselected, a caller without ARN", ("userIdentity.arn !^= arn:",), {"userIdentity": None}, True),
    ("of a type of its own", ("resources.type = AWS::New::Thing",), {"resources": [{"type": "AWS::New::Thing"}]}, True),
    ("of no type", ("resources.type = AWS::New::Thing",), {"resources": [{"ARN": "arn:aws:new:::x"}]}, False),
]


@pytest.mark.parametrize(("_", "fields", "more", "expected"), OTHERS, ids=[row[0] for row in OTHERS])
def test_of_other_records_the_same_holds(_, fields, more, expected):
    event = {"eventSource": "new.amazonaws.com", "eventName": "Make", "awsRegion": "us-east-1", **more}
    assert takes(trail_of(advanced(selector(*fields))), event) is expected


ODD = [None, 0, "", True, [], {}, [None], [[]], {"a": 1}, "arn:", [{"ARN": 1, "type": []}], "\ud800", 10**400]


@pytest.mark.parametrize("key", [*(place[0] for place in records.PLACES.values()), "awsRegion", "recipientAccountId"])
@pytest.mark.parametrize("value", ODD, ids=repr)
def test_an_odd_record_is_read(key, value):
    every = trail_of(advanced(*(selector(f"{field} ^= a", "resources.ARN != x") for field in records.PLACES)))
    for key2 in ("resources", "requestParameters", "responseElements", "tlsDetails", "eventName"):
        for what in ({}, {"eventSource": "s3.amazonaws.com", "eventName": "CopyObject"}):
            assert takes(every, {**what, key: value, key2: value}) in (True, False)
            assert takes(trail_of({}), {**what, key: value, key2: value}) is False


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_odd_parameters_are_read(value):
    members = ("bucketName", "key", "entries", "functionName", "shardIterator", "source", "targetArn", "streamARN")
    trail = trail_of(advanced(selector("resources.ARN = x")))
    for source, rows in DATA_TYPES.items():
        for name in rows:
            event = {"eventSource": source, "eventName": name, "requestParameters": dict.fromkeys(members, value)}
            assert takes(trail, event) is False


def wrong() -> list[str]:
    records._selectors.cache_clear()
    return [
        name for name, fields, what, expected in CASES if takes(trail_of(fields), record_of(event(what))) != expected
    ]


@pytest.mark.parametrize("operator", [*conditions.SELECT, *conditions.DESELECT])
@pytest.mark.parametrize("answer", [True, False])
def test_the_cases_see_a_broken_operator(monkeypatch, operator, answer):
    table = conditions.SELECT if operator in conditions.SELECT else conditions.DESELECT
    monkeypatch.setitem(table, operator, lambda value, given: answer)
    assert wrong()


@pytest.mark.parametrize(
    ("module", "name", "broken"),
    [
        (conditions, "_READ_WRITE", {}),
        (conditions, "_BASIC", {}),
        (conditions, "DEFAULT_SELECTORS", ()),
        (records, "in_region", lambda *_: True),
        (records, "is_global", lambda _: False),
        (records, "with_account", lambda resources, _: resources),
        *[
            (records, "PLACES", {**records.PLACES, name: ("nowhere",)})
            for name in records.PLACES
            if name not in ("errorCode", "sessionCredentialFromConsole", "vpcEndpointId")
        ],
    ],
)
def test_the_cases_see_a_broken_rule(monkeypatch, module, name, broken):
    monkeypatch.setattr(module, name, broken)
    assert wrong()


def test_basic_selectors_are_advanced_ones():
    fields = {
        "EventSelectors": (
            {
                "ReadWriteType": "WriteOnly",
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
                "DataResources": [
                    {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::b/"]},
                    {"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]},
                ],
            },
        )
    }
    write = {"Field": "readOnly", "Equals": ["false"]}
    a_datum = {"Field": "eventCategory", "Equals": ["Data"]}
    assert [one["FieldSelectors"] for one in as_advanced(trail_of(fields))] == [
        [
            {"Field": "eventCategory", "Equals": ["Management"]},
            {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
            write,
        ],
        [
            a_datum,
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::b/"]},
            write,
        ],
        [a_datum, {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]}, write],
    ]
