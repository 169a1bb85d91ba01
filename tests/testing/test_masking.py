"""Snapshots hold what a test decides, and nothing that differs from run to run."""

from __future__ import annotations

import json

import boto3
import pytest
from border import answer
from moto import mock_aws

import bototrail
from bototrail.recorder import watching
from bototrail.testing.diffs import different
from bototrail.testing.masking import _Masker, masked
from bototrail.testing.trail import Trail

UUID, OTHER = "6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b", "00000000-1111-4222-8333-444444444444"
VALUES = [
    # name, value, what is written
    ("x", UUID, "<uuid 1>"),
    ("x", [UUID, OTHER, UUID.upper()], ["<uuid 1>", "<uuid 2>", "<uuid 1>"]),
    ("arn", f"arn:aws:kms:us-east-1:1:key/{UUID}", "arn:aws:kms:us-east-1:1:key/<uuid 1>"),
    ("x", ["i-0123456789abcdef0", "i-12345678"], ["<i 1>", "<i 2>"]),
    ("x", "tgw-attach-0123456789abcdef0", "<tgw-attach 1>"),
    (
        "arn",
        "arn:aws:secretsmanager:us-east-1:1:secret:a/b-c-AbCdEf",
        "arn:aws:secretsmanager:us-east-1:1:secret:a/b-c-<suffix 1>",
    ),
    ("arn", "targetgroup/t/ed7091892b138e80", "targetgroup/t/<hex 1>"),
    ("x", "my-bucket-20261121", "my-bucket-20261121"),
    ("x", ["AKIAIOSFODNN7EXAMPLE", "AROAIOSFODNN7EXAMPLE:me"], ["<AKIA 1>", "<AROA 1>:me"]),
    ("x", "2026-11-21T10:20:28.123+00:00", "<time>"),
    ("x", "at 2026-11-21 10:20:28", "at <time>"),
    ("x", "Nov 21, 2026 10:20:28 AM", "<time>"),
    ("x", "Nov 21, 2026, 10:20:28 AM", "<time>"),
    ("x", "Sat, 21 Nov 2026 10:20:28 GMT", "<time>"),
    ("x", "20261121T102028Z", "<time>"),
    ("x", "2026-11-21", "2026-11-21"),
    ("creationTime", 1763720428, "<time>"),
    ("lastModified", 1763720428, 1763720428),
    ("createdAt", 1763720428123.5, "<time>"),
    ("timeout", 30, 30),
    ("statusTime", True, True),
    ("uploadId", ["a", "b", "a"], ["<uploadId 1>", "<uploadId 2>", "<uploadId 1>"]),
    ("receiptHandle", "x" * 200, "<receiptHandle 1>"),
    ("nextToken", "", ""),
    ("queueUrl", "http://localhost:34567/1/q", "http://localhost:<port>/1/q"),
    ("queueUrl", "http://127.0.0.1:5000/1/q", "http://127.0.0.1:<port>/1/q"),
    ("mine", {"a": 1}, "<masked>"),
    ("x", {"mine": 1, UUID: None}, {"mine": "<masked>", "<uuid 1>": None}),
    ("x", "d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e"),
]


@pytest.mark.parametrize(("name", "value", "written"), VALUES)
def test_values(name, value, written):
    assert _Masker(frozenset({"mine"}))._value(name, value) == written


def test_a_record_keeps_what_the_program_decides(trail, client):
    dynamodb = client("dynamodb")
    answer(dynamodb, (200, b"{}"), headers={"x-amzn-requestid": "rid"})
    with bototrail.labelled(ticket="7", test="t", phase="call"):
        dynamodb.put_item(TableName="photos", Item={"id": {"S": "1"}})
    assert masked(trail.calls()) == [
        {
            "eventVersion": "1.11",
            "userIdentity": {"accessKeyId": "<caller 1>"},
            "eventSource": "dynamodb.amazonaws.com",
            "eventName": "PutItem",
            "awsRegion": "us-east-1",
            "requestParameters": {"tableName": "photos", "item": ["id"]},
            "responseElements": None,
            "additionalEventData": {"labels": {"ticket": "7"}},
            "readOnly": False,
            "resources": [
                {
                    "accountId": "<account>",
                    "type": "AWS::DynamoDB::Table",
                    "ARN": "arn:aws:dynamodb:us-east-1:<account>:table/photos",
                }
            ],
            "eventType": "AwsApiCall",
            "apiVersion": "2012-08-10",
            "managementEvent": False,
            "eventCategory": "Data",
        }
    ]


def test_secrets_and_bodies_are_not_in_a_snapshot(trail, client):
    s3, secrets = client("s3"), client("secretsmanager")
    answer(s3, (200, b""))
    answer(secrets, (200, b"{}"))
    s3.put_object(Bucket="reports", Key="k", Body=b"hunter2")
    secrets.put_secret_value(SecretId="s", SecretString="hunter2")
    assert "hunter2" not in json.dumps(masked(trail.calls()))


