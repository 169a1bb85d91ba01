"""What only several records together tell, and what is said of a policy."""

from __future__ import annotations

import pytest
from policy.golden import record

from bototrail.policy import policy_of


def test_an_unknown_account_is_a_star_and_said():
    made = policy_of([record("sqs", "CreateQueue", {"queueName": "q"}, recipientAccountId="000000000000")])
    assert [need.resource for need in made.needs] == ["arn:aws:sqs:eu-central-1:*:q"]
    assert made.remarks == ("the account is not known, and stands as *, in arn:aws:sqs:eu-central-1:*:q",)


def test_the_path_of_a_role_is_known_to_all_calls_once_one_tells_it():
    made = policy_of(
        [
            record("iam", "CreateRole", {"roleName": "worker", "path": "/service/"}),
            record("iam", "GetRole", {"roleName": "worker"}),
        ]
    )
    assert {need.resource for need in made.needs} == {"arn:aws:iam::111122223333:role/service/worker"}


@pytest.mark.parametrize(
    ("operation", "answer", "used"),
    [
        ("CreateRestApi", {"id": "bvxtdukwlm"}, "GetResources restapis/*/resources"),
        ("CreateApi", {"apiId": "bvxtdukwlm"}, "GetApi apis/*"),
        ("CreateRestApi", {"id": "b7xtdukwlm"}, "GetResources restapis/*/resources"),
        # Somebody's word: no id of the API that is made.
        ("CreateRestApi", {"usagePlanId": "bvxtdukwlm"}, "GetResources restapis/bvxtdukwlm/resources"),
        ("UpdateRestApi", {"id": "bvxtdukwlm"}, "GetResources restapis/bvxtdukwlm/resources"),
    ],
)
def test_an_id_that_was_made_may_have_no_digit(operation, answer, used):
    name, path = used.split()
    key = "apiId" if name == "GetApi" else "restApiId"
    made = policy_of([
        record("apigateway", operation, {"name": "orders"}, responseElements=answer),
        record("apigateway", name, {key: next(iter(answer.values()))}, readOnly=True),
    ])  # fmt: skip
    assert f"arn:aws:apigateway:eu-central-1::/{path}" in {need.resource for need in made.needs}


def test_what_was_made_is_called_otherwise_the_next_time():
    made = policy_of(
        [
            record(
                "ec2", "CreateVpc", {"cidrBlock": "10.0.0.0/16"}, responseElements={"vpc": {"vpcId": "vpc-0a1b2c3d"}}
            ),
            record("ec2", "DeleteVpc", {"vpcId": "vpc-0a1b2c3d"}),
            record("ec2", "DeleteVpc", {"vpcId": "vpc-99999999"}),
        ]
    )
    vpc = "arn:aws:ec2:eu-central-1:111122223333:vpc/"
    assert [tuple(need[:2]) for need in made.needs] == [
        ("ec2:CreateVpc", vpc + "*"),
        ("ec2:DeleteVpc", vpc + "*"),
        ("ec2:DeleteVpc", vpc + "vpc-99999999"),
    ]
    assert made.remarks == (
        "made by these calls, with another id the next time, so all of their type are allowed: " + vpc + "vpc-0a1b2c3d",
    )


VPC = record("ec2", "CreateVpc", {}, responseElements={"vpc": {"vpcId": "vpc-0a1b2c3d", "ownerId": "111122223333"}})


def test_ids_of_others_do_not_open_what_is_called_alike():
    key = {"bucketName": "111122223333", "key": "AWSLogs/111122223333/vpc-0a1b2c3d"}
    made = policy_of([VPC, record("s3", "PutObject", key)])
    assert "arn:aws:s3:::111122223333/AWSLogs/111122223333/vpc-0a1b2c3d" in {need.resource for need in made.needs}


def test_words_that_a_service_answers_are_no_ids():
    cluster = {"cluster": {"clusterArn": "arn:aws:ecs:eu-central-1:111122223333:cluster/default"}}
    made = policy_of([
        record("ecs", "CreateCluster", {}, responseElements=cluster),
        record("events", "PutEvents", {"entries": [{}]}),
        record("ecs", "DescribeClusters", {"clusters": ["default"]}),
    ])  # fmt: skip
    resources = {need.resource.rpartition(":")[2] for need in made.needs}
    assert {"event-bus/default", "cluster/default"} <= resources


@pytest.mark.parametrize("drawn", ["a1B2c3", "aXByCz"])
def test_a_new_secret_is_known_by_its_name(drawn):
    arn = f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:db/pw-{drawn}"
    made = policy_of([
        record("secretsmanager", "CreateSecret", {"name": "db/pw"}, responseElements={"arn": arn}),
        record("secretsmanager", "GetSecretValue", {"secretId": arn}),
    ])  # fmt: skip
    assert {need.resource for need in made.needs} == {arn[:-6] + "??????"}


STREAM = "arn:aws:dynamodb:eu-central-1:111122223333:table/t/stream/2026-11-21T17:30:07.006"


