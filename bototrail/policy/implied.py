"""What a call needs beside its own actions: roles that it passes on, tags that it makes, keys that it has used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from bototrail.history.places import Place
from bototrail.policy.actions import text_at
from bototrail.policy.aliases import SUFFIXES
from bototrail.policy.arns import Mentions, arns_of, kinds_made, open_arn
from bototrail.policy.catalogue import Action, action, template_of
from bototrail.policy.needs import Condition, Need, Use

_ROLE: Final = re.compile(r"arn:[a-z-]+:iam::[0-9*]*:role/\S+")
_ROLE_KEY: Final = re.compile(r"^(?!.*linked).*(?:role|permissionarn)", re.IGNORECASE)  # linked roles are AWS's own
_OWN_ROLES: Final = frozenset({"access-analyzer", "iam", "sts"})  # there a role is what the call is about

# eventSource's head -> who gets the role; for the others it is not certain. [IAM user guide, services' guides]
_PASSED_TO: Final = {
    "backup": "backup.amazonaws.com",
    "cloudformation": "cloudformation.amazonaws.com",
    "codebuild": "codebuild.amazonaws.com",
    "codepipeline": "codepipeline.amazonaws.com",
    "events": "events.amazonaws.com",
    "firehose": "firehose.amazonaws.com",
    "glue": "glue.amazonaws.com",
    "lambda": "lambda.amazonaws.com",
    "pipes": "pipes.amazonaws.com",
    "sagemaker": "sagemaker.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "states": "states.amazonaws.com",
    "transfer": "transfer.amazonaws.com",
}

# Operations of services that hand roles to several. [ECS and EKS developer guides]
_OPERATION_PASSES_TO: Final = {
    "ecs:RegisterTaskDefinition": "ecs-tasks.amazonaws.com",
    "ecs:RunTask": "ecs-tasks.amazonaws.com",
    "ecs:StartTask": "ecs-tasks.amazonaws.com",
    "eks:CreateCluster": "eks.amazonaws.com",
}

# Services that take a role by its bare name, too, under the key `role`. [Glue API reference]
_NAMED_ROLES: Final = frozenset({"glue"})


def passed_roles(head: str, operation: str, parameters: Any, place: Place) -> Iterator[Need]:
    """`iam:PassRole` for every role that a call hands to a service.

    Args:
        head: of the eventSource.
        operation: eventName without version.
        parameters: requestParameters.
        place: where the call was made.
    """
    if head in _OWN_ROLES:
        return
    service = _OPERATION_PASSES_TO.get(f"{head}:{operation}") or _PASSED_TO.get(head)
    for role in dict.fromkeys(_roles(head, parameters, place)):
        yield Need("iam:PassRole", role, _passed_to(service, place), implied=True)
    if _has_profile(parameters):  # its role is not in the record
        anyone = f"arn:{place.partition}:iam::{place.account}:role/*"
        yield Need("iam:PassRole", anyone, _passed_to("ec2.amazonaws.com", place), implied=True)


def _passed_to(service: str | None, place: Place) -> tuple[Condition, ...]:
    """The condition, where it is certain: in China principals have other names for some services."""
    return (("StringEquals", "iam:PassedToService", service),) if service and place.partition == "aws" else ()


def _has_profile(tree: Any) -> bool:
    if isinstance(tree, Mapping):
        return any(
            (key.lower() == "iaminstanceprofile" and value) or _has_profile(value) for key, value in tree.items()
        )
    return isinstance(tree, list) and any(map(_has_profile, tree))


def _roles(head: str, tree: Any, place: Place, key: str = "") -> Iterator[str]:
    if isinstance(tree, Mapping):
        for name, value in tree.items():
            yield from _roles(head, value, place, str(name))
    elif isinstance(tree, list):
        for value in tree:
            yield from _roles(head, value, place, key)
    elif isinstance(tree, str) and _ROLE_KEY.search(key):
        if _ROLE.fullmatch(tree):
            yield tree
        elif head in _NAMED_ROLES and key.lower() == "role":
            yield f"arn:{place.partition}:iam::{place.account}:role/{tree}"


_TAG_KEYS: Final = frozenset(
    {
        "backupplantags",
        "backupvaulttags",
        "identitypooltags",
        "taglist",
        "tags",
        "tagset",
        "tagspecification",
        "tagspecifications",
        "tagspecificationset",
        "userpooltags",
    }
)
_TAG_ACTIONS: Final = (
    "AddTagsToCertificate",
    "TagResource",
    "AddTagsToResource",
    "AddTags",
    "TagQueue",
    "AddTagsToStream",
    "CreateOrUpdateTags",
    "CreateTags",
)
_MAKES: Final = re.compile(r"^(?:Create|Run|Copy|Import|Register|Allocate|Put|Restore|Start|Request|Purchase)")


def tags(own: Action | None, main: list[str], operation: str, parameters: Any, place: Place) -> Iterator[Need]:
    """The action that tags, for a call that makes something with tags on it.

    Args:
        own: the operation's own action.
        main: the ARNs that it was used on.
        operation: eventName without version.
        parameters: requestParameters.
        place: where the call was made.
    """
    if (
        own is None
        or "Tagging" in own.access_level
        or not _MAKES.match(operation)
        or not isinstance(parameters, Mapping)
    ):
        return
    given = [value for key, value in parameters.items() if key.lower() in _TAG_KEYS and value]
    prefix = own.name.partition(":")[0]
    if not given:
        return
    if prefix == "ec2":
        yield from _ec2_tags(given, operation, place)
        return
    names = (*_TAG_ACTIONS, f"Tag{re.sub('^[A-Z][a-z]+', '', operation)}")
    tagging = next((found for name in names if (found := action(f"{prefix}:{name}"))), None)
    if tagging is None:
        return
    templates = {template for kind in tagging.resource_types for template in kind.templates}
    bare = [arn.removesuffix(SUFFIXES[prefix][1]) if prefix in SUFFIXES else arn for arn in main]
    fitting = [arn for arn in bare if template_of(prefix, arn.replace("*", "x")) in templates]
    if not fitting:
        fitting = [open_arn(kind, place) for kind in kinds_made(tagging, operation)]
    if not fitting:
        fitting = arns_of(tagging, Mentions(operation, (), frozenset(), {}, frozenset()), place)
    for arn in fitting:
        yield Need(tagging.name, arn, implied=True)


def _ec2_tags(given: list[Any], operation: str, place: Place) -> Iterator[Need]:
    tagging = action("ec2:CreateTags")
    types = {kind.name: kind for kind in tagging.resource_types} if tagging else {}
    for name in dict.fromkeys(_resource_types(given)):
        if name in types:
            condition = ("StringEquals", "ec2:CreateAction", operation)
            yield Need("ec2:CreateTags", open_arn(types[name], place), (condition,), implied=True)


def _resource_types(tree: Any) -> Iterator[str]:
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key.lower() == "resourcetype" and isinstance(value, str):
                yield value
            else:
                yield from _resource_types(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _resource_types(value)


class _Key(NamedTuple):
    """How an operation has to do with a key of KMS.

    Attributes:
        path: where the parameters, or the result, name the key that the resource is encrypted with.
        actions: what the operation itself does with the resource's key.
        when: path of a parameter that must be there.
    """

    path: str = ""
    actions: tuple[str, ...] = ()
    when: str = ""


_OF_TABLE: Final = re.compile(r"(arn:[^:]+:dynamodb:[^/]+/[^/]+)/.+")  # an index or a stream has its table's key
_READS: Final = ("kms:Decrypt",)
_WRITES: Final = ("kms:GenerateDataKey",)
_BOTH: Final = ("kms:Decrypt", "kms:GenerateDataKey")
_S3_KEY: Final = "x-amz-server-side-encryption-aws-kms-key-id"

# [S3, SQS, SNS, DynamoDB, Kinesis, Secrets Manager and Systems Manager user guides, chapters on encryption;
#  iam-policy-autopilot's forward access sessions]
KEYS: Final[dict[str, _Key]] = {
    "dynamodb:BatchGetItem": _Key("", _READS),
    "dynamodb:BatchWriteItem": _Key("", _READS),
    "dynamodb:CreateTable": _Key("sSESpecification.kMSMasterKeyId", ("kms:CreateGrant", "kms:DescribeKey")),
    "dynamodb:BatchExecuteStatement": _Key("", _READS),
    "dynamodb:DeleteItem": _Key("", _READS),
    "dynamodb:ExecuteStatement": _Key("", _READS),
    "dynamodb:ExecuteTransaction": _Key("", _READS),
    "dynamodb:GetItem": _Key("", _READS),
    "dynamodb:GetRecords": _Key("", _READS),
    "dynamodb:PutItem": _Key("", _READS),
    "dynamodb:Query": _Key("", _READS),
    "dynamodb:Scan": _Key("", _READS),
    "dynamodb:TransactGetItems": _Key("", _READS),
    "dynamodb:TransactWriteItems": _Key("", _READS),
    "dynamodb:UpdateItem": _Key("", _READS),
    "kinesis:GetRecords": _Key("", _READS),
    "kinesis:PutRecord": _Key("", _WRITES),
    "kinesis:PutRecords": _Key("", _WRITES),
    "kinesis:StartStreamEncryption": _Key("keyId"),
    "s3:CopyObject": _Key(_S3_KEY, _WRITES),
    "s3:CreateMultipartUpload": _Key(_S3_KEY, _BOTH),
    "s3:GetObject": _Key("", _READS),
    "s3:HeadObject": _Key("", _READS),
    "s3:PutBucketEncryption": _Key(
        "ServerSideEncryptionConfiguration.Rule.ApplyServerSideEncryptionByDefault.KMSMasterKeyID"
    ),
    "s3:PutObject": _Key(_S3_KEY, _WRITES),
    "s3:UploadPart": _Key("", _READS),
    "s3:UploadPartCopy": _Key("", _READS),
    "secretsmanager:BatchGetSecretValue": _Key("", _READS),
    "secretsmanager:CreateSecret": _Key("kmsKeyId", _BOTH),
    "secretsmanager:GetSecretValue": _Key("", _READS),
    "secretsmanager:PutSecretValue": _Key("", _BOTH),
    "secretsmanager:UpdateSecret": _Key("kmsKeyId", _BOTH),
    "sns:CreateTopic": _Key("attributes.KmsMasterKeyId"),
    "sns:Publish": _Key("", _BOTH),
    "sns:PublishBatch": _Key("", _BOTH),
    "sqs:CreateQueue": _Key("attributes.KmsMasterKeyId"),
    "sqs:ReceiveMessage": _Key("", _READS),
    "sqs:SendMessage": _Key("", _BOTH),
    "sqs:SendMessageBatch": _Key("", _BOTH),
    "sqs:SetQueueAttributes": _Key("attributes.KmsMasterKeyId"),
    "ssm:GetParameter": _Key("", _READS, "withDecryption"),
    "ssm:GetParameterHistory": _Key("", _READS, "withDecryption"),
    "ssm:GetParameters": _Key("", _READS, "withDecryption"),
    "ssm:GetParametersByPath": _Key("", _READS, "withDecryption"),
    "ssm:PutParameter": _Key("keyId", ("kms:Encrypt",)),
}


def keys(
    operation: str, record: Mapping[str, Any], used: list[tuple[str, list[str]]], region: str
) -> tuple[dict[str, str], list[Use]]:
    """What a record tells of keys: which resource has which, and which resource's key was used.

    Args:
        operation: `s3:PutObject`, of the eventSource and the eventName.
        record: the record.
        used: the call's own actions and the ARNs that they were used on.
        region: where.
    """
    row = KEYS.get(operation)
    if row is None:
        return {}, []
    parameters = record.get("requestParameters")
    if row.when and _value(parameters, row.when) is not True:
        return {}, []
    key = row.path and (text_at(parameters, row.path) or text_at(record.get("responseElements"), row.path))
    via = f"{operation.partition(':')[0]}.{region}.amazonaws.com"
    encrypted = {arn: key for _, arns in used[:1] for arn in arns if key}
    return encrypted, [
        Use(_OF_TABLE.sub(r"\1", arn), name, via)
        for action_name, arns in used
        for arn in arns
        for name in (_READS if action_name.startswith("s3:GetObject") else row.actions)  # what is copied is read
    ]


def _value(parameters: Any, key: str) -> Any:
    """The value of a key, None when there is none."""
    return parameters.get(key) if isinstance(parameters, Mapping) else None


def key_needs(found: Mapping[str, str], uses: Mapping[Use, None]) -> Iterator[Need]:
    """The needs of calls whose resource is known to be encrypted with a key of the customer's."""
    for use in uses:
        if use.resource.count(":") < 5:
            continue  # on what is not known
        key = found.get(use.resource) or _of_bucket(found, use.resource)
        if key and "alias/aws/" not in key:
            yield _key_need(use, key)


def _of_bucket(found: Mapping[str, str], arn: str) -> str:
    bucket, _, _ = arn.partition("/")
    return found.get(bucket, "") if ":s3:::" in bucket else ""


def _key_need(use: Use, key: str) -> Need:
    _, partition, *_ = use.resource.split(":")
    region = use.via.split(".")[1]
    account = use.resource.split(":")[4] or "*"
    conditions: tuple[Condition, ...] = (("StringEquals", "kms:ViaService", use.via),)
    alias = key.rpartition(":")[2] if "alias/" in key else ""
    if alias:
        conditions += (("ForAnyValue:StringEquals", "kms:ResourceAliases", alias),)
    arn = key if key.startswith("arn:") and not alias else f"arn:{partition}:kms:{region}:{account}:key/{key}"
    return Need(
        use.action, arn if not alias else f"arn:{partition}:kms:{region}:{account}:key/*", conditions, implied=True
    )
