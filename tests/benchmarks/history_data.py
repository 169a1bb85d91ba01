"""A bucket of a company's CloudTrail log files, with the spread that real ones have.

Few services make most of the calls, most users make few, days have their rhythm, some calls fail, and every object has
a name of its own.
"""

from __future__ import annotations

import gzip
import math
import random
import time
import uuid
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import orjson

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key, unique_string

ACCOUNTS: Final = ("111122223333", "444455556666")
REGIONS: Final = {"us-east-1": 8, "eu-central-1": 5, "eu-west-1": 2, "ap-southeast-2": 1}
PER_FILE: Final = 200
DAYS: Final = 89

_USERS: Final = [
    f"{first}.{last}"
    for first in ("ana", "ben", "chi", "dara", "eli", "fay", "gus", "hana", "ivo", "jo")
    for last in ("adler", "brandt", "costa", "diaz", "egli", "frey", "garcia", "huber", "ito", "jones")
]
_ROLES: Final = [
    f"{team}-{job}"
    for team in ("orders", "billing", "search", "data", "platform", "web")
    for job in ("worker", "api", "deploy", "nightly", "reader")
]
_AGENTS: Final = [
    "Boto3/1.43.117 md/Botocore#1.43.117 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.12.4 cfg/retry-mode#standard",
    "aws-cli/2.27.1 md/awscrt#0.26.1 ua/2.1 os/macos#25.1 md/arch#arm64 lang/python#3.13.1 md/command#s3.sync",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 terraform-provider-aws/5.61.0 aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5",
    "aws-sdk-java/2.26.20 md/io#sync md/http#Apache ua/2.1 os/Linux#5.10 lang/java#21.0.3 vendor/Amazon.com_Inc.",
    "console.amazonaws.com",
    "aws-sdk-js/3.620.0 ua/2.1 os/linux#5.10.220 lang/js md/nodejs#20.15.1 api/sts#3.620.0 m/E",
]
# weight, service, operation, whether it only reads, whether it is a data event, names of parameters
_CALLS: Final[list[tuple[float, str, str, bool, bool, tuple[str, ...]]]] = [
    (200, "s3", "GetObject", True, True, ("bucketName", "key")),
    (110, "s3", "PutObject", False, True, ("bucketName", "key")),
    (60, "s3", "ListObjects", True, False, ("bucketName", "prefix")),
    (25, "s3", "DeleteObject", False, True, ("bucketName", "key")),
    (90, "sts", "AssumeRole", True, False, ("roleArn", "roleSessionName")),
    (30, "sts", "GetCallerIdentity", True, False, ()),
    (80, "ec2", "DescribeInstances", True, False, ("filterSet",)),
    (25, "ec2", "DescribeVolumes", True, False, ("filterSet",)),
    (4, "ec2", "RunInstances", False, False, ("instanceType", "imageId", "subnetId")),
    (4, "ec2", "TerminateInstances", False, False, ("instanceId",)),
    (3, "ec2", "AuthorizeSecurityGroupIngress", False, False, ("groupId",)),
    (70, "dynamodb", "GetItem", True, True, ("tableName",)),
    (50, "dynamodb", "PutItem", False, True, ("tableName",)),
    (10, "dynamodb", "DescribeTable", True, False, ("tableName",)),
    (60, "kms", "Decrypt", True, False, ("keyId", "encryptionContext")),
    (30, "kms", "GenerateDataKey", True, False, ("keyId", "encryptionContext")),
    (45, "lambda", "Invoke", False, True, ("functionName",)),
    (8, "lambda", "UpdateFunctionCode20150331v2", False, False, ("functionName",)),
    (40, "logs", "CreateLogStream", False, False, ("logGroupName", "logStreamName")),
    (35, "sqs", "ReceiveMessage", True, True, ("queueUrl",)),
    (25, "sqs", "SendMessage", False, True, ("queueUrl",)),
    (12, "sns", "Publish", False, True, ("topicArn",)),
    (22, "ssm", "GetParameter", True, False, ("name",)),
    (20, "secretsmanager", "GetSecretValue", True, False, ("secretId",)),
    (14, "ecr", "BatchGetImage", True, False, ("repositoryName",)),
    (9, "iam", "GetRole", True, False, ("roleName",)),
    (5, "iam", "ListRoles", True, False, ()),
    (2, "iam", "AttachRolePolicy", False, False, ("roleName", "policyArn")),
    (1, "iam", "CreateAccessKey", False, False, ("userName",)),
    (1, "iam", "DeleteUser", False, False, ("userName",)),
    (8, "cloudformation", "DescribeStacks", True, False, ("stackName",)),
    (2, "cloudformation", "UpdateStack", False, False, ("stackName",)),
    (6, "rds", "DescribeDBInstances", True, False, ("dBInstanceIdentifier",)),
    (1, "rds", "DeleteDBSnapshot", False, False, ("dBSnapshotIdentifier",)),
    (7, "ecs", "DescribeTasks", True, False, ("cluster",)),
    (3, "ecs", "UpdateService", False, False, ("cluster", "service")),
    (5, "cloudtrail", "LookupEvents", True, False, ()),
    (1, "cloudtrail", "StopLogging", False, False, ("name",)),
    (4, "route53", "ChangeResourceRecordSets", False, False, ("hostedZoneId",)),
    (3, "eks", "DescribeCluster", True, False, ("name",)),
]  # fmt: skip
_WEIGHTS: Final = list(accumulate(call[0] for call in _CALLS))
_ERRORS: Final = (
    "AccessDenied",
    "ThrottlingException",
    "NoSuchKey",
    "ResourceNotFoundException",
    "ValidationException",
)