@pytest.mark.parametrize(
    ("create", "use", "opened"),
    [
        (
            record("ecs", "RegisterTaskDefinition", {"family": "fam"}, responseElements={"taskDefinition": {
                "taskDefinitionArn": "arn:aws:ecs:eu-central-1:111122223333:task-definition/fam:3"}}),
            record("ecs", "RunTask", {"taskDefinition": "arn:aws:ecs:eu-central-1:111122223333:task-definition/fam:3"}),
            "arn:aws:ecs:eu-central-1:111122223333:task-definition/fam:*",
        ),
        (
            record("lambda", "PublishVersion20150331", {"functionName": "f"}, responseElements={
                "functionArn": "arn:aws:lambda:eu-central-1:111122223333:function:f:7"}),
            record("lambda", "Invoke", {"functionName": "arn:aws:lambda:eu-central-1:111122223333:function:f:7"},
                   resources=[{"ARN": "arn:aws:lambda:eu-central-1:111122223333:function:f:7"}]),
            "arn:aws:lambda:eu-central-1:111122223333:function:f:*",
        ),
        (
            record("dynamodb", "CreateTable", {"tableName": "t"}, responseElements={"table": {"streamArn": STREAM}}),
            record("dynamodb", "DescribeStream", {"streamArn": STREAM}),
            "arn:aws:dynamodb:eu-central-1:111122223333:table/t/stream/*",
        ),
    ],
    ids=["a revision", "a version", "a stream"],
)  # fmt: skip
def test_numbers_that_a_service_gives_are_opened(create, use, opened):
    assert opened in {need.resource for need in policy_of([create, use]).needs}


def test_only_the_recorded_account_is_moved():
    made = policy_of(
        [
            record("sts", "AssumeRole", {"roleArn": "arn:aws:iam::999988887777:role/partner"}),
            record("sqs", "CreateQueue", {"queueName": "q"}),
        ],
        account="444455556666",
    )
    assert {need.resource for need in made.needs} == {
        "arn:aws:iam::999988887777:role/partner",
        "arn:aws:sqs:eu-central-1:444455556666:q",
    }


def test_wildcards_and_variables_in_any_name_are_text():
    made = policy_of([
        record("s3", "ListObjects", {"bucketName": "b", "prefix": "home/${aws:username}/"}),
        record("s3", "CopyObject", {"bucketName": "b", "key": "k", "x-amz-copy-source": "src/a*b?versionId=3"}),
    ])  # fmt: skip
    assert ("StringEquals", "s3:prefix", "home/${$}{aws:username}/") in {c for n in made.needs for c in n.conditions}
    assert ("s3:GetObjectVersion", "arn:aws:s3:::src/a${*}b") in {need[:2] for need in made.needs}


def test_who_asks_for_what_is_not_there_must_be_able_to_list():
    made = policy_of([record("s3", "HeadObject", {"bucketName": "b", "key": "k"}, errorCode="NoSuchKey")])
    assert {need[:2] for need in made.needs} == {
        ("s3:GetObject", "arn:aws:s3:::b/k"),
        ("s3:ListBucket", "arn:aws:s3:::b"),
    }


def test_the_key_that_a_new_resource_is_encrypted_with_was_not_made():
    key = "arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
    made = policy_of(
        [
            record("rds", "CreateDBInstance", {"dBInstanceIdentifier": "db"}, responseElements={"kmsKeyId": key}),
            record("kms", "DescribeKey", {"keyId": key}),
        ]
    )
    assert ("kms:DescribeKey", key) in {tuple(need[:2]) for need in made.needs}


def test_a_name_that_the_caller_chose_stays():
    answer = {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/111122223333/orders"}
    made = policy_of(
        [
            record("sqs", "CreateQueue", {"queueName": "orders"}, responseElements=answer),
            record("sqs", "DeleteQueue", {"queueUrl": answer["queueUrl"]}),
        ]
    )
    assert {need.resource for need in made.needs} == {"arn:aws:sqs:eu-central-1:111122223333:orders"}


def test_callers_and_size_and_unverified_actions_are_said():
    users = [{"type": "IAMUser", "arn": f"arn:aws:iam::1:user/u{n}"} for n in range(2)]
    records = [
        record("s3", "GetObject", {"bucketName": "bucket", "key": f"{n:08}"}, userIdentity=users[n % 2])
        for n in range(2000)
    ]
    unverified, callers, size_of_it = policy_of([*records, record("s3", "InventThing", {})]).remarks
    assert unverified == (
        "unverified: s3:InventThing; the Service Authorization Reference has no such action, "
        "look it up before you grant it"
    )
    assert callers == (
        "made of the calls of 3 callers: arn:aws:iam::111122223333:user/alice, arn:aws:iam::1:user/u0, "
        "arn:aws:iam::1:user/u1"
    )
    assert size_of_it == ("larger than one managed policy may be: 11 policies, more than the 10 that can be attached")
