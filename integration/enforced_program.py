"""A program of many calls, and beside each what AWS checks: action and resource, written down from AWS's documentation.

What stands here is independent of what bototrail finds out: it is what the generated policy is judged by.
It is one long table; the formatter gives each of its 72 calls some lines.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

REGION = "eu-central-1"
ACCOUNT = "123456789012"
TRUST = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}}
)

Got = dict[str, Any]
Check = tuple[str, str]


@dataclass(frozen=True)
class Step:
    """A call.

    Attributes:
        service: botocore's name.
        method: boto3's.
        arguments: of the call, made from what earlier calls returned.
        checks: actions and ARNs that AWS asks the caller's policies about, made from the same.
        keep: name under which the result is kept for later calls.
    """

    service: str
    method: str
    arguments: Callable[[Got], dict[str, Any]]
    checks: Callable[[Got], list[Check]]
    keep: str = field(default="")


def arn(service: str, rest: str, *, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:{service}:{region}:{account}:{rest}"


def role(name: str) -> str:
    return arn("iam", f"role/{name}", region="")


def code() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("app.py", "def handler(event, context): ...")
    return file.getvalue()


def step(service: str, method: str, *checks: Check | Callable[[Got], Check], keep: str = "", **arguments: Any) -> Step:
    def given(got: Got) -> dict[str, Any]:
        return {k: v(got) if callable(v) else v for k, v in arguments.items()}

    def checked(got: Got) -> list[Check]:
        return [one(got) if callable(one) else one for one in checks]

    return Step(service, method, given, checked, keep)


BUCKET, OBJECT = "arn:aws:s3:::orders", "arn:aws:s3:::orders/2026/may.csv"
QUEUE, TOPIC, TABLE = arn("sqs", "orders"), arn("sns", "orders"), arn("dynamodb", "table/orders")
GROUP, STREAM = arn("logs", "log-group:/app/orders:*"), arn("logs", "log-group:/app/orders:log-stream:one")
RULE, MACHINE, FUNCTION = (
    arn("events", "rule/nightly"),
    arn("states", "stateMachine:orders"),
    arn("lambda", "function:orders"),
)
SECRET, PARAMETER = arn("secretsmanager", "secret:orders/db-a1B2c3"), arn("ssm", "parameter/orders/limit")
REPOSITORY, KINESIS = arn("ecr", "repository/team/orders"), arn("kinesis", "stream/orders")
WORKER = role("service/worker")

PROGRAM = (
    # S3
    step(
        "s3",
        "create_bucket",
        ("s3:CreateBucket", BUCKET),
        Bucket="orders",
        CreateBucketConfiguration={"LocationConstraint": REGION},
    ),
    step("s3", "head_bucket", ("s3:ListBucket", BUCKET), Bucket="orders"),
    step("s3", "list_buckets", ("s3:ListAllMyBuckets", "*")),
    step(
        "s3",
        "put_bucket_versioning",
        ("s3:PutBucketVersioning", BUCKET),
        Bucket="orders",
        VersioningConfiguration={"Status": "Enabled"},
    ),
    step(
        "s3",
        "put_object",
        ("s3:PutObject", OBJECT),
        ("s3:PutObjectTagging", OBJECT),
        Bucket="orders",
        Key="2026/may.csv",
        Body=b"1",
        Tagging="a=b",
        keep="put",
    ),
    step("s3", "head_object", ("s3:GetObject", OBJECT), Bucket="orders", Key="2026/may.csv"),
    step("s3", "get_object", ("s3:GetObject", OBJECT), Bucket="orders", Key="2026/may.csv"),
    step(
        "s3",
        "get_object",
        ("s3:GetObjectVersion", OBJECT),
        Bucket="orders",
        Key="2026/may.csv",
        VersionId=lambda got: got["put"]["VersionId"],
    ),
    step(
        "s3",
        "copy_object",
        ("s3:PutObject", BUCKET + "/copy.csv"),
        ("s3:GetObject", OBJECT),
        Bucket="orders",
        Key="copy.csv",
        CopySource={"Bucket": "orders", "Key": "2026/may.csv"},
    ),
    step("s3", "list_objects_v2", ("s3:ListBucket", BUCKET), Bucket="orders", Prefix="2026/"),
    step("s3", "list_object_versions", ("s3:ListBucketVersions", BUCKET), Bucket="orders"),
    step(
        "s3",
        "put_object_acl",
        ("s3:PutObjectAcl", BUCKET + "/copy.csv"),
        Bucket="orders",
        Key="copy.csv",
        ACL="private",
    ),
    step(
        "s3",
        "create_multipart_upload",
        ("s3:PutObject", BUCKET + "/big.bin"),
        Bucket="orders",
        Key="big.bin",
        keep="up",
    ),
    step(
        "s3",
        "upload_part",
        ("s3:PutObject", BUCKET + "/big.bin"),
        Bucket="orders",
        Key="big.bin",
        PartNumber=1,
        Body=b"x",
        UploadId=lambda got: got["up"]["UploadId"],
    ),
    step(
        "s3",
        "list_parts",
        ("s3:ListMultipartUploadParts", BUCKET + "/big.bin"),
        Bucket="orders",
        Key="big.bin",
        UploadId=lambda got: got["up"]["UploadId"],
    ),
    step(
        "s3",
        "abort_multipart_upload",
        ("s3:AbortMultipartUpload", BUCKET + "/big.bin"),
        Bucket="orders",
        Key="big.bin",
        UploadId=lambda got: got["up"]["UploadId"],
    ),
    step("s3", "delete_object", ("s3:DeleteObject", BUCKET + "/copy.csv"), Bucket="orders", Key="copy.csv"),
    # SQS, SNS
    step(
        "sqs",
        "create_queue",
        ("sqs:CreateQueue", QUEUE),
        ("sqs:TagQueue", QUEUE),
        QueueName="orders",
        tags={"team": "shop"},
        keep="queue",
    ),
    step(
        "sqs",
        "get_queue_attributes",
        ("sqs:GetQueueAttributes", QUEUE),
        QueueUrl=lambda got: got["queue"]["QueueUrl"],
        AttributeNames=["All"],
    ),
    step(
        "sqs",
        "send_message",
        ("sqs:SendMessage", QUEUE),
        QueueUrl=lambda got: got["queue"]["QueueUrl"],
        MessageBody="1",
    ),
    step(
        "sqs",
        "send_message_batch",
        ("sqs:SendMessage", QUEUE),
        QueueUrl=lambda got: got["queue"]["QueueUrl"],
        Entries=[{"Id": "1", "MessageBody": "2"}],
    ),
    step("sqs", "receive_message", ("sqs:ReceiveMessage", QUEUE), QueueUrl=lambda got: got["queue"]["QueueUrl"]),
    step("sns", "create_topic", ("sns:CreateTopic", TOPIC), Name="orders"),
    step("sns", "subscribe", ("sns:Subscribe", TOPIC), TopicArn=TOPIC, Protocol="sqs", Endpoint=QUEUE),
    step("sns", "publish", ("sns:Publish", TOPIC), TopicArn=TOPIC, Message="1"),
    # DynamoDB
    step(
        "dynamodb",
        "create_table",
        ("dynamodb:CreateTable", TABLE),
        TableName="orders",
        BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[
            {"AttributeName": "id", "AttributeType": "S"},
            {"AttributeName": "buyer", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "buyer",
                "KeySchema": [{"AttributeName": "buyer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    ),
    step(
        "dynamodb",
        "put_item",
        ("dynamodb:PutItem", TABLE),
        TableName="orders",
        Item={"id": {"S": "1"}, "buyer": {"S": "a"}},
    ),
    step("dynamodb", "get_item", ("dynamodb:GetItem", TABLE), TableName="orders", Key={"id": {"S": "1"}}),
    step(
        "dynamodb",
        "query",
        ("dynamodb:Query", TABLE + "/index/buyer"),
        TableName="orders",
        IndexName="buyer",
        KeyConditionExpression="#b = :a",
        ExpressionAttributeNames={"#b": "buyer"},
        ExpressionAttributeValues={":a": {"S": "a"}},
    ),
    step(
        "dynamodb",
        "batch_write_item",
        ("dynamodb:BatchWriteItem", TABLE),
        RequestItems={"orders": [{"PutRequest": {"Item": {"id": {"S": "2"}}}}]},
    ),
    step(
        "dynamodb",
        "transact_write_items",
        ("dynamodb:DeleteItem", TABLE),
        ("dynamodb:PutItem", TABLE),
        TransactItems=[
            {"Delete": {"TableName": "orders", "Key": {"id": {"S": "2"}}}},
            {"Put": {"TableName": "orders", "Item": {"id": {"S": "3"}}}},
        ],
    ),
    # IAM, STS
    step(
        "iam",
        "create_role",
        ("iam:CreateRole", WORKER),
        RoleName="worker",
        Path="/service/",
        AssumeRolePolicyDocument=TRUST,
    ),
    step("iam", "get_role", ("iam:GetRole", WORKER), RoleName="worker"),
    step(
        "iam",
        "put_role_policy",
        ("iam:PutRolePolicy", WORKER),
        RoleName="worker",
        PolicyName="p",
        PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
        ),
    ),
    step("iam", "list_roles", ("iam:ListRoles", "*")),
    step("sts", "get_caller_identity"),
    step("sts", "assume_role", ("sts:AssumeRole", WORKER), RoleArn=WORKER, RoleSessionName="session"),
    # KMS: the id is another one each time
    step("kms", "create_key", ("kms:CreateKey", "*"), keep="key"),
    step(
        "kms",
        "create_alias",
        ("kms:CreateAlias", arn("kms", "alias/orders")),
        lambda got: ("kms:CreateAlias", got["key"]["KeyMetadata"]["Arn"]),
        AliasName="alias/orders",
        TargetKeyId=lambda got: got["key"]["KeyMetadata"]["KeyId"],
    ),
    step(
        "kms",
        "encrypt",
        lambda got: ("kms:Encrypt", got["key"]["KeyMetadata"]["Arn"]),
        KeyId="alias/orders",
        Plaintext=b"1",
        keep="sealed",
    ),
    step(
        "kms",
        "decrypt",
        lambda got: ("kms:Decrypt", got["key"]["KeyMetadata"]["Arn"]),
        CiphertextBlob=lambda got: got["sealed"]["CiphertextBlob"],
    ),
    # Secrets Manager, Systems Manager
    step(
        "secretsmanager", "create_secret", ("secretsmanager:CreateSecret", SECRET), Name="orders/db", SecretString="x"
    ),
    step("secretsmanager", "get_secret_value", ("secretsmanager:GetSecretValue", SECRET), SecretId="orders/db"),
    step("ssm", "put_parameter", ("ssm:PutParameter", PARAMETER), Name="/orders/limit", Value="1", Type="String"),
    step("ssm", "get_parameter", ("ssm:GetParameter", PARAMETER), Name="/orders/limit"),
    step("ssm", "get_parameters_by_path", ("ssm:GetParametersByPath", arn("ssm", "parameter/orders")), Path="/orders"),
    # CloudWatch and its logs, EventBridge
    step("logs", "create_log_group", ("logs:CreateLogGroup", GROUP), logGroupName="/app/orders"),
    step(
        "logs", "create_log_stream", ("logs:CreateLogStream", STREAM), logGroupName="/app/orders", logStreamName="one"
    ),
    step(
        "logs",
        "put_log_events",
        ("logs:PutLogEvents", STREAM),
        logGroupName="/app/orders",
        logStreamName="one",
        logEvents=[{"timestamp": 1, "message": "m"}],
    ),
    step(
        "cloudwatch",
        "put_metric_data",
        ("cloudwatch:PutMetricData", "*"),
        Namespace="orders",
        MetricData=[{"MetricName": "n", "Value": 1}],
    ),
    step(
        "cloudwatch",
        "put_metric_alarm",
        ("cloudwatch:PutMetricAlarm", arn("cloudwatch", "alarm:late")),
        AlarmName="late",
        MetricName="n",
        Namespace="orders",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=60,
        Threshold=1,
        Statistic="Sum",
    ),
    step("events", "put_rule", ("events:PutRule", RULE), Name="nightly", ScheduleExpression="rate(1 day)"),
    step("events", "put_targets", ("events:PutTargets", RULE), Rule="nightly", Targets=[{"Id": "1", "Arn": QUEUE}]),
    step(
        "events",
        "put_events",
        ("events:PutEvents", arn("events", "event-bus/default")),
        Entries=[{"Source": "s", "DetailType": "d", "Detail": "{}"}],
    ),
    # Lambda, Step Functions: they are handed a role
    step(
        "lambda",
        "create_function",
        ("lambda:CreateFunction", FUNCTION),
        ("iam:PassRole", WORKER),
        FunctionName="orders",
        Runtime="python3.12",
        Role=WORKER,
        Handler="app.handler",
        Code={"ZipFile": code()},
    ),
    step("lambda", "get_function", ("lambda:GetFunction", FUNCTION), FunctionName="orders"),
    step("lambda", "list_functions", ("lambda:ListFunctions", "*")),
    step(
        "stepfunctions",
        "create_state_machine",
        ("states:CreateStateMachine", MACHINE),
        ("iam:PassRole", WORKER),
        name="orders",
        roleArn=WORKER,
        definition='{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}',
    ),
    step("stepfunctions", "start_execution", ("states:StartExecution", MACHINE), stateMachineArn=MACHINE),
    # EC2: ids again
    step(
        "ec2",
        "create_vpc",
        ("ec2:CreateVpc", arn("ec2", "vpc/vpc-0")),
        ("ec2:CreateTags", arn("ec2", "vpc/vpc-0")),
        CidrBlock="10.0.0.0/16",
        keep="vpc",
        TagSpecifications=[{"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}],
    ),
    step(
        "ec2",
        "create_subnet",
        lambda got: ("ec2:CreateSubnet", arn("ec2", f"vpc/{got['vpc']['Vpc']['VpcId']}")),
        ("ec2:CreateSubnet", arn("ec2", "subnet/subnet-0")),
        VpcId=lambda got: got["vpc"]["Vpc"]["VpcId"],
        CidrBlock="10.0.0.0/24",
    ),
    step("ec2", "describe_instances", ("ec2:DescribeInstances", "*")),
    # ECR, Kinesis, Route 53, API Gateway, Cognito
    step("ecr", "create_repository", ("ecr:CreateRepository", REPOSITORY), repositoryName="team/orders"),
    step("ecr", "describe_images", ("ecr:DescribeImages", REPOSITORY), repositoryName="team/orders"),
    step("kinesis", "create_stream", ("kinesis:CreateStream", KINESIS), StreamName="orders", ShardCount=1),
    step("kinesis", "put_record", ("kinesis:PutRecord", KINESIS), StreamName="orders", Data=b"1", PartitionKey="p"),
    step(
        "route53",
        "create_hosted_zone",
        ("route53:CreateHostedZone", "*"),
        Name="shop.example.",
        CallerReference="1",
        keep="zone",
    ),
    step(
        "route53",
        "get_hosted_zone",
        lambda got: ("route53:GetHostedZone", "arn:aws:route53:::" + got["zone"]["HostedZone"]["Id"][1:]),
        Id=lambda got: got["zone"]["HostedZone"]["Id"],
    ),
    step(
        "apigateway",
        "create_rest_api",
        ("apigateway:POST", arn("apigateway", "/restapis", account="")),
        name="orders",
        keep="api",
    ),
    step(
        "apigateway",
        "get_resources",
        lambda got: ("apigateway:GET", arn("apigateway", f"/restapis/{got['api']['id']}/resources", account="")),
        restApiId=lambda got: got["api"]["id"],
    ),
    step("cognito-idp", "create_user_pool", ("cognito-idp:CreateUserPool", "*"), PoolName="orders", keep="pool"),
    step(
        "cognito-idp",
        "describe_user_pool",
        lambda got: ("cognito-idp:DescribeUserPool", arn("cognito-idp", f"userpool/{got['pool']['UserPool']['Id']}")),
        UserPoolId=lambda got: got["pool"]["UserPool"]["Id"],
    ),
)