class Company:
    """Makes records, always the same ones for a seed."""

    def __init__(self, seed: int = 1) -> None:
        self._some = random.Random(seed)
        self._addresses = [f"10.{n % 7}.{n % 251}.{n * 37 % 253}" for n in range(1_500)]
        self._user_weights = list(accumulate(1 / (n + 1) for n in range(len(_USERS))))
        self._role_weights = list(accumulate(1 / (n + 1) for n in range(len(_ROLES))))

    def record(self, seconds: float, account: str, region: str) -> dict[str, Any]:
        """A record of a moment."""
        some = self._some
        _, service, name, reads, data, parameters = some.choices(_CALLS, cum_weights=_WEIGHTS)[0]
        identity, address = self._who(account, seconds)
        request = {parameter: self._value(parameter, account, region) for parameter in parameters} or None
        error = some.choice(_ERRORS) if some.random() < 0.04 else None
        record: dict[str, Any] = {
            "eventVersion": "1.11",
            "userIdentity": identity,
            "eventTime": event_time(seconds),
            "eventSource": f"{service}.amazonaws.com",
            "eventName": name,
            "awsRegion": region,
            "sourceIPAddress": address,
            "userAgent": f"[{some.choice(_AGENTS)}]",
        }
        if error:
            arn = identity["arn"]
            denied = (
                f"User: {arn} is not authorized to perform: {service}:{name} because no identity-based policy allows"
            )
            record |= {"errorCode": error, "errorMessage": f"{denied} the {service}:{name} action"}
        record |= {
            "requestParameters": request,
            "responseElements": None if reads or error else {"requestId": self._id(), "status": "accepted"},
            "additionalEventData": {"SignatureVersion": "SigV4", "CipherSuite": "TLS_AES_128_GCM_SHA256",
                                    "bytesTransferredIn": some.randrange(5000), "AuthenticationMethod": "AuthHeader"},
            "requestID": self._id(),
            "eventID": self._id(),
            "readOnly": reads,
        }  # fmt: skip
        if own := _own(request or {}, account, region):
            record["resources"] = own
        return record | {
            "eventType": "AwsApiCall",
            "managementEvent": not data,
            "recipientAccountId": account,
            "eventCategory": "Data" if data else "Management",
            "tlsDetails": {"tlsVersion": "TLSv1.3", "cipherSuite": "TLS_AES_128_GCM_SHA256",
                           "clientProvidedHostHeader": f"{service}.{region}.amazonaws.com"},
        }  # fmt: skip

    def _who(self, account: str, seconds: float) -> tuple[dict[str, Any], str]:
        some = self._some
        if some.random() < 0.3:
            number = some.choices(range(len(_USERS)), cum_weights=self._user_weights)[0]
            name = _USERS[number]
            return {
                "type": "IAMUser",
                "principalId": f"AIDA{number:016X}",
                "arn": f"arn:aws:iam::{account}:user/{name}",
                "accountId": account,
                "accessKeyId": f"AKIA{number:016X}",
                "userName": name,
            }, self._addresses[number % 40]
        number = some.choices(range(len(_ROLES)), cum_weights=self._role_weights)[0]
        role, session = _ROLES[number], f"i-{number:04x}{some.randrange(60):05x}"
        return {
            "type": "AssumedRole",
            "principalId": f"AROA{number:016X}:{session}",
            "arn": f"arn:aws:sts::{account}:assumed-role/{role}/{session}",
            "accountId": account,
            "accessKeyId": f"ASIA{number:04X}{int(seconds) // 43_200:012X}",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "principalId": f"AROA{number:016X}",
                                  "arn": f"arn:aws:iam::{account}:role/{role}", "accountId": account, "userName": role},
                "attributes": {"creationDate": event_time(seconds // 3600 * 3600), "mfaAuthenticated": "false"},
            },
        }, some.choice(self._addresses)  # fmt: skip

    def _value(self, parameter: str, account: str, region: str) -> Any:
        some = self._some
        few, many = min(int(some.expovariate(0.15)), 60), some.randrange(200_000)
        values: dict[str, Any] = {
            "bucketName": f"acme-{('orders', 'invoices', 'logs', 'images', 'exports')[few % 5]}-{few}",
            "key": f"{2026 - few % 3}/{few % 12 + 1:02}/part-{many:06}.parquet",
            "prefix": f"{2026 - few % 3}/{few % 12 + 1:02}/",
            "roleArn": f"arn:aws:iam::{account}:role/{_ROLES[few % len(_ROLES)]}",
            "keyId": f"arn:aws:kms:{region}:{account}:key/{uuid.UUID(int=few, version=4)}",
            "encryptionContext": {"aws:s3:arn": f"arn:aws:s3:::acme-orders-{few}"},
            "filterSet": {"items": [{"name": "tag:team", "valueSet": {"items": [{"value": _ROLES[few % 30]}]}}]},
            "topicArn": f"arn:aws:sns:{region}:{account}:topic-{few}",
            "queueUrl": f"https://sqs.{region}.amazonaws.com/{account}/queue-{few}",
            "instanceId": f"i-{many:017x}",
            "userName": _USERS[few],
        }
        return values.get(parameter, f"{parameter.removesuffix('Name')}-{few}")

    def _id(self) -> str:
        return str(uuid.UUID(int=self._some.getrandbits(128), version=4))


