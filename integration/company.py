"""A week of a company that does not exist, as its trail would have it: Brightwater, who roast coffee.

    python integration/company.py FOLDER [EVENTS]

makes a bucket to look at with `bototrail serve --bucket FOLDER`. The same numbers come out each time, up to now.
"""

from __future__ import annotations

import gzip
import json
import math
import random
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

SHOP, DATA = "111122223333", "444455556666"
REGIONS = {SHOP: ["eu-central-1", "eu-central-1", "eu-central-1", "us-east-1"], DATA: ["eu-central-1"]}
DAYS = 7
EVENTS = 40_000


class Caller(NamedTuple):
    """Somebody who makes calls: a role with sessions, or a user."""

    role: str
    sessions: tuple[str, ...]
    account: str
    agent: str
    addresses: tuple[str, ...]
    rhythm: str
    weight: float
    calls: tuple[tuple[str, str, float], ...]


BOTO = "Boto3/1.43.5 md/Botocore#1.43.5 ua/2.1 os/linux#6.8 md/arch#aarch64 lang/python#3.13.1 md/pyimpl#CPython"
CALLERS = (
    Caller(
        "shop-backend",
        ("i-0b5c1f7a3e9d24681", "i-0f3a6d2c8e1b97540"),
        SHOP,
        BOTO,
        ("10.20.4.17", "10.20.5.92"),
        "shop",
        46,
        (
            ("s3", "GetObject", 30),
            ("s3", "PutObject", 9),
            ("dynamodb", "Query", 22),
            ("dynamodb", "PutItem", 12),
            ("sqs", "SendMessage", 11),
            ("kms", "Decrypt", 9),
            ("secretsmanager", "GetSecretValue", 2),
            ("sns", "Publish", 5),
        ),
    ),
    Caller(
        "order-worker",
        ("order-worker-7c9f", "order-worker-b21d"),
        SHOP,
        BOTO,
        ("10.20.6.31",),
        "shop",
        24,
        (
            ("sqs", "ReceiveMessage", 30),
            ("sqs", "DeleteMessage", 24),
            ("dynamodb", "UpdateItem", 20),
            ("s3", "PutObject", 8),
            ("ses", "SendEmail", 6),
        ),
    ),
    Caller(
        "nightly-etl",
        ("brightwater-etl",),
        DATA,
        BOTO,
        ("10.40.1.8",),
        "night",
        15,
        (
            ("s3", "ListObjects", 6),
            ("s3", "GetObject", 34),
            ("s3", "PutObject", 20),
            ("glue", "GetPartitions", 8),
            ("athena", "StartQueryExecution", 5),
            ("athena", "GetQueryExecution", 14),
        ),
    ),
    Caller(
        "github-deploy",
        ("GitHubActions",),
        SHOP,
        "aws-sdk-js/3.1010.0 os/linux lang/js md/nodejs#22.12.0",
        ("203.0.113.40", "203.0.113.77"),
        "office",
        5,
        (
            ("ecs", "UpdateService", 5),
            ("ecs", "DescribeServices", 20),
            ("ecr", "PutImage", 4),
            ("cloudformation", "DescribeStacks", 12),
            ("lambda", "UpdateFunctionCode", 4),
            ("iam", "PassRole", 2),
        ),
    ),
    Caller(
        "",
        ("maya",),
        SHOP,
        "aws-cli/2.31.4 md/awscrt#0.28 ua/2.1 os/macos#25.1 lang/python#3.13",
        ("198.51.100.23",),
        "office",
        3,
        (
            ("ec2", "DescribeInstances", 9),
            ("logs", "FilterLogEvents", 14),
            ("cloudwatch", "GetMetricData", 8),
            ("iam", "ListRoles", 3),
            ("s3", "ListBuckets", 4),
        ),
    ),
    Caller(
        "",
        ("jonas",),
        SHOP,
        "Boto3/1.43.5 md/Botocore#1.43.5 ua/2.1 os/linux#6.11 lang/python#3.12.8",
        ("198.51.100.71",),
        "office",
        2,
        (
            ("s3", "GetObject", 9),
            ("dynamodb", "Scan", 4),
            ("sts", "GetCallerIdentity", 6),
            ("rds", "DescribeDBInstances", 3),
        ),
    ),
)
READS = ("Get", "List", "Describe", "Query", "Scan", "Receive", "Decrypt", "Filter")
BUCKETS = {SHOP: "brightwater-shop-media", DATA: "brightwater-lake"}
INCIDENT = 2.35  # days before now: a deployment took the right to write from the nightly job


def load(rhythm: str, moment: datetime) -> float:
    """How busy somebody is."""
    hour, weekend = moment.hour + moment.minute / 60, moment.weekday() >= 5
    if rhythm == "night":
        return 1.0 if 1 <= hour < 4 else 0.03
    if rhythm == "office":
        return (0.08 if weekend else 1.0) * (1.0 if 8 <= hour < 18 else 0.04)
    return (1.25 if weekend else 1.0) * (
        0.25 + 0.75 * math.exp(-(((hour - 19) / 4.5) ** 2)) + 0.45 * math.exp(-(((hour - 11) / 3) ** 2))
    )


