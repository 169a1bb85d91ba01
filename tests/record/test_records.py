"""The parts that all records have in common."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bototrail.model import Call, Connection, Owner
from bototrail.record import assemble

ORDER = [
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "userAgent",
    "errorCode",
    "errorMessage",
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "requestID",
    "eventID",
    "readOnly",
    "resources",
    "eventType",
    "apiVersion",
    "managementEvent",
    "recipientAccountId",
    "vpcEndpointId",
    "eventCategory",
    "tlsDetails",
]


def test_fields_stand_in_the_order_of_aws(record: Any) -> None:
    endpoint = "https://vpce-0a1b2c-3d4e.dynamodb.us-east-1.vpce.amazonaws.com/"
    seen = {"error_code": "X", "error_message": "m", "labels": {"actor": "job"}, "url": endpoint}
    made = record("dynamodb", "PutItem", {"TableName": "t"}, **seen)
    assert list(made) == ORDER
    assert made["vpcEndpointId"] == "vpce-0a1b2c"


def test_a_record_is_one_line_without_blanks(plan: Any) -> None:
    made = plan("iam", "CreateUser")
    call = Call(plan=made, request_parameters={"userName": "é\n"}, user_agent="x")
    raw = assemble(call, "id", Owner(b"@identity@", b"@account@"))
    assert raw.startswith(b'{"eventVersion":"1.11","userIdentity":@identity@,"eventTime":"')
    assert b'"recipientAccountId":"@account@"' in raw
    assert b"\n" not in raw
    assert b'": ' not in raw


def test_a_placeholder_stands_in_resources_too(plan: Any) -> None:
    made = plan("ssm", "GetParameter")
    call = Call(plan=made, request_parameters=made.request_parameters({"Name": "n"}))
    raw = assemble(call, "id", Owner(b"{}", b"@account@"))
    entry = b'"resources":[{"accountId":"@account@","ARN":"arn:aws:ssm:us-east-1:@account@:parameter/n"}]'
    assert entry in raw


def test_a_call_without_connection_has_no_tls_and_comes_from_here(record: Any) -> None:
    made = record("iam", "ListUsers", connection=None)
    assert "tlsDetails" not in made
    assert made["sourceIPAddress"] == "127.0.0.1"


def test_an_unencrypted_connection_has_no_tls(record: Any) -> None:
    assert "tlsDetails" not in record("iam", "ListUsers", connection=Connection("::1", None, None))


def test_the_address_can_be_set(plan: Any) -> None:
    call = Call(plan=plan("iam", "ListUsers"), connection=Connection("192.0.2.7", None, None))
    made = json.loads(assemble(call, "id", Owner(b"{}", b"1"), source_ip="203.0.113.9"))
    assert made["sourceIPAddress"] == "203.0.113.9"


def test_a_call_without_an_answer_has_no_request_id(record: Any) -> None:
    seen = {"error_code": "EndpointConnectionError", "error_message": "no", "answered": False, "request_id": None}
    made = record("iam", "ListUsers", **seen)
    assert "requestID" not in made
    assert made["errorCode"] == "EndpointConnectionError"


def test_labels_and_how_the_call_was_made_are_additional_data(record: Any) -> None:
    made = record("iam", "ListUsers", labels={"actor": "job"}, stubbed=True, presigned=True)
    assert made["additionalEventData"] == {"labels": {"actor": "job"}, "stubbed": True, "presigned": True}
    assert "additionalEventData" not in record("iam", "ListUsers")


@pytest.mark.parametrize("field", ["requestParameters", "responseElements"])
def test_a_tree_of_more_than_100_kb_is_omitted(record: Any, field: str) -> None:
    seen = {"request_parameters": {"a": "x" * 110_000}, "response_elements": {"a": "x" * 110_000}}
    expected = {"reason": f"{field} too large", "omitted": True, "originalSize": "110008"}
    assert record("iam", "CreateUser", **seen)[field] == expected


def test_additional_data_of_more_than_28_kb_is_omitted(record: Any) -> None:
    assert "additionalEventData" not in record("iam", "ListUsers", labels={"a": "x" * 30_000})


def test_more_than_16_kb_of_resources_are_left_out(record: Any) -> None:
    assert len(record("ssm", "GetParameters", {"Names": ["n"] * 1000})["resources"]) == 1
    assert "resources" not in record("ssm", "GetParameters", {"Names": [f"n{i}" for i in range(1000)]})


@pytest.mark.parametrize("field", ["userAgent", "errorCode", "errorMessage", "requestID"])
def test_a_text_of_more_than_1_kb_is_cut(record: Any, field: str) -> None:
    seen = dict.fromkeys(("user_agent", "error_code", "error_message", "request_id"), "é" * 2000)
    text = record("iam", "CreateUser", **seen)[field]
    assert len(text.encode()) <= 1024
    assert text.endswith("...")


@pytest.mark.parametrize(
    ("value", "expected"),
    [("\ud800x", "?x"), (2**70, 2**70), (10**400, "1" + "0" * 400), (float("nan"), None), ("\x00", "\x00")],
)
def test_what_is_no_json_is_made_json(record: Any, value: Any, expected: Any) -> None:
    made = record("iam", "CreateUser", {"UserName": value})
    assert made["requestParameters"] == {"userName": expected}


def deep(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"a": value}
    return value


@pytest.mark.parametrize("tree", [{"a": 10**5000}, deep(100_000)], ids=["number", "depth"])
def test_what_python_cannot_print_is_said_to_be_unreadable(record: Any, tree: Any) -> None:
    unreadable = {"reason": "could not be read", "omitted": True}
    assert record("iam", "CreateUser", request_parameters=tree)["requestParameters"] == unreadable


def test_an_object_may_be_called_like_an_arn(record: Any) -> None:
    made = record("s3", "PutObject", {"Bucket": "b", "Key": "arn:a:b:c:d:e"})
    assert [entry["ARN"] for entry in made["resources"]] == ["arn:aws:s3:::b/arn:a:b:c:d:e", "arn:aws:s3:::b"]