def _own(request: dict[str, Any], account: str, region: str) -> list[dict[str, Any]]:
    """The record's own `resources`, which events of these services have."""
    if "bucketName" in request:
        arn = f"arn:aws:s3:::{request['bucketName']}"
        return [
            {"type": "AWS::S3::Object", "ARN": f"{arn}/{request.get('key', '')}"},
            {"accountId": account, "type": "AWS::S3::Bucket", "ARN": arn},
        ]
    for member, kind, arn in (
        ("keyId", "AWS::KMS::Key", "{}"),
        ("tableName", "AWS::DynamoDB::Table", "arn:aws:dynamodb:{region}:{account}:table/{}"),
        ("functionName", "AWS::Lambda::Function", "arn:aws:lambda:{region}:{account}:function:{}"),
    ):
        if member in request:
            name = arn.format(request[member], region=region, account=account)
            return [{"accountId": account, "type": kind, "ARN": name}]
    return []


def fill(bucket: Path, records: int, end: float | None = None) -> None:
    """Write log files of the 89 days before a moment.

    Args:
        bucket: the folder.
        records: how many, about.
        end: seconds since 1970; now when it is left out.
    """
    for key, content in log_files(records, time.time() if end is None else end):
        path = bucket / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(content, 6, mtime=0))


def log_files(records: int, end: float) -> Iterator[tuple[str, bytes]]:
    """Log files, in the order of time: keys, and what is in them, not packed yet."""
    company, some = Company(), random.Random(2)
    files = max(1, records // PER_FILE)
    for number in range(files):
        delivered = _moment(number / files, end)
        account = some.choices(ACCOUNTS, (4, 1))[0]
        region = some.choices(list(REGIONS), list(REGIONS.values()))[0]
        rows = [company.record(delivered - some.random() * 900, account, region) for _ in range(PER_FILE)]
        stamp = time.strftime("%Y%m%dT%H%MZ", time.gmtime(delivered))
        yield (
            log_file_key(account, "CloudTrail", region, stamp, unique_string(str(number))),
            orjson.dumps({"Records": rows}),
        )


def _moment(share: float, end: float) -> float:
    """Days have a rhythm: more is done at noon than at midnight."""
    day = share * DAYS
    rhythm = day + 0.12 * math.sin(2 * math.pi * day)
    return end - (DAYS - rhythm) * 86_400
