"""Results, one row a fact of how AWS spells them, and what holds for both ways."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
REMOVED = "<sensitiveDataRemoved>"
MICRO = timedelta(microseconds=1)
NOON = datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)

RESULTS: list[tuple[str, str, Any, Any]] = [
    ("iam", "ListUsers", {"Users": [{"UserName": "u"}]}, None),
    ("iam", "AttachRolePolicy", {}, None),
    (
        "iam",
        "CreateAccessKey",
        {"AccessKey": {"UserName": "u", "SecretAccessKey": "s", "CreateDate": NOON}},
        {"accessKey": {"userName": "u", "createDate": "Jul 9, 2023, 12:05:03 PM"}},
    ),
    (
        "sts",
        "AssumeRole",
        {"Credentials": {"SecretAccessKey": "s", "AccessKeyId": "A"}},
        {"credentials": {"accessKeyId": "A"}},
    ),
    ("sts", "GetCallerIdentity", {"Account": "1"}, None),
    (
        "iam",
        "CreateRole",
        {"Role": {"AssumeRolePolicyDocument": {"Version": "2012-10-17"}}},
        {"role": {"assumeRolePolicyDocument": "%7B%22Version%22%3A%20%222012-10-17%22%7D"}},
    ),
    ("rds", "DeleteDBInstance", {"DBInstance": {"DBInstanceArn": "a"}}, {"dBInstanceArn": "a"}),
    ("elbv2", "CreateRule", {"Rules": [{"RuleArn": "a"}]}, {"rules": [{"ruleArn": "a"}]}),
    ("secretsmanager", "CreateSecret", {"ARN": "a", "Name": "n", "VersionId": "v"}, {"arn": "a"}),
    ("dynamodb", "PutItem", {"Attributes": {"a": {"S": "v"}}}, None),
    ("ssm", "StartSession", {"TokenValue": "t"}, {"tokenValue": "Value hidden due to security reasons."}),
    (
        "lightsail",
        "CreateKeyPair",
        {"privateKeyBase64": "k", "publicKeyBase64": "p"},
        {"privateKeyBase64": HIDDEN, "publicKeyBase64": "p"},
    ),
    ("sts", "AssumeRole", {"Credentials": {"SessionToken": "t"}}, {"credentials": {"sessionToken": "t"}}),
    ("rds", "ModifyDBInstance", {"DBInstance": {"PendingModifiedValues": {}}}, {"pendingModifiedValues": {}}),
    (
        "rds",
        "CreateDBInstance",
        {"DBInstance": {"PendingModifiedValues": {"Port": 1, "MasterUserPassword": "p"}}},
        {"pendingModifiedValues": {"port": 1, "masterUserPassword": HIDDEN}},
    ),
    ("rds", "CreateDBProxy", {"DBProxy": {"DBProxyName": "p"}}, {"dBProxy": {"dBProxyName": "p"}}),
    ("apigateway", "CreateStage", {"variables": {}}, {"variables": {}}),
    ("apigateway", "CreateStage", {"variables": {"a": "b"}}, {"variables": "***"}),
    ("amplify", "CreateApp", {"app": {"environmentVariables": {"a": "b"}}}, {"app": {"environmentVariables": "***"}}),
    ("amplify", "CreateApp", {"app": {"basicAuthCredentials": "c"}}, {"app": {"basicAuthCredentials": "***"}}),
    ("backup", "CreateBackupVault", {"CreationDate": NOON}, {"creationDate": "Jul 9, 2023, 12:05:03 PM"}),
    (
        "synthetics",
        "CreateCanary",
        {"Canary": {"Timeline": {"Created": NOON}}},
        {"Canary": {"Timeline": {"Created": 1688904303.0}}},
    ),
    ("amplify", "CreateApp", {"app": {"createTime": NOON}}, {"app": {"createTime": 1688904303.0}}),
    ("ec2", "AssociateAddress", {"AssociationId": "a"}, {"associationId": "a", "_return": True}),
    ("eks", "CreateNodegroup", {"nodegroup": {"clusterName": "c"}}, {"nodegroup": {"clusterName": "c"}}),
    ("mediaconvert", "CreateQueue", {"Queue": {"CreatedAt": NOON}}, {"queue": {"createdAt": 1688904303.0}}),
    ("apigatewayv2", "CreateStage", {"CreatedDate": NOON}, {"createdDate": "2023-07-09T12:05:03Z"}),
    ("bedrock", "UpdateGuardrail", {"updatedAt": NOON + MICRO}, {"updatedAt": "2023-07-09T12:05:03.000001Z"}),
    (
        "ec2",
        "CreateNetworkInterface",
        {"NetworkInterface": {"PrivateIpAddresses": [{"Primary": True}]}},
        {"networkInterface": {"privateIpAddressesSet": {"item": [{"primary": True}]}}},
    ),
    ("lambda", "Invoke", {"StatusCode": 200, "Payload": object()}, None),
    ("iot-data", "UpdateThingShadow", {"payload": object()}, None),
    ("sqs", "SendMessage", {"MD5OfMessageBody": "m", "MessageId": "i"}, {"mD5OfMessageBody": "m", "messageId": "i"}),
    ("sqs", "ReceiveMessage", {"Messages": [{"Body": "b"}]}, None),
    ("ec2", "DescribeInstances", {"Reservations": []}, None),
    ("ec2", "DeleteVolume", {"ResponseMetadata": {"RequestId": "r"}}, {"requestId": "r", "_return": True}),
    ("ec2", "CreateKeyPair", {"KeyMaterial": "k"}, {"keyMaterial": REMOVED}),
    (
        "ec2",
        "CreateVolume",
        {"State": "creating", "AvailabilityZone": "z", "CreateTime": NOON, "Attachments": []},
        {"status": "creating", "zone": "z", "createTime": 1688904303000, "attachmentSet": {}},
    ),
    (
        "ec2",
        "DeleteNatGateway",
        {"NatGatewayId": "n", "ResponseMetadata": {"RequestId": "r"}},
        {
            "DeleteNatGatewayResponse": {
                "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
                "requestId": "r",
                "natGatewayId": "n",
            }
        },
    ),
    (
        "ec2",
        "CreateFlowLogs",
        {"FlowLogIds": ["fl"], "Unsuccessful": []},
        {
            "CreateFlowLogsResponse": {
                "xmlns": "http://ec2.amazonaws.com/doc/2016-11-15/",
                "flowLogIdSet": {"item": "fl"},
                "unsuccessful": "",
            }
        },
    ),
    ("s3", "CreateBucket", {"Location": "/b"}, None),
]


@pytest.mark.parametrize(("service", "operation", "parsed", "expected"), RESULTS)
def test_a_result_is_spelt_as_aws_does(plan: Any, service: str, operation: str, parsed: Any, expected: Any) -> None:
    assert plan(service, operation).response_elements(parsed, {}) == expected


def test_what_s3_stores_logs_the_headers_of_the_answer(plan: Any) -> None:
    headers = {"x-amz-server-side-encryption": "AES256", "etag": "e", "x-amz-request-id": "r"}
    assert plan("s3", "PutObject").response_elements({}, headers) == {"x-amz-server-side-encryption": "AES256"}
    assert plan("s3", "PutObject").response_elements({}, {}) is None


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


def test_of_a_result_that_is_sensitive_as_a_whole_only_names_are_written(plan: Any) -> None:
    made = plan("codeartifact", "GetAuthorizationToken").response_elements
    hidden = {"authorizationToken": HIDDEN, "expiration": HIDDEN}
    assert made({"authorizationToken": "t", "expiration": NOON, "ResponseMetadata": {}}, {}) == hidden


def test_a_recursive_shape_is_compiled(plan: Any) -> None:
    configuration = {"Classification": "a", "Configurations": [{"Classification": "b", "Properties": {"X": "y"}}]}
    made = plan("emr", "RunJobFlow").request_parameters({"Name": "n", "Configurations": [configuration]})
    inner = {"classification": "b", "properties": {"X": "y"}}
    assert made["configurations"] == [{"classification": "a", "configurations": [inner]}]
