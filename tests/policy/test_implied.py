"""What a call needs beside its own action: roles that it passes on, tags, keys."""

from __future__ import annotations

from typing import Any

import pytest

from bototrail.policy import Need, policy_of
from bototrail.policy.findings import findings
from bototrail.policy.implied import _PASSED_TO, KEYS

REGION, ACCOUNT = "eu-central-1", "111122223333"
HERE = f"{REGION}:{ACCOUNT}"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/app/worker"
KEY = f"arn:aws:kms:{HERE}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
BUCKET, OBJECT = "arn:aws:s3:::b", "arn:aws:s3:::b/k"


def record(call: str, parameters: Any = None, **more: Any) -> dict[str, Any]:
    head, _, name = call.partition(":")
    return {
        "eventType": "AwsApiCall",
        "eventSource": f"{head}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "recipientAccountId": ACCOUNT,
        "requestParameters": parameters,
        "readOnly": False,
        **more,
    }


def implied(call: str, parameters: Any = None, **more: Any) -> list[Need]:
    return [need for need in findings(record(call, parameters, **more)).needs if need.implied]


# ---- roles
def passed(service: str = "", role: str = ROLE) -> Need:
    conditions = (("StringEquals", "iam:PassedToService", f"{service}.amazonaws.com"),) if service else ()
    return Need("iam:PassRole", role, conditions, implied=True)


PASSED = [
    (
        "autoscaling:CreateLaunchConfiguration",
        {"launchConfigurationName": "l", "iamInstanceProfile": "p"},
        passed("ec2", f"arn:aws:iam::{ACCOUNT}:role/*"),
    ),
    ("backup:StartBackupJob", {"iamRoleArn": ROLE}, passed("backup")),
    ("cloudformation:CreateStack", {"stackName": "s", "roleARN": ROLE}, passed("cloudformation")),
    ("codebuild:CreateProject", {"name": "p", "serviceRole": ROLE}, passed("codebuild")),
    ("codepipeline:CreatePipeline", {"pipeline": {"name": "p", "roleArn": ROLE}}, passed("codepipeline")),
    ("ec2:RunInstances", {"iamInstanceProfile": {"name": "p"}}, passed("ec2", f"arn:aws:iam::{ACCOUNT}:role/*")),
    ("ecs:RegisterTaskDefinition", {"family": "f", "taskRoleArn": ROLE}, passed("ecs-tasks")),
    ("ecs:RegisterTaskDefinition", {"family": "f", "executionRoleArn": ROLE}, passed("ecs-tasks")),
    ("ecs:RunTask", {"overrides": {"taskRoleArn": ROLE}}, passed("ecs-tasks")),
    ("eks:CreateCluster", {"name": "c", "roleArn": ROLE}, passed("eks")),
    ("events:PutTargets", {"rule": "r", "targets": [{"id": "1", "roleArn": ROLE}]}, passed("events")),
    (
        "firehose:CreateDeliveryStream",
        {"deliveryStreamName": "s", "extendedS3DestinationConfiguration": {"roleARN": ROLE}},
        passed("firehose"),
    ),
    ("glue:CreateJob", {"name": "j", "role": ROLE}, passed("glue")),
    ("glue:CreateCrawler", {"name": "c", "role": "bare"}, passed("glue", f"arn:aws:iam::{ACCOUNT}:role/bare")),
    ("lambda:CreateFunction20150331", {"functionName": "f", "role": ROLE}, passed("lambda")),
    ("lambda:UpdateFunctionConfiguration20150331v2", {"functionName": "f", "role": ROLE}, passed("lambda")),
    ("pipes:CreatePipe", {"name": "p", "roleArn": ROLE}, passed("pipes")),
    ("sagemaker:CreateTrainingJob", {"trainingJobName": "j", "roleArn": ROLE}, passed("sagemaker")),
    ("sagemaker:CreateModel", {"modelName": "m", "executionRoleArn": ROLE}, passed("sagemaker")),
    ("scheduler:CreateSchedule", {"name": "s", "target": {"roleArn": ROLE}}, passed("scheduler")),
    ("states:CreateStateMachine", {"name": "m", "roleArn": ROLE}, passed("states")),
    ("transfer:CreateUser", {"serverId": "s-1", "userName": "u", "role": ROLE}, passed("transfer")),
    # Who gets these is not the service that is called, or not always.
    ("config:PutConfigurationRecorder", {"configurationRecorder": {"roleARN": ROLE}}, passed()),
    ("rds:AddRoleToDBCluster", {"dBClusterIdentifier": "c", "roleArn": ROLE}, passed()),
    ("redshift:CreateCluster", {"clusterIdentifier": "c", "iamRoles": [ROLE]}, passed()),
    ("ssm:StartAutomationExecution", {"documentName": "d", "automationAssumeRole": ROLE}, passed()),
]


