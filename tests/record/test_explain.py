"""What is said beforehand of a record is what the record then is."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import botocore.session
import orjson
import pytest

from bototrail.record.explain import explain
from bototrail.record.explain.samples import sample
from bototrail.record.explain.tree import Node


@pytest.fixture
def explained(service_model: Any) -> Any:
    def make(service: str, operation: str, depth: int = 3) -> Any:
        model = service_model(service)
        return explain(model, model.operation_model(operation), depth)

    return make


def rows(node: Node, path: str = "") -> dict[str, str]:
    """Key -> what is said of it."""
    found = {}
    for key, child in node.children.items():
        here = f"{path}{key}" if key == "[]" else f"{path}.{key}".lstrip(".")
        if child.remarks:
            found[here] = "; ".join(child.remarks)
        found |= rows(child, here)
    return found


# Of each dialect and each kind of row something that another rule would get wrong.
REQUESTS = [
    ("iam", "CreateLoginProfile", "Password", "left out"),
    ("sns", "Publish", "message", 'hidden as "HIDDEN_DUE_TO_SECURITY_REASONS"; required'),
    ("ses", "SendEmail", "destination", 'hidden as "HIDDEN_DUE_TO_SECURITY_REASONS"; required'),
    ("apigateway", "CreateStage", "createStageInput.variables", 'hidden as "***"'),
    ("secretsmanager", "CreateSecret", "clientRequestToken", "string; made by the SDK when not given"),
    ("lambda", "CreateFunction", "publish", "boolean; false when not given"),
    ("lambda", "CreateFunction", "environment", "always {}"),
    ("lambda", "CreateFunction", "code.ZipFile", "left out"),
    ("dynamodb", "PutItem", "item[]", "the names alone; required"),
    ("dynamodb", "TransactWriteItems", "requestItems[].items[]", "the names alone; required"),
    ("dynamodb", "TransactWriteItems", "requestItems[].key.<key>", "string; bytes in base64; boolean; required"),
    ("dynamodb", "UpdateItem", "key.<key>", "string; bytes in base64; boolean; required"),
    (
        "dynamodb",
        "TransactWriteItems",
        "requestItems[].operation",
        'one of "ConditionCheck", "Put", "Delete", "Update"',
    ),
    ("kms", "Decrypt", "encryptionContext.<key>", "string"),
    ("eks", "AssociateAccessPolicy", "name", "string; from clusterName; required"),
    ("cloudtrail", "LookupEvents", "startTime", 'timestamp, such as "Jul 9, 2023, 1:05:03 PM"'),
    ("s3", "PutBucketAcl", "acl", 'always ""'),
    ("s3", "PutObject", "bucketName", "string; from Bucket; required"),
    ("s3", "PutObject", "SSECustomerKey", "left out"),
    ("s3", "ListObjectsV2", "max-keys", "integer as string"),
    ("s3", "PutBucketLifecycleConfiguration", "LifecycleConfiguration.Rule", "several: an array; required"),
    ("ec2", "RunInstances", "instancesSet.items[].imageId", "string"),
    ("ec2", "RunInstances", "tenancy", "string"),
    ("ec2", "RunInstances", "monitoring.enabled", "boolean; false when not given; required"),
    ("ec2", "RunInstances", "userData", 'hidden as "<sensitiveDataRemoved>"'),
    ("ec2", "DescribeInstances", "filterSet", "{} when not given"),
    ("ec2", "AuthorizeSecurityGroupIngress", "ipPermissions.items[].ipRanges", "{} when not given"),
    ("ec2", "ModifySnapshotAttribute", "attributeType", 'always "CREATE_VOLUME_PERMISSION"'),
    ("ec2", "CreateFlowLogs", "CreateFlowLogsRequest", '"" when not given'),
    ("ec2", "CreateFlowLogs", "CreateFlowLogsRequest.ResourceId.tag", "integer, which element it is"),
]


@pytest.mark.parametrize(("service", "operation", "key", "said"), REQUESTS)
def test_what_is_said_of_an_argument(explained, service, operation, key, said):
    assert rows(explained(service, operation).request.tree)[key] == said


RESPONSES = [
    ("iam", "CreateLoginProfile", "loginProfile.createDate", 'timestamp, such as "Jul 9, 2023, 1:05:03 PM"'),
    ("iam", "CreateRole", "role.assumeRolePolicyDocument", "string; JSON text, percent-encoded"),
    ("sts", "AssumeRole", "credentials.SecretAccessKey", "left out"),
    ("rds", "CreateDBInstance", "dBInstanceIdentifier", "string"),
    ("ec2", "RunInstances", "requestId", "the requestID"),
    ("ec2", "CreateTags", "_return", "always true"),
    ("ec2", "CreateKeyPair", "keyMaterial", 'hidden as "<sensitiveDataRemoved>"'),
    ("s3", "PutObject", "x-amz-version-id", "string"),
    ("lambda", "CreateFunction", "Environment.Variables", "left out"),
]


@pytest.mark.parametrize(("service", "operation", "key", "said"), RESPONSES)
def test_what_is_said_of_a_result(explained, service, operation, key, said):
    assert rows(explained(service, operation).response.tree)[key] == said


@pytest.mark.parametrize(
    ("service", "operation", "why"),
    [
        ("kms", "Decrypt", "reads log no result"),
        ("iam", "AttachRolePolicy", "the operation answers nothing"),
        ("dynamodb", "PutItem", "the service logs no result of this operation"),
    ],
)
def test_why_there_is_no_result(explained, service, operation, why):
    found = explained(service, operation)
    assert (found.response, found.why_null) == (None, why)


TABLE = "arn:{partition}:dynamodb:{region}:{account}:table/{requestParameters.tableName}"
KEY = "arn:{partition}:kms:{region}:{account}:key/{requestParameters.keyId}"
BUCKET = "arn:{partition}:s3:::{requestParameters.bucketName}"


@pytest.mark.parametrize(
    ("service", "operation", "expected"),
    [
        ("iam", "CreateUser", []),
        ("sts", "AssumeRole", [("AWS::IAM::Role", "{requestParameters.roleArn}", None)]),
        ("dynamodb", "PutItem", [("AWS::DynamoDB::Table", TABLE, None)]),
        (
            "kms",
            "Decrypt",
            [
                ("AWS::KMS::Key", "{result.KeyId}", None),
                ("AWS::KMS::Key", KEY, "the result does not tell"),
            ],
        ),
        ("kms", "CreateKey", [("AWS::KMS::Key", "{result.KeyMetadata.Arn}", None)]),
        (
            "s3",
            "PutObject",
            [
                ("AWS::S3::Object", BUCKET + "/{requestParameters.key}", None),
                ("AWS::S3::Bucket", BUCKET, None),
            ],
        ),
    ],
)
def test_resources_are_templates(explained, service, operation, expected):
    found = [(r["type"], r["ARN"], r.get("when")) for r in explained(service, operation).resources]
    assert found == expected


def test_resources_that_depend_on_the_value(explained):
    found = {entry["ARN"]: entry.get("when") for entry in explained("ssm", "PutInventory").resources}
    assert found == {
        "arn:{partition}:ssm:{region}:{account}:managed-instance-inventory/{requestParameters.instanceId}": None,
        "arn:{partition}:ec2:{region}:{account}:instance/{requestParameters.instanceId}": "it begins with i-",
    }


def test_what_an_alias_stands_for_is_not_known(explained):
    assert explained("kms", "Decrypt").unresolved == ("alias/",)


def test_errors(explained):
    iam = explained("iam", "CreateLoginProfile").errors
    assert (iam.denied, iam.denied_parameters, iam.prefix) == ("AccessDenied", False, False)
    assert iam.modelled["NoSuchEntity"] == "NoSuchEntityException"
    ec2 = explained("ec2", "RunInstances").errors
    assert (ec2.denied, ec2.denied_parameters, ec2.prefix) == ("Client.UnauthorizedOperation", True, True)
    assert explained("ssm", "GetParameter").errors.without_parameters == ("ThrottlingException",)
    cloudfront = explained("cloudfront", "CreateDistribution").errors
    assert cloudfront.denied_name == "CreateDistribution2020_05_31"
    eks = explained("eks", "CreateCluster").errors
    assert (eks.message, eks.body) == (False, True)


def test_deep_and_recursive_shapes_stay_readable(explained):
    short = rows(explained("wafv2", "CreateWebACL", depth=2).request.tree)
    assert short["rules[].statement"].startswith("structure, ")
    deep = rows(explained("wafv2", "CreateWebACL", depth=10).request.tree)
    assert deep["rules[].statement.rateBasedStatement.scopeDownStatement"] == "structure, as above"
    assert len(deep) > 10 * len(short)


def test_members_that_take_the_place_of_their_structure_are_shown(explained):
    found = rows(explained("ec2", "RunInstances", depth=1).request.tree)
    assert found["tenancy"] == "string"
    assert found["monitoring.enabled"] == "false when not given"
    for key in ("monitoring", "blockDeviceMapping.items"):
        assert re.fullmatch(r"(list of )?structure, \d members? not shown", found[key])


def test_secrets_below_the_depth_are_told_of(explained):
    found = explained("mq", "CreateBroker", depth=1).request
    assert "users[].password" not in rows(found.tree)
    assert any(member.member == "Users[].Password" and member.never_written for member in found.members)


@pytest.mark.parametrize("operation", ["UpdateItem", "TransactWriteItems"])
def test_alternatives_that_are_not_written_are_no_secrets(explained, operation):
    unwritten = [m.member for m in explained("dynamodb", operation).request.members if m.never_written]
    assert unwritten
    assert not [member for member in unwritten if "<key>" in member]


def test_an_unsigned_call_is_told_apart(explained):
    assert explained("sts", "AssumeRole").signed
    found = explained("sts", "AssumeRoleWithWebIdentity")
    assert (found.signed, orjson.loads(found.example)["userIdentity"]["type"]) == (False, "WebIdentityUser")


FIELDS = [
    *("eventVersion", "userIdentity", "eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress"),
    *("userAgent", "requestParameters", "responseElements", "additionalEventData", "requestID", "eventID", "readOnly"),
    *("resources", "eventType", "managementEvent", "recipientAccountId", "eventCategory", "tlsDetails"),
]


def test_the_example_is_a_record(explained):
    found = orjson.loads(explained("s3", "PutObject").example)
    assert list(found) == FIELDS
    assert found["eventName"] == "PutObject"
    assert found["resources"][0]["ARN"] == "arn:aws:s3:::example-Bucket/example-Key"
    assert datetime.strptime(found["eventTime"], "%Y-%m-%dT%H:%M:%S%z").tzinfo == timezone.utc


def missing(value: Any, node: Node, path: str = "") -> list[str]:
    """Keys of what was written that the skeleton does not have."""
    if isinstance(value, list):
        inner = node.children.get("[]", node)
        return [m for item in value for m in missing(item, inner, path + "[]")]
    if not isinstance(value, dict) or not any(not child.omitted for child in node.children.values()):
        return []  # a leaf, or where the skeleton ends
    return [
        m
        for key, item in value.items()
        for m in (missing(item, node.children[key], f"{path}.{key}") if key in node.children else [f"{path}.{key}"])
    ]


SERVICES = sorted(botocore.session.Session().get_available_services())


@pytest.mark.parametrize("service", SERVICES)
def test_a_skeleton_has_every_key_that_is_written(explained, service_model, service):
    model = service_model(service)
    for name in model.operation_names[:3]:
        found, shape = explained(service, name), model.operation_model(name).input_shape
        written = found.plan.request_parameters(sample(shape)) if shape is not None else None
        assert missing(written or {}, found.request.tree) == [], name
        assert b"could not be read" not in orjson.dumps(found.to_dict())