def test_ids_that_a_service_makes_up_are_found_again_and_chosen_ones_stay(trail, client):
    gateway = client("apigateway")
    answer(
        gateway,
        (201, b'{"id": "hhhdvbztbn", "rootResourceId": "xz1pdpk6yd", "name": "chosen-name"}'),
        (201, b'{"id": "chosen-id"}'),
    )
    made = gateway.create_rest_api(name="chosen-name", cloneFrom="chosen-id")
    gateway.create_resource(restApiId=made["id"], parentId=made["rootResourceId"], pathPart=f"of-{made['id']}")
    first, second = masked(trail.calls())
    assert first["responseElements"] == {"id": "<id 1>", "rootResourceId": "<rootResourceId 1>", "name": "chosen-name"}
    assert second["requestParameters"] == {
        "template": False,
        "restApiId": "<id 1>",
        "parentId": "<rootResourceId 1>",
        "createResourceInput": {"pathPart": "of-<id 1>"},
    }
    assert second["responseElements"] == {"id": "chosen-id"}


def test_callers_are_told_apart(trail, client, monkeypatch):
    first = client("dynamodb")
    second = client("dynamodb", aws_access_key_id="another", aws_secret_access_key="x")
    for each in (first, second, first):
        answer(each, (200, b"{}"))
        each.list_tables()
    callers = [r["userIdentity"]["accessKeyId"] for r in masked(trail.calls())]
    assert callers == ["<caller 1>", "<caller 2>", "<caller 1>"]


def program():
    """Calls whose answers are full of ids and times."""
    ec2, kms, sqs, s3, iam = (boto3.client(name, "us-east-1") for name in ("ec2", "kms", "sqs", "s3", "iam"))
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="g", Description="d", VpcId=vpc)
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    kms.describe_key(KeyId=key)
    queue = sqs.create_queue(QueueName="q")["QueueUrl"]
    sqs.send_message(QueueUrl=queue, MessageBody="x")
    handle = sqs.receive_message(QueueUrl=queue)["Messages"][0]["ReceiptHandle"]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=handle)
    boto3.client("secretsmanager", "us-east-1").create_secret(Name="s", SecretString="x")
    api = boto3.client("apigateway", "us-east-1").create_rest_api(name="a")
    boto3.client("apigateway", "us-east-1").create_resource(
        restApiId=api["id"], parentId=api["rootResourceId"], pathPart="x"
    )
    s3.create_bucket(Bucket="reports")
    upload = s3.create_multipart_upload(Bucket="reports", Key="k")["UploadId"]
    s3.upload_part(Bucket="reports", Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket="reports", Key="k", UploadId=upload)
    iam.create_role(RoleName="r", AssumeRolePolicyDocument="{}")
    iam.create_user(UserName="u")
    iam.create_access_key(UserName="u")
    sts = boto3.client("sts", "us-east-1")
    sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="session")


def test_two_runs_of_a_program_give_the_same_whoever_is_known_by_then():
    runs = []
    for read_inside in (True, False):
        with watching(Trail) as trail:
            with mock_aws():
                program()
                if read_inside:
                    assert trail.records[0]["recipientAccountId"] == "123456789012"
            runs.append(masked(trail.calls()))
    assert different(*runs) == []
    security_group = next(r for r in runs[0] if r["eventName"] == "CreateSecurityGroup")
    assert security_group["requestParameters"]["vpcId"] == "<vpc 1>"
    parts = [r["requestParameters"].get("uploadId") for r in runs[0] if "eventName" in r and "Upload" in r["eventName"]]
    assert parts == [None, "<uploadId 1>", "<uploadId 1>"]


def test_without_an_order_the_records_are_sorted(trail, s3):
    def keys(order):
        trail.clear()
        for key in order:
            s3.put_object(Bucket="reports", Key=key, Body=b"")
        return [r["requestParameters"]["key"] for r in masked(trail.calls(), ordered=False)]

    assert keys("cab") == keys("abc") == ["a", "b", "c"]


def record(name, **parameters):
    return {"eventSource": "s3.amazonaws.com", "eventName": name, "requestParameters": parameters}


def test_differences_are_told_call_by_call():
    old = [
        record("CreateBucket", b="1"),
        record("PutObject", key="a", x=1, y=2, z=3, w=4),
        record("DeleteObject", key="a"),
    ]
    new = [
        record("CreateBucket", b="1"),
        record("PutObject", key="b", x=1, y=2, z=3, w=5),
        record("CopyObject", key="c" * 200),
        record("ListBuckets"),
    ]
    assert different(old, old) == []
    told = different(old, new)
    assert told == [
        "    1. s3:CreateBucket",
        "~   2. s3:PutObject",
        '          "eventName": "PutObject",',
        '          "requestParameters": {',
        '       -    "key": "a",',
        '       +    "key": "b",',
        '            "x": 1,',
        '            "y": 2,',
        '            "z": 3,',
        '       -    "w": 4',
        '       +    "w": 5',
        "          }",
        "        }",
        '-      s3:DeleteObject  {"key": "a"}',
        f'+   3. s3:CopyObject  {{"key": "{"c" * 148}...',
        "+   4. s3:ListBuckets  {}",
    ]


def test_many_calls_that_are_the_same_are_left_out():
    same = [record("PutObject", key=str(n)) for n in range(20)]
    told = different([*same, record("GetObject")], same)
    assert told == [
        *(f"  {n:>3}. s3:PutObject" for n in (1, 2, 3)),
        "       ... 14 more that are the same",
        *(f"  {n:>3}. s3:PutObject" for n in (18, 19, 20)),
        "-      s3:GetObject  {}",
    ]


def test_a_hunk_far_from_another_is_set_apart():
    old, new = ({"eventName": "e", **{f"m{n}": n for n in range(20)}, "last": x, "m3": x} for x in (1, 2))
    assert "         ..." in different([old], [new])