@pytest.mark.parametrize(("call", "parameters", "expected"), PASSED, ids=[f"{row[0]} {list(row[1])}" for row in PASSED])
def test_a_role_that_is_handed_to_a_service_is_passed(call, parameters, expected):
    assert implied(call, parameters) == [expected]


def test_every_service_that_gets_roles_has_a_row_above():
    assert _PASSED_TO.keys() <= {call.partition(":")[0] for call, *_ in PASSED}


def test_two_roles_are_passed_and_the_same_one_once():
    other = f"arn:aws:iam::{ACCOUNT}:role/other"
    given = {"family": "f", "taskRoleArn": ROLE, "executionRoleArn": other, "more": [{"roleArn": ROLE}]}
    assert implied("ecs:RegisterTaskDefinition", given) == [passed("ecs-tasks"), passed("ecs-tasks", other)]


@pytest.mark.parametrize(
    ("call", "parameters", "more"),
    [
        ("sts:AssumeRole", {"roleArn": ROLE, "roleSessionName": "s"}, {}),
        ("iam:UpdateAssumeRolePolicy", {"roleName": "r"}, {}),
        ("iam:SimulatePrincipalPolicy", {"policySourceArn": ROLE, "callerRoleArn": ROLE}, {}),
        ("access-analyzer:StartPolicyGeneration", {"policyGenerationDetails": {"roleArn": ROLE}}, {}),
        ("lambda:ListFunctions20150331", {"masterRole": ROLE}, {"readOnly": True}),
        ("lambda:CreateFunction20150331", {"functionName": "f", "description": ROLE}, {}),
        ("lambda:CreateFunction20150331", {"functionName": "f", "role": "not-an-arn"}, {}),
        ("lambda:CreateFunction20150331", None, {"errorCode": "AccessDenied", "errorMessage": "Access Denied"}),
    ],
    ids=["sts", "iam", "iam with an ARN", "access analyzer", "read", "other key", "no ARN", "refused"],
)
def test_no_role_is_passed(call, parameters, more):
    assert implied(call, parameters, **more) == []


