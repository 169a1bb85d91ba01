"""From needs to statements: what is put together, what is kept apart, and how statements are called."""

from __future__ import annotations

import pytest

from bototrail.policy import Need
from bototrail.policy.statements import statements

TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders"
KEY = "arn:aws:kms:eu-central-1:111122223333:key/*"


def made(*needs):
    return [tuple(one) for one in statements(needs)]


def test_actions_on_the_same_resources_are_one_statement():
    assert made(Need("dynamodb:PutItem", TABLE), Need("dynamodb:GetItem", TABLE)) == [
        ("DynamoDBReadWriteTableOrders", ("dynamodb:GetItem", "dynamodb:PutItem"), (TABLE,), ())
    ]


def test_resources_of_the_same_actions_are_one_statement():
    assert made(Need("s3:GetObject", "arn:aws:s3:::b/2"), Need("s3:GetObject", "arn:aws:s3:::b/1")) == [
        ("S3GetObjectB", ("s3:GetObject",), ("arn:aws:s3:::b/1", "arn:aws:s3:::b/2"), ())
    ]


def test_nothing_is_allowed_that_was_not_needed():
    found = made(
        Need("s3:GetObject", "arn:aws:s3:::b/1"),
        Need("s3:PutObject", "arn:aws:s3:::b/2"),
    )
    assert [one[1:3] for one in found] == [
        (("s3:GetObject",), ("arn:aws:s3:::b/1",)),
        (("s3:PutObject",), ("arn:aws:s3:::b/2",)),
    ]


def test_values_of_a_condition_come_together_and_no_condition_wins():
    bucket = "arn:aws:s3:::b"
    first, second = (Need("s3:ListBucket", bucket, (("StringEquals", "s3:prefix", p),)) for p in ("a/", "b/"))
    assert made(first, second) == [
        ("S3ListBucketB", ("s3:ListBucket",), (bucket,), (("StringEquals", "s3:prefix", ("a/", "b/")),))
    ]
    assert made(first, Need("s3:ListBucket", bucket)) == [("S3ListBucketB", ("s3:ListBucket",), (bucket,), ())]


def test_a_prefix_of_one_bucket_is_not_allowed_in_another():
    conditions = [(("StringEquals", "s3:prefix", p),) for p in ("a/", "b/")]
    found = made(*(Need("s3:ListBucket", f"arn:aws:s3:::{n}", c) for n, c in zip("xy", conditions, strict=True)))
    assert [(one[2], one[3][0][2]) for one in found] == [(("arn:aws:s3:::x",), ("a/",)), (("arn:aws:s3:::y",), ("b/",))]


def test_what_a_wildcard_covers_is_not_listed_beside_it():
    assert made(Need("kms:Decrypt", KEY), Need("kms:Decrypt", KEY.replace("*", "1234")))[0][2] == (KEY,)


def test_a_wildcard_under_a_condition_covers_only_what_the_condition_allows():
    region = (("StringEquals", "aws:RequestedRegion", "eu-central-1"),)
    here, there = KEY.replace("*", "1"), KEY.replace("*", "2").replace("eu-central-1", "us-east-1")
    found = made(Need("kms:Decrypt", "*", region), Need("kms:Decrypt", here), Need("kms:Decrypt", there))
    assert sorted(one[2] for one in found) == [("*",), (there,)]


def test_unverified_actions_stand_apart_and_last():
    found = made(Need("s3:NewThing", "*", verified=False), Need("s3:ListAllMyBuckets", "*"))
    assert [one[0] for one in found] == ["S3ListAllMyBuckets", "UnverifiedS3NewThing"]


def when(key, value):
    return (("StringEquals", key, value),)


@pytest.mark.parametrize(
    ("needs", "sid"),
    [
        ([Need("iam:PassRole", "arn:aws:iam::1:role/r")], "PassRole"),
        (
            [
                Need("iam:PassRole", "*", when("iam:PassedToService", f"{s}.amazonaws.com"))
                for s in ("lambda", "states")
            ],
            "PassRoleToLambdaAndStepFunctions",
        ),
        (
            [Need("kms:Decrypt", KEY, when("kms:ViaService", "s3.eu-central-1.amazonaws.com"))],
            "KMSDecryptThroughS3",
        ),
        ([Need("ec2:DescribeVpcs", "*"), Need("ec2:DescribeSubnets", "*")], "EC2Read"),
        (
            [Need("states:StartExecution", "arn:aws:states:eu-central-1:1:stateMachine:tidy")],
            "StepFunctionsStartExecutionStateMachineTidy",
        ),
        ([Need("mq:ListBrokers", "*")], "MqListBrokers"),
    ],
)
def test_ids_say_what_is_allowed(needs, sid):
    assert [one[0] for one in made(*needs)] == [sid]


def test_the_second_statement_of_a_name_gets_a_number():
    found = made(
        Need("s3:GetObject", "arn:aws:s3:::b/1"),
        Need("s3:GetObject", "arn:aws:s3:::b/2", when("aws:RequestedRegion", "x")),
    )
    assert [one[0] for one in found] == ["S3GetObjectB", "S3GetObjectB2"]