def moments(chance: random.Random, rhythm: str, number: int, now: datetime) -> Iterator[datetime]:
    """When somebody makes calls."""
    while number > 0:
        moment = now - timedelta(seconds=chance.random() * DAYS * 86_400)
        if chance.random() < load(rhythm, moment) / 1.6:
            number -= 1
            yield moment


def identity(chance: random.Random, caller: Caller, session: str) -> dict[str, Any]:
    """The userIdentity of a caller."""
    letters = random.Random(session)
    key = "".join(letters.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", k=16))
    if not caller.role:
        return {
            "type": "IAMUser",
            "principalId": f"AIDA{key}",
            "arn": f"arn:aws:iam::{caller.account}:user/{session}",
            "accountId": caller.account,
            "accessKeyId": f"AKIA{key}",
            "userName": session,
        }
    role = f"arn:aws:iam::{caller.account}:role/{caller.role}"
    return {
        "type": "AssumedRole",
        "principalId": f"AROA{key}:{session}",
        "arn": f"arn:aws:sts::{caller.account}:assumed-role/{caller.role}/{session}",
        "accountId": caller.account,
        "accessKeyId": f"ASIA{key}",
        "sessionContext": {
            "sessionIssuer": {
                "type": "Role",
                "principalId": f"AROA{key}",
                "arn": role,
                "accountId": caller.account,
                "userName": caller.role,
            },
            "attributes": {"creationDate": "2026-11-20T06:00:00Z", "mfaAuthenticated": "false"},
        },
    }


def parameters(
    chance: random.Random, caller: Caller, service: str, name: str
) -> tuple[dict[str, Any] | None, list[dict[str, str]]]:
    """What a call was made with, and on what."""
    number, account = chance.randrange(1, 400), caller.account
    if service == "s3":
        bucket = BUCKETS[account]
        key = (
            f"lake/orders/day={chance.randrange(1, 29):02}/part-{number:04}.parquet"
            if account == DATA
            else f"products/{number:04}/photo.webp"
        )
        if name == "ListBuckets":
            return None, []
        if name == "ListObjects":
            return {"bucketName": bucket, "prefix": key.rpartition("/")[0]}, [
                {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}", "accountId": account}
            ]
        object_ = {"type": "AWS::S3::Object", "ARN": f"arn:aws:s3:::{bucket}/{key}"}
        return {"bucketName": bucket, "key": key}, [
            object_,
            {"type": "AWS::S3::Bucket", "ARN": f"arn:aws:s3:::{bucket}", "accountId": account},
        ]
    if service == "dynamodb":
        table = chance.choice(["orders", "orders", "baskets", "customers"])
        return {"tableName": table, "key": {"id": f"o-{number:05}"}}, [
            {
                "type": "AWS::DynamoDB::Table",
                "ARN": f"arn:aws:dynamodb:eu-central-1:{account}:table/{table}",
                "accountId": account,
            }
        ]
    if service == "sqs":
        url = f"https://sqs.eu-central-1.amazonaws.com/{account}/orders"
        return {"queueUrl": url}, [
            {"type": "AWS::SQS::Queue", "ARN": f"arn:aws:sqs:eu-central-1:{account}:orders", "accountId": account}
        ]
    if service == "kms":
        return {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, [
            {
                "type": "AWS::KMS::Key",
                "ARN": f"arn:aws:kms:eu-central-1:{account}:key/5d1c6f0a-2b7e-4c93-9f58-6e0a7d3b1c24",
                "accountId": account,
            }
        ]
    if service in ("ecs", "lambda"):
        return {"cluster": "shop", "service": chance.choice(["web", "worker"])} if service == "ecs" else {
            "functionName": "resize-photos"
        }, []
    return None, []


def failure(
    chance: random.Random, caller: Caller, service: str, name: str, days: float, arn: str, bucket_key: str
) -> tuple[str, str]:
    """How a call failed, or two empty texts."""
    if caller.role == "nightly-etl" and name == "PutObject" and INCIDENT - 0.5 < days < INCIDENT:
        return "AccessDenied", (
            f'User: {arn} is not authorized to perform: s3:PutObject on resource: "{bucket_key}" because no '
            "identity-based policy allows the s3:PutObject action"
        )
    if caller.sessions == ("jonas",) and service in ("rds", "dynamodb") and chance.random() < 0.5:
        action = f"{service}:{name}"
        return (
            "AccessDenied",
            f"User: {arn} is not authorized to perform: {action} with an explicit deny in a service control policy",
        )
    draw = chance.random()
    if service == "dynamodb" and name in ("PutItem", "UpdateItem") and draw < 0.03:
        return "ConditionalCheckFailedException", "The conditional request failed"
    if name == "GetObject" and draw < 0.015:
        return "NoSuchKey", "The specified key does not exist."
    if service in ("athena", "cloudwatch", "ecs") and draw < 0.02:
        return "ThrottlingException", "Rate exceeded"
    return "", ""


def record(chance: random.Random, caller: Caller, moment: datetime, now: datetime) -> dict[str, Any]:
    """A call."""
    session = chance.choice(caller.sessions)
    service, name, _ = chance.choices(caller.calls, [weight for *_, weight in caller.calls])[0]
    who = identity(chance, caller, session)
    given, resources = parameters(chance, caller, service, name)
    is_data = service in ("dynamodb", "sqs") or (service == "s3" and name.endswith("Object"))
    days = (now - moment).total_seconds() / 86_400
    target = resources[0]["ARN"] if resources else "*"
    code, message = failure(chance, caller, service, name, days, who["arn"], target)
    found: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": who,
        "eventTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "eventSource": f"{service if service != 'cloudwatch' else 'monitoring'}.amazonaws.com",
        "eventName": name,
        "awsRegion": chance.choice(REGIONS[caller.account])
        if service in ("iam", "sts", "ec2")
        else REGIONS[caller.account][0],
        "sourceIPAddress": chance.choice(caller.addresses),
        "userAgent": caller.agent,
        **({"errorCode": code, "errorMessage": message} if code else {}),
        "requestParameters": given,
        "responseElements": None,
        "requestID": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "eventID": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
        "readOnly": name.startswith(READS),
        **({"resources": resources} if resources else {}),
        "eventType": "AwsApiCall",
        "managementEvent": not is_data,
        "recipientAccountId": caller.account,
        "eventCategory": "Data" if is_data else "Management",
        "tlsDetails": {
            "tlsVersion": "TLSv1.3",
            "cipherSuite": "TLS_AES_128_GCM_SHA256",
            "clientProvidedHostHeader": f"{service}.eu-central-1.amazonaws.com",
        },
    }
    return found


def insights(now: datetime) -> Iterator[dict[str, Any]]:
    """The beginning and the end of what was unusual."""
    night = (now - timedelta(days=INCIDENT)).replace(hour=1, minute=4, second=0, microsecond=0) + timedelta(days=1)
    role = f"arn:aws:sts::{DATA}:assumed-role/nightly-etl"
    for state, moment, rate in (("Start", night, 14.0), ("End", night + timedelta(hours=2, minutes=50), 9.7)):
        yield {
            "eventVersion": "1.08",
            "eventTime": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "awsRegion": "eu-central-1",
            "eventID": str(uuid.uuid5(uuid.NAMESPACE_DNS, state)),
            "eventType": "AwsCloudTrailInsight",
            "recipientAccountId": DATA,
            "sharedEventID": str(uuid.uuid5(uuid.NAMESPACE_DNS, "pair")),
            "insightDetails": {
                "state": state,
                "eventSource": "s3.amazonaws.com",
                "eventName": "PutObject",
                "insightType": "ApiErrorRateInsight",
                "errorCode": "AccessDenied",
                "insightContext": {
                    "statistics": {
                        "baseline": {"average": 0.0021},
                        "insight": {"average": rate},
                        "insightDuration": 170,
                        "baselineDuration": 10080,
                    },
                    "attributions": [
                        {
                            "attribute": "userIdentityArn",
                            "insight": [{"value": role, "average": rate}],
                            "baseline": [{"value": role, "average": 0.0021}],
                        }
                    ],
                },
            },
            "eventCategory": "Insight",
        }


def make(bucket: Path, events: int = EVENTS, now: datetime | None = None) -> None:
    """Write the log files of the week before a moment."""
    now = (now or datetime.now(timezone.utc)).replace(microsecond=0)
    chance = random.Random(1869)
    whole = sum(caller.weight for caller in CALLERS)
    files: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for caller in CALLERS:
        for moment in moments(chance, caller.rhythm, int(events * caller.weight / whole), now):
            _put(files, record(chance, caller, moment, now), "CloudTrail")
    for each in insights(now):
        _put(files, each, "CloudTrail-Insight")
    for number, ((account, region, day, kind), records) in enumerate(sorted(files.items())):
        name = f"{account}_{kind}_{region}_{day.replace('/', '')}T2355Z_{number:016}.json.gz"
        path = bucket / "AWSLogs" / account / kind / region / day / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(json.dumps({"Records": records}).encode(), 6, mtime=0))


def _put(files: dict[tuple[str, str, str, str], list[dict[str, Any]]], found: dict[str, Any], kind: str) -> None:
    day = found["eventTime"][:10].replace("-", "/")
    files.setdefault((found["recipientAccountId"], found["awsRegion"], day, kind), []).append(found)


if __name__ == "__main__":
    make(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else EVENTS)
