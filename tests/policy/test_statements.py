"""From needs to statements: what is put together, what is kept apart, and how statements are called."""

from __future__ import annotations

import json

import pytest
from policy.golden import record

from bototrail.policy import Need, policy_of
from bototrail.policy.document import Policy, size, split
from bototrail.policy.generalize import generalized
from bototrail.policy.statements import Statement, statements

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


# ---- generalizing
@pytest.mark.parametrize(
    ("used", "becomes"),
    [
        (["table/table-17", "table/table-18"], ["table/table-*"]),
        (["table/table-17"], ["table/table-17"]),
        (["table/orders", "table/table-18"], ["table/orders", "table/table-18"]),
        (["key/0b3e7c9a-1d2f-4a5b-8c6d-7e8f9a0b1c2d", "key/1b3e7c9a-1d2f-4a5b-8c6d-7e8f9a0b1c2d"], None),
        (["table/2024", "table/2025"], None),
        (["table/run-2026-11-20", "table/run-2026-11-21"], ["table/run-*"]),
        (["table/tmp-0a1b2c3d4e5f/index/a", "table/tmp-1a1b2c3d4e5f/index/a"], ["table/tmp-*/index/a"]),
    ],
)
def test_what_changes_from_run_to_run_becomes_a_star(used, becomes):
    start = "arn:aws:dynamodb:eu-central-1:111122223333:"
    found = generalized(Need("dynamodb:GetItem", start + one) for one in used)
    assert [need.resource.removeprefix(start) for need in found] == (used if becomes is None else becomes)


def test_many_objects_of_a_folder_become_the_folder():
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
    needs = [Need("s3:GetObject", f"arn:aws:s3:::b/in/{name}.csv") for name in names]
    assert [need.resource for need in generalized(needs)] == ["arn:aws:s3:::b/in/*"]
    assert len(generalized(needs[:9])) == 9


def test_a_bucket_s_name_is_generalized_only_with_its_letters():
    needs = [Need("s3:ListBucket", f"arn:aws:s3:::{name}") for name in ("logs-1", "logs-2", "1", "2")]
    assert [n.resource for n in generalized(needs)] == ["arn:aws:s3:::logs-*", "arn:aws:s3:::1", "arn:aws:s3:::2"]


def test_keys_that_are_nothing_but_numbers_stay():
    needs = [Need("s3:GetObject", f"arn:aws:s3:::bucket/{n}.csv") for n in (1, 2)]
    assert generalized(needs) == needs


def test_actions_are_generalized_apart():
    needs = [Need("s3:GetObject", "arn:aws:s3:::b/f-1"), Need("s3:PutObject", "arn:aws:s3:::b/f-2")]
    assert generalized(needs) == needs


# ---- documents
def long_statement(count):
    return Statement("S3GetObject", ("s3:GetObject",), tuple(f"arn:aws:s3:::bucket/{n:08}" for n in range(count)))


def test_a_statement_that_is_too_large_is_shared_out():
    one = long_statement(500)
    parts = split((one,))
    assert all(size(part) <= 6144 for part in parts)
    assert [resource for part in parts for each in part for resource in each.resources] == list(one.resources)
    assert len({each.sid for part in parts for each in part}) == sum(map(len, parts))
    assert len(Policy((one,)).documents) == len(parts) > 2


def test_one_action_on_one_resource_cannot_be_made_smaller():
    one = Statement("S3GetObject", ("s3:GetObject",), ("arn:aws:s3:::bucket/" + "x" * 7000,))
    assert [[each.resources for each in part] for part in split((one, one))] == [[one.resources], [one.resources]]


def test_several_documents_are_a_list():
    assert [d["Version"] for d in json.loads(Policy((long_statement(500),)).json())] == ["2012-10-17"] * 3


def test_an_empty_policy_is_a_document_without_statements():
    assert json.loads(Policy(()).json()) == {"Version": "2012-10-17", "Statement": []}


ONE = Statement(
    "S3ListBucketB",
    ("s3:ListBucket",),
    ("arn:aws:s3:::b", "arn:aws:s3:::${*}"),
    (("StringEquals", "s3:prefix", ("a/", '%{"x"}')),),
)


def test_terraform():
    assert Policy((ONE,)).terraform("my-policy") == (
        'data "aws_iam_policy_document" "my_policy" {\n'
        "  statement {\n"
        '    sid       = "S3ListBucketB"\n'
        '    effect    = "Allow"\n'
        '    actions   = ["s3:ListBucket"]\n'
        "    resources = [\n"
        '      "arn:aws:s3:::b",\n'
        '      "arn:aws:s3:::&{*}",\n'
        "    ]\n"
        "\n"
        "    condition {\n"
        '      test     = "StringEquals"\n'
        '      variable = "s3:prefix"\n'
        "      values   = [\n"
        '        "a/",\n'
        '        "%%{\\"x\\"}",\n'
        "      ]\n"
        "    }\n"
        "  }\n"
        "}\n"
        "\n"
        'resource "aws_iam_policy" "my_policy" {\n'
        '  name   = "my-policy"\n'
        "  policy = data.aws_iam_policy_document.my_policy.json\n"
        "}"
    )


def test_terraform_has_no_escapes_that_hcl_lacks_and_nothing_steers_a_terminal():
    one = Statement("S3GetObject", ("s3:GetObject",), ("arn:aws:s3:::b/\b\f\x9b\u202e",))
    text = Policy((one,)).terraform() + Policy((one,)).json()
    assert "\\u0008\\u000c\\u009b\\u202e" in text
    assert not {"\x9b", "\u202e"} & set(text)


def test_cloudformation():
    policy = Policy((ONE,))
    assert json.loads(policy.cloudformation("my-policy")) == {
        "Resources": {
            "MyPolicyPolicy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {"ManagedPolicyName": "my-policy", "PolicyDocument": policy.documents[0]},
            }
        }
    }
    names = json.loads(Policy((long_statement(200),)).cloudformation())["Resources"]
    assert list(names) == ["Bototrail1Policy", "Bototrail2Policy"]


# ---- remarks, and what only several records together tell
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


def test_a_new_secret_is_known_by_its_name():
    arn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:db/pw-a1B2c3"
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
