"""Results by the general rules, one row a rule, and what holds for both ways; `rows/` has what single services do."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest
from record.calls import of_current_models
from record.rows import HIDDEN, NOON

MICRO = timedelta(microseconds=1)

RESULTS: list[tuple[str, str, Any, Any]] = [
    ("iam", "ListUsers", {"Users": [{"UserName": "u"}]}, None),
    ("iam", "AttachRolePolicy", {}, None),
    ("iam", "CreateUser", {"User": {"CreateDate": NOON}}, {"user": {"createDate": "Jul 9, 2023, 12:05:03 PM"}}),
    ("elbv2", "CreateRule", {"Rules": [{"RuleArn": "a"}]}, {"rules": [{"ruleArn": "a"}]}),
    ("eks", "CreateNodegroup", {"nodegroup": {"clusterName": "c"}}, {"nodegroup": {"clusterName": "c"}}),
    ("acm", "RequestCertificate", {"CertificateArn": "a"}, {"certificateArn": "a"}),
    ("backup", "CreateBackupVault", {"CreationDate": NOON}, {"creationDate": "Jul 9, 2023, 12:05:03 PM"}),
    # as on the wire, where the key is the one on the wire
    ("amplify", "CreateApp", {"app": {"createTime": NOON}}, {"app": {"createTime": 1688904303.0}}),
    ("apigatewayv2", "CreateStage", {"CreatedDate": NOON}, {"createdDate": "2023-07-09T12:05:03Z"}),
    (
        "apigatewayv2",
        "UpdateStage",
        {"LastUpdatedDate": NOON + MICRO},
        {"lastUpdatedDate": "2023-07-09T12:05:03.000001Z"},
    ),
    # a secret by its name alone
    (
        "lightsail",
        "CreateKeyPair",
        {"privateKeyBase64": "k", "publicKeyBase64": "p"},
        {"privateKeyBase64": HIDDEN, "publicKeyBase64": "p"},
    ),
    # of newer models a part of what is sensitive as a whole
    ("codeartifact", "GetAuthorizationToken", {"authorizationToken": "t"}, {"authorizationToken": HIDDEN}),
    # a stream, which the program reads
    ("iot-data", "UpdateThingShadow", {"payload": object()}, None),
]


@pytest.mark.parametrize(("service", "operation", "parsed", "expected"), RESULTS)
def test_a_result_is_spelt_as_aws_does(plan: Any, service: str, operation: str, parsed: Any, expected: Any) -> None:
    assert plan(service, operation).response_elements(parsed, {}) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (NOON, "Jul 9, 2023, 12:05:03 PM"),
        (NOON - timedelta(hours=12), "Jul 9, 2023, 12:05:03 AM"),
        (NOON.astimezone(timezone(timedelta(hours=5))), "Jul 9, 2023, 12:05:03 PM"),
        (0, "Jan 1, 1970, 12:00:00 AM"),
        ("2023-07-09", "2023-07-09"),
        (1e30, "<float>"),
    ],
)
def test_a_date_is_written_in_the_us_locale(plan: Any, value: Any, expected: str) -> None:
    made = plan("kms", "ImportKeyMaterial").request_parameters({"KeyId": "k", "ValidTo": value})
    assert made == {"keyId": "k", "validTo": expected}


def test_what_the_program_changes_later_is_not_seen(plan: Any) -> None:
    params = {"UserName": "u", "Tags": [{"Key": "a", "Value": "b"}]}
    made = plan("iam", "CreateUser").request_parameters(params)
    params["Tags"][0]["Key"] = "changed"  # type: ignore[index]
    assert made["tags"] == [{"key": "a", "value": "b"}]


@of_current_models
def test_of_a_result_that_is_sensitive_as_a_whole_only_names_are_written(plan: Any) -> None:
    made = plan("codeartifact", "GetAuthorizationToken").response_elements
    hidden = {"authorizationToken": HIDDEN, "expiration": HIDDEN}
    assert made({"authorizationToken": "t", "expiration": NOON, "ResponseMetadata": {}}, {}) == hidden


def test_a_recursive_shape_is_compiled(plan: Any) -> None:
    configuration = {"Classification": "a", "Configurations": [{"Classification": "b", "Properties": {"X": "y"}}]}
    made = plan("emr", "RunJobFlow").request_parameters({"Name": "n", "Configurations": [configuration]})
    inner = {"classification": "b", "properties": {"X": "y"}}
    assert made["configurations"] == [{"classification": "a", "configurations": [inner]}]
