"""What the tables of cases are written in: calls, and trails of one selector."""

from __future__ import annotations

from typing import Any

from trails.events import ACCOUNT, advanced, basic, data


def s3(operation: str, path: str, **more: Any) -> tuple[Any, ...]:
    bucket, _, key = path.rpartition("/") if path.startswith("arn:") else path.partition("/")
    return "s3", operation, {"Bucket": bucket, **({"Key": key} if key else {}), **more}


GET, PUT, LIST = s3("GetObject", "b/k"), s3("PutObject", "b/k"), s3("ListObjectsV2", "b")
DESCRIBE, RUN = ("ec2", "DescribeInstances"), ("ec2", "RunInstances", {"MinCount": 1, "MaxCount": 1})
DECRYPT, DISABLE = ("kms", "Decrypt", {"CiphertextBlob": b"x"}), ("kms", "DisableKey", {"KeyId": "k"})
SQL = ("rds-data", "ExecuteSql", {"awsSecretStoreArn": "s", "dbClusterOrInstanceArn": "d", "sqlStatements": "x"})
INVOKE = ("lambda", "Invoke", {"FunctionName": "helloworld"})
ITEM = ("dynamodb", "GetItem", {"TableName": "t", "Key": {"a": {"S": "x"}}})
USERS = ("iam", "ListUsers")
ROLE = ("sts", "AssumeRole", {"RoleArn": "arn:aws:iam::111122223333:role/r", "RoleSessionName": "s"})
SEND = ("sqs", "SendMessage", {"QueueUrl": f"https://sqs.us-east-1.amazonaws.com/{ACCOUNT}/q", "MessageBody": "m"})


def function(name: str, **more: Any) -> tuple[Any, ...]:
    return "lambda", "Invoke", {"FunctionName": name, **more}


def table(name: str, operation: str = "Query") -> tuple[Any, ...]:
    return "dynamodb", operation, {"TableName": name}


def in_(event: tuple[Any, ...], region: str, **seen: Any) -> tuple[Any, ...]:
    return (*event, *({},) * (3 - len(event)), {"region": region, **seen})


def denied(event: tuple[Any, ...]) -> tuple[Any, ...]:
    return (*event, {"error_code": "AccessDeniedException", "status": 400})


def objects(*arns: str) -> Any:
    return advanced(data("S3::Object", *arns))


FN = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:"
TABLE = f"arn:aws:dynamodb:us-east-1:{ACCOUNT}:table/"
S3, LAMBDA, DYNAMODB = "S3::Object", "Lambda::Function", "DynamoDB::Table"
STREAM = TABLE + "t/stream/2026-01-01T00:00:00.000"
POINT = f"arn:aws:s3:us-east-1:{ACCOUNT}:accesspoint/point"
O_POINT = f"arn:aws:s3-object-lambda:us-east-1:{ACCOUNT}:accesspoint/point"
OUTPOST = f"arn:aws:s3-outposts:us-east-1:{ACCOUNT}:outpost/op-01/accesspoint/point"
ENDPOINT = f"arn:aws:sns:us-east-1:{ACCOUNT}:endpoint/GCM/app/0a"
TOPIC = f"arn:aws:sns:us-east-1:{ACCOUNT}:topic"
DEFAULT: dict[str, Any] = {}

ARN = "arn:aws:s3:::b/"
BUCKET = basic((S3, ["arn:aws:s3:::bucket/"]))
PREFIX = basic((S3, ["arn:aws:s3:::bucket/my-images"]))