# ---- tags
_TAGS = [{"key": "team", "value": "blue"}]
TAGGED = [
    ("acm:RequestCertificate", {"domainName": "d"}, "acm:AddTagsToCertificate arn:aws:acm:@:certificate/*"),
    (
        "autoscaling:CreateAutoScalingGroup",
        {"autoScalingGroupName": "g"},
        "autoscaling:CreateOrUpdateTags arn:aws:autoscaling:@:autoScalingGroup:*:autoScalingGroupName/g",
    ),
    ("cloudformation:CreateStack", {"stackName": "s"}, "cloudformation:TagResource arn:aws:cloudformation:@:stack/s/*"),
    ("dynamodb:CreateTable", {"tableName": "t"}, "dynamodb:TagResource arn:aws:dynamodb:@:table/t"),
    ("ecr:CreateRepository", {"repositoryName": "a/b"}, "ecr:TagResource arn:aws:ecr:@:repository/a/b"),
    ("ecs:CreateCluster", {"clusterName": "c"}, "ecs:TagResource arn:aws:ecs:@:cluster/c"),
    ("es:CreateDomain", {"domainName": "d"}, "es:AddTags arn:aws:es:@:domain/d"),
    (
        "firehose:CreateDeliveryStream",
        {"deliveryStreamName": "s"},
        "firehose:TagDeliveryStream arn:aws:firehose:@:deliverystream/s",
    ),
    ("glue:CreateJob", {"name": "j"}, "glue:TagResource arn:aws:glue:@:job/j"),
    ("iam:CreatePolicy", {"policyName": "p"}, f"iam:TagPolicy arn:aws:iam::{ACCOUNT}:policy/p"),
    ("iam:CreateRole", {"roleName": "r", "path": "/a/"}, f"iam:TagRole arn:aws:iam::{ACCOUNT}:role/a/r"),
    ("iam:CreateUser", {"userName": "u"}, f"iam:TagUser arn:aws:iam::{ACCOUNT}:user/u"),
    ("kms:CreateKey", {}, "kms:TagResource arn:aws:kms:@:key/*"),
    ("lambda:CreateFunction20150331", {"functionName": "f"}, "lambda:TagResource arn:aws:lambda:@:function:f"),
    ("rds:CreateDBInstance", {"dBInstanceIdentifier": "d"}, "rds:AddTagsToResource arn:aws:rds:@:db:d"),
    ("redshift:CreateCluster", {"clusterIdentifier": "c"}, "redshift:CreateTags arn:aws:redshift:@:cluster:c"),
    ("sagemaker:CreateModel", {"modelName": "m"}, "sagemaker:AddTags arn:aws:sagemaker:@:model/m"),
    (
        "secretsmanager:CreateSecret",
        {"name": "s"},
        "secretsmanager:TagResource arn:aws:secretsmanager:@:secret:s-??????",
    ),
    ("sns:CreateTopic", {"name": "t"}, "sns:TagResource arn:aws:sns:@:t"),
    ("sqs:CreateQueue", {"queueName": "q"}, "sqs:TagQueue arn:aws:sqs:@:q"),
    ("ssm:PutParameter", {"name": "/a"}, "ssm:AddTagsToResource arn:aws:ssm:@:parameter/a"),
    ("states:CreateStateMachine", {"name": "m"}, "states:TagResource arn:aws:states:@:stateMachine:m"),
]


@pytest.mark.parametrize(("call", "parameters", "expected"), TAGGED, ids=[row[0] for row in TAGGED])
def test_tags_on_something_new_need_the_action_that_tags(call, parameters, expected):
    action, _, resource = expected.replace("@", HERE).partition(" ")
    assert implied(call, {**parameters, "tags": _TAGS}) == [Need(action, resource, implied=True)]


@pytest.mark.parametrize(
    ("call", "parameters", "expected"),
    [
        ("backup:CreateBackupVault", {"backupVaultName": "v", "backupVaultTags": {"a": "b"}}, "backup:TagResource"),
        ("cognito-idp:CreateUserPool", {"poolName": "p", "userPoolTags": {"a": "b"}}, "cognito-idp:TagResource"),
        ("elasticloadbalancing:CreateTargetGroup", {"name": "t", "tags": _TAGS}, "elasticloadbalancing:AddTags"),
        ("cloudtrail:CreateTrail", {"name": "t", "tagsList": [], "tags": _TAGS}, "cloudtrail:AddTags"),
    ],
)
def test_tags_have_other_names_too(call, parameters, expected):
    assert [need.action for need in implied(call, parameters)] == [expected]


def test_tags_of_ec2_are_bound_to_the_call_that_makes_them():
    tags = [{"resourceType": kind, "tags": _TAGS} for kind in ("instance", "volume")]
    assert implied("ec2:RunInstances", {"tagSpecificationSet": {"items": tags}}) == [
        Need(
            "ec2:CreateTags",
            f"arn:aws:ec2:{HERE}:{kind}/*",
            (("StringEquals", "ec2:CreateAction", "RunInstances"),),
            implied=True,
        )
        for kind in ("instance", "volume")
    ]


@pytest.mark.parametrize(
    ("call", "parameters"),
    [
        ("dynamodb:CreateTable", {"tableName": "t"}),
        ("dynamodb:CreateTable", {"tableName": "t", "tags": []}),
        ("dynamodb:TagResource", {"resourceArn": f"arn:aws:dynamodb:{HERE}:table/t", "tags": _TAGS}),
        (
            "ec2:CreateTags",
            {"resourcesSet": {"items": [{"resourceId": "i-0123456789abcdef0"}]}, "tagSet": {"items": _TAGS}},
        ),
        ("ec2:RunInstances", {"tagSpecificationSet": {}}),
        ("s3:PutBucketTagging", {"bucketName": "b", "tagging": ""}),
    ],
    ids=["none", "empty", "tags themselves", "EC2's tags themselves", "EC2 without", "S3"],
)
def test_no_tags_need_nothing(call, parameters):
    assert implied(call, parameters) == []


