"""Values that are not what the model says, one by one; what holds for all of them is in `test_properties.py`."""

from __future__ import annotations

import copy
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from enum import IntEnum
from typing import Any

import pytest
from hostile import Untouchable

from bototrail.record import plan_for
from bototrail.record.rules import HIDDEN
from bototrail.record.shapes import is_named_secret


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [("lambda", "Invoke", "Payload"), ("s3", "PutObject", "Body"), ("rekognition", "DetectFaces", "Image")],
)
def test_a_body_is_never_touched(plan: Any, service: str, operation: str, member: str) -> None:
    body = Untouchable()
    plan(service, operation).request_parameters({member: body if member != "Image" else {"Bytes": body}})
    assert not body.touched


def test_an_iterator_is_left_to_the_program(plan: Any) -> None:
    numbers = iter(["a", "b"])
    made = plan("iam", "ListUserTags").request_parameters({"UserName": numbers})
    assert made == {"userName": "<list_iterator>"}
    assert list(numbers) == ["a", "b"]


def test_a_mapping_that_cannot_be_read_still_makes_a_record(plan: Any) -> None:
    class Broken(dict[str, Any]):
        def items(self) -> Any:
            raise RuntimeError("no")

    made = plan("iam", "CreateUser").request_parameters(Broken(UserName="u"))
    assert made == {"reason": "could not be read", "omitted": True}


def test_odd_scalars_become_text(plan: Any) -> None:
    class Loud:
        def __str__(self) -> str:
            raise RuntimeError("no")

    made = plan("iam", "CreateUser").request_parameters
    assert made({"UserName": Decimal("1.50")}) == {"userName": "1.50"}
    assert made({"UserName": Loud()}) == {"userName": "<Loud>"}
    assert made({"UserName": {"a": 1}}) == {"userName": "<dict>"}
    assert made({"UserName": None}) is None


def test_numbers_of_other_types_stay_numbers(plan: Any) -> None:
    class Float(float):
        def __float__(self) -> float:
            raise RuntimeError("no")

    made = plan("cloudwatch", "PutMetricAlarm").request_parameters(
        {"Period": IntEnum("P", {"A": 60}).A, "Threshold": Float(1.5)}
    )
    assert made == {"period": 60, "threshold": 1.5}
    assert [type(value) for value in made.values()] == [int, float]


def test_defaults_are_not_shared_between_records(plan: Any) -> None:
    made = plan("ec2", "RunInstances").request_parameters({})
    kept = copy.deepcopy(made)
    made["monitoring"]["enabled"] = "changed"
    made["blockDeviceMapping"]["x"] = 1
    assert plan("ec2", "RunInstances").request_parameters({}) == kept


def test_a_plan_is_compiled_once(plan: Any) -> None:
    assert plan("iam", "CreateUser") is plan("iam", "CreateUser")


def test_many_threads_may_ask_for_the_same_plan(service_model: Any) -> None:
    model = service_model("dynamodb")
    operation = model.operation_model("TransactWriteItems")
    params = {"TransactItems": [{"Put": {"TableName": "t", "Item": {"a": {"L": [{"S": "v"}]}}}}]}
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: plan_for(model, operation).request_parameters(params), range(64)))
    assert made == [{"requestItems": [{"operation": "Put", "tableName": "t", "items": ["a"]}]}] * 64


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT b FROM \"A-T\".idx WHERE a='x''y' AND b2 > -1.5e3", 'SELECT b FROM "A-T".idx WHERE a=* AND b2 > *'),
        ("INSERT INTO t VALUE {'k': 'v', 'n': 7}", "INSERT INTO t VALUE {*: *, *: *}"),
        ("SELECT a FROM t WHERE b = `2007-02-23T`", "SELECT a FROM t WHERE b = *"),
        ("UPDATE t SET pin=pin-1234 WHERE a=b.c-99", "UPDATE t SET pin=pin* WHERE a=b.c*"),
        ('INSERT INTO "t" VALUE {"k": "in the wrong quotes"}', 'INSERT INTO "t" VALUE {*: *}'),
        ("UPDATE t SET a = ? WHERE k = 'open", "*"),
        ('SELECT a FROM "t', "*"),
        ("SELECT a FROM t -- 'secret'", "*"),
        ("SELECT a /* x */ FROM t", "*"),
    ],
)
def test_a_statement_is_written_without_its_values(plan: Any, statement: str, expected: str) -> None:
    made = plan("dynamodb", "ExecuteStatement").request_parameters({"Statement": statement})
    assert made == {"statement": expected.replace("*", "***(Redacted)")}


@pytest.mark.parametrize(
    ("service", "shape", "member", "secret"),
    [
        ("elasticache", "CreateUserMessage", "Passwords", True),
        ("emr", "KerberosAttributes", "KdcAdminPassword", True),
        ("lightsail", "CreateKeyPairResult", "privateKeyBase64", True),
        ("directconnect", "NewBGPPeer", "authKey", True),
        ("pinpoint", "APNSChannelRequest", "TokenKey", True),
        ("secretsmanager", "GetSecretValueRequest", "SecretId", False),
        ("rds", "CreateDBInstanceMessage", "ManageMasterUserPassword", False),
        ("rds", "DBInstance", "MasterUserSecret", False),
        ("kms", "DescribeKeyRequest", "KeyId", False),
        ("s3", "ListObjectsV2Request", "ContinuationToken", False),
        ("logs", "DescribeLogGroupsRequest", "nextToken", False),
        ("codebuild", "RegistryCredential", "credentialProvider", False),
    ],
)
def test_a_secret_is_known_by_its_name(service_model: Any, service: str, shape: str, member: str, secret: bool) -> None:
    found = service_model(service).shape_for(shape).members[member]
    assert is_named_secret(member, found) is secret


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        (
            "sns",
            "CreatePlatformApplication",
            {"Name": "n", "Attributes": {"PlatformCredential": "k", "EventEndpointCreated": "t"}},
            {"name": "n", "attributes": {"PlatformCredential": HIDDEN, "EventEndpointCreated": "t"}},
        ),
        (
            "cognito-idp",
            "CreateIdentityProvider",
            {"ProviderDetails": {"client_id": "i", "client_secret": "s"}},
            {"providerDetails": {"client_id": "i", "client_secret": HIDDEN}},
        ),
        ("elasticache", "CreateUser", {"Passwords": ["p"]}, {"passwords": HIDDEN}),
        ("elasticache", "CreateUser", {"Passwords": []}, {"passwords": []}),
    ],
)
def test_a_secret_in_a_map_or_a_list_is_hidden(
    plan: Any, service: str, operation: str, params: Any, expected: Any
) -> None:
    assert plan(service, operation).request_parameters(params) == expected