# ---- keys
def key_needs(*records: dict[str, Any]) -> list[Need]:
    return [need for need in policy_of(records).needs if need.action.startswith("kms:")]


def through(service: str, *actions: str, key: str = KEY) -> list[Need]:
    via = ("StringEquals", "kms:ViaService", f"{service}.{REGION}.amazonaws.com")
    return [Need(f"kms:{action}", key, (via,), implied=True) for action in actions]


_SSE = "x-amz-server-side-encryption-aws-kms-key-id"
_QUEUE = {"queueUrl": f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/q"}
_TOPIC = {"topicArn": f"arn:aws:sns:{HERE}:t"}
_RULE = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
_ENCRYPTED = {"bucketName": "b", "ServerSideEncryptionConfiguration": {"Rule": _RULE}}
BOTH = ("Decrypt", "GenerateDataKey")

# The call that tells which key something is encrypted with.
TELLS = {
    "dynamodb": record("dynamodb:CreateTable", {"tableName": "t", "sSESpecification": {"kMSMasterKeyId": KEY}}),
    "kinesis": record("kinesis:StartStreamEncryption", {"streamName": "s", "keyId": KEY}),
    "s3": record("s3:PutBucketEncryption", _ENCRYPTED),
    "secretsmanager": record("secretsmanager:CreateSecret", {"name": "s", "kmsKeyId": KEY}),
    "sns": record("sns:CreateTopic", {"name": "t", "attributes": {"KmsMasterKeyId": KEY}}),
    "sqs": record("sqs:CreateQueue", {"queueName": "q", "attributes": {"KmsMasterKeyId": KEY}}),
    "ssm": record("ssm:PutParameter", {"name": "/a", "type": "SecureString", "keyId": KEY}),
}
OWN = {
    "dynamodb": ("CreateGrant", "DescribeKey"),
    "secretsmanager": BOTH,
    "ssm": ("Encrypt",),
}

# Call, its parameters, what it needs of a key that `TELLS` has told; the rows of KEYS that only tell are below.
USES = [
    ("dynamodb:BatchGetItem", {"requestItems": {"t": {"keys": []}}}, ("Decrypt",)),
    ("dynamodb:BatchWriteItem", {"requestItems": {"t": []}}, ("Decrypt",)),
    ("dynamodb:BatchExecuteStatement", {"requestItems": [{"statement": "SELECT * FROM t"}]}, ("Decrypt",)),
    ("dynamodb:ExecuteStatement", {"statement": "SELECT * FROM t"}, ("Decrypt",)),
    ("dynamodb:ExecuteTransaction", {"transactStatements": [{"statement": "SELECT * FROM t"}]}, ("Decrypt",)),
    ("dynamodb:TransactGetItems", {"transactItems": [{"get": {"tableName": "t"}}]}, ("Decrypt",)),
    ("dynamodb:TransactWriteItems", {"requestItems": [{"operation": "Put", "tableName": "t"}]}, ("Decrypt",)),
    ("dynamodb:DeleteItem", {"tableName": "t"}, ("Decrypt",)),
    ("dynamodb:GetItem", {"tableName": "t"}, ("Decrypt",)),
    ("dynamodb:GetRecords", {"shardIterator": f"arn:aws:dynamodb:{HERE}:table/t/stream/2020|1|AAA"}, ("Decrypt",)),
    ("dynamodb:PutItem", {"tableName": "t"}, ("Decrypt",)),
    ("dynamodb:Query", {"tableName": "t"}, ("Decrypt",)),
    ("dynamodb:Query", {"tableName": "t", "indexName": "i"}, ("Decrypt",)),
    ("dynamodb:Scan", {"tableName": "t"}, ("Decrypt",)),
    ("dynamodb:UpdateItem", {"tableName": "t"}, ("Decrypt",)),
    ("kinesis:GetRecords", {"streamARN": f"arn:aws:kinesis:{HERE}:stream/s", "shardIterator": "AAA"}, ("Decrypt",)),
    ("kinesis:PutRecord", {"streamName": "s"}, ("GenerateDataKey",)),
    ("kinesis:PutRecords", {"streamName": "s"}, ("GenerateDataKey",)),
    ("s3:CopyObject", {"bucketName": "b", "key": "k", "x-amz-copy-source": "from/k"}, ("GenerateDataKey",)),
    ("s3:CreateMultipartUpload", {"bucketName": "b", "key": "k"}, BOTH),
    ("s3:GetObject", {"bucketName": "b", "key": "k"}, ("Decrypt",)),
    ("s3:GetObject", {"bucketName": "b", "key": "table/t/index/i"}, ("Decrypt",)),
    ("s3:HeadObject", {"bucketName": "b", "key": "k"}, ("Decrypt",)),
    ("s3:PutObject", {"bucketName": "b", "key": "k"}, ("GenerateDataKey",)),
    ("s3:CopyObject", {"bucketName": "to", "key": "k", "x-amz-copy-source": "b/k"}, ("Decrypt",)),
    ("s3:UploadPart", {"bucketName": "b", "key": "k", "partNumber": "1"}, ("Decrypt",)),
    ("s3:UploadPartCopy", {"bucketName": "to", "key": "k", "x-amz-copy-source": "b/k"}, ("Decrypt",)),
    ("secretsmanager:BatchGetSecretValue", {"secretIdList": ["s"]}, ("Decrypt",)),
    ("secretsmanager:GetSecretValue", {"secretId": "s"}, ("Decrypt",)),
    ("secretsmanager:PutSecretValue", {"secretId": "s"}, BOTH),
    ("secretsmanager:UpdateSecret", {"secretId": "s"}, BOTH),
    ("sns:Publish", _TOPIC, BOTH),
    ("sns:PublishBatch", _TOPIC, BOTH),
    ("sqs:ReceiveMessage", _QUEUE, ("Decrypt",)),
    ("sqs:SendMessage", _QUEUE, BOTH),
    ("sqs:SendMessageBatch", _QUEUE, BOTH),
    ("ssm:GetParameter", {"name": "/a", "withDecryption": True}, ("Decrypt",)),
    ("ssm:GetParameterHistory", {"name": "/a", "withDecryption": True}, ("Decrypt",)),
    ("ssm:GetParameters", {"names": ["/a"], "withDecryption": True}, ("Decrypt",)),
]


@pytest.mark.parametrize(("call", "parameters", "actions"), USES, ids=[row[0] for row in USES])
def test_a_key_that_one_record_tells_is_used_by_another(call, parameters, actions):
    service = call.partition(":")[0]
    needed = sorted({*actions, *OWN.get(service, ())})
    assert key_needs(TELLS[service], record(call, parameters)) == through(service, *needed)


@pytest.mark.parametrize(("call", "parameters", "actions"), USES, ids=[row[0] for row in USES])
def test_without_a_key_of_the_customer_nothing_is_needed(call, parameters, actions):
    assert key_needs(record(call, parameters)) == []


# Calls that tell the key themselves.
THEMSELVES = [
    ("s3:CopyObject", {"bucketName": "b", "key": "k", _SSE: KEY}, ("GenerateDataKey",)),
    ("s3:CreateMultipartUpload", {"bucketName": "b", "key": "k", _SSE: KEY}, BOTH),
    ("s3:PutBucketEncryption", _ENCRYPTED, ()),
    ("s3:PutObject", {"bucketName": "b", "key": "k", _SSE: KEY}, ("GenerateDataKey",)),
    ("dynamodb:CreateTable", {"tableName": "t", "sSESpecification": {"kMSMasterKeyId": KEY}}, OWN["dynamodb"]),
    ("kinesis:StartStreamEncryption", {"streamName": "s", "keyId": KEY}, ()),
    ("secretsmanager:CreateSecret", {"name": "s", "kmsKeyId": KEY}, BOTH),
    ("secretsmanager:UpdateSecret", {"secretId": "s", "kmsKeyId": KEY}, BOTH),
    ("sns:CreateTopic", {"name": "t", "attributes": {"KmsMasterKeyId": KEY}}, ()),
    ("sqs:CreateQueue", {"queueName": "q", "attributes": {"KmsMasterKeyId": KEY}}, ()),
    ("sqs:SetQueueAttributes", {**_QUEUE, "attributes": {"KmsMasterKeyId": KEY}}, ()),
    ("ssm:PutParameter", {"name": "/a", "keyId": KEY}, ("Encrypt",)),
    ("ssm:GetParametersByPath", {"path": "/a", "withDecryption": True}, ()),
]


@pytest.mark.parametrize(("call", "parameters", "actions"), THEMSELVES, ids=[row[0] for row in THEMSELVES])
def test_a_call_uses_the_key_that_it_names(call, parameters, actions):
    assert key_needs(record(call, parameters)) == through(call.partition(":")[0], *actions)


def test_every_row_of_the_keys_has_a_row_above():
    assert {call for call, *_ in [*USES, *THEMSELVES]} == KEYS.keys()


def test_a_queue_s_key_may_be_set_later():
    told = record("sqs:SetQueueAttributes", {**_QUEUE, "attributes": {"KmsMasterKeyId": KEY}})
    assert key_needs(record("sqs:SendMessage", _QUEUE), told) == through("sqs", *BOTH)


def test_a_secret_is_known_by_its_arn_and_by_its_name():
    arn = f"arn:aws:secretsmanager:{HERE}:secret:s-AbCdEf"
    told = record("secretsmanager:UpdateSecret", {"secretId": arn, "kmsKeyId": KEY})
    assert key_needs(told, record("secretsmanager:GetSecretValue", {"secretId": arn})) == through(
        "secretsmanager", *BOTH
    )


def test_an_object_s_key_is_told_by_the_answer_too():
    answer = {_SSE: KEY, "x-amz-server-side-encryption": "aws:kms"}
    made = record("s3:PutObject", {"bucketName": "b", "key": "k"}, responseElements=answer, eventCategory="Data")
    assert key_needs(made, record("s3:GetObject", {"bucketName": "b", "key": "k"})) == through("s3", *BOTH)


def test_another_bucket_has_another_key():
    assert key_needs(TELLS["s3"], record("s3:GetObject", {"bucketName": "other", "key": "k"})) == []


@pytest.mark.parametrize(
    ("key", "written"),
    [
        ("1234abcd-12ab-34cd-56ef-1234567890ab", KEY),
        ("mrk-1234abcd12ab34cd56ef1234567890ab", f"arn:aws:kms:{HERE}:key/mrk-1234abcd12ab34cd56ef1234567890ab"),
        (
            "arn:aws:kms:eu-central-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab",
            "arn:aws:kms:eu-central-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab",
        ),
    ],
    ids=["id", "id of several regions", "ARN of another account"],
)
def test_a_key_is_named_by_its_arn(key, written):
    told = record("sqs:CreateQueue", {"queueName": "q", "attributes": {"KmsMasterKeyId": key}})
    assert key_needs(told, record("sqs:ReceiveMessage", _QUEUE)) == through("sqs", "Decrypt", key=written)


@pytest.mark.parametrize("alias", ["alias/mine", f"arn:aws:kms:{HERE}:alias/mine"])
def test_a_key_s_alias_is_a_condition(alias):
    told = record("sqs:CreateQueue", {"queueName": "q", "attributes": {"KmsMasterKeyId": alias}})
    conditions = (
        ("StringEquals", "kms:ViaService", f"sqs.{REGION}.amazonaws.com"),
        ("ForAnyValue:StringEquals", "kms:ResourceAliases", "alias/mine"),
    )
    assert key_needs(told, record("sqs:ReceiveMessage", _QUEUE)) == [
        Need("kms:Decrypt", f"arn:aws:kms:{HERE}:key/*", conditions, implied=True)
    ]


@pytest.mark.parametrize("alias", ["alias/aws/sqs", f"arn:aws:kms:{HERE}:alias/aws/sqs"])
def test_a_key_of_aws_needs_nothing(alias):
    told = record("sqs:CreateQueue", {"queueName": "q", "attributes": {"KmsMasterKeyId": alias}})
    assert key_needs(told, record("sqs:SendMessage", _QUEUE)) == []


def test_a_parameter_that_stays_encrypted_needs_no_key():
    assert key_needs(TELLS["ssm"], record("ssm:GetParameter", {"name": "/a", "withDecryption": False})) == through(
        "ssm", "Encrypt"
    )
