"""Which resources an event has."""

from __future__ import annotations

import pytest
from history.lookups import BUCKET, EXAMPLES, INSTANCE, KEY, LOOKED_UP, SUBNET, Example, record

from bototrail.history.resources import LONGEST, MOST, arn_type, resources


def name_of(value: object) -> str:
    return value.record["eventName"] if isinstance(value, Example) else ""


def test_a_wrapped_text_is_found_as_often_as_it_is_met():
    made = record("ds", "DescribeDirectories", {"directoryId": {"content": "d-1"}})
    assert [resources(made) for _ in range(2)] == [[("", "d-1")]] * 2


@pytest.mark.parametrize("example", EXAMPLES, ids=name_of)
def test_resources_are_those_that_lookup_events_answers(example):
    found = resources(example.record)
    known = {name for kind, name in example.resources if kind is None}
    made = {(None if name in known else kind, name) for kind, name in found}
    assert made == example.resources | example.more


@pytest.mark.parametrize(("asked", "made"), LOOKED_UP, ids=[pair[0][0][5:] for pair in LOOKED_UP])
def test_what_is_looked_up_is_found(asked, made):
    assert asked in resources(made)


def test_the_records_own_resources_come_first_and_each_counts_once():
    own = [{"accountId": "111122223333", "type": "AWS::KMS::Key", "ARN": KEY}, {"ARN": KEY}]
    found = resources(record("kms", "Encrypt", {"keyId": KEY}, resources=own))
    assert found == [("AWS::KMS::Key", KEY)]


def test_a_type_that_the_record_leaves_out_is_told_by_the_arn():
    arn = "arn:aws:ssm:us-east-1:111122223333:parameter/db/password"
    assert resources(record("ssm", "X", resources=[{"ARN": arn}])) == [("AWS::SSM::Parameter", arn)]


def test_listings_have_the_beginning_of_arns():
    entry = {"type": "AWS::S3::Object", "ARNPrefix": f"{BUCKET}/"}
    assert resources(record("s3", "ListObjects", resources=[entry])) == [("AWS::S3::Object", f"{BUCKET}/")]


def test_objects_of_old_records_without_resources_have_their_arns():
    found = resources(record("s3", "GetObject", {"bucketName": "my-bucket", "key": "a/b c.txt"}))
    assert found == [
        ("AWS::S3::Object", f"{BUCKET}/a/b c.txt"),
        ("AWS::S3::Bucket", BUCKET),
        ("AWS::S3::Bucket", "my-bucket"),
    ]


def test_the_account_stands_in_arns_that_are_made():
    found = resources(record("kms", "DescribeKey", {"keyId": "1234abcd-12ab-34cd-56ef-1234567890ab"}))
    assert found == [("AWS::KMS::Key", KEY), ("AWS::KMS::Key", "1234abcd-12ab-34cd-56ef-1234567890ab")]


def test_names_stand_in_lists_and_deep_inside():
    request = {"filters": [], "a": {"b": [{"c": {"tableNames": ["t", "u"]}}]}}
    assert resources(record("dynamodb", "X", request)) == [
        ("AWS::DynamoDB::Table", "t"),
        ("AWS::DynamoDB::Table", "u"),
    ]


@pytest.mark.parametrize("service", ["ec2", "elasticloadbalancing", "unheard-of"])
@pytest.mark.parametrize("key", ["instanceId", "InstanceIds", "resourceId", "resourceIdList", "targets", "id"])
def test_ids_of_ec2_are_known_in_every_service(service, key):
    assert resources(record(service, "X", {key: [INSTANCE]})) == [("AWS::EC2::Instance", INSTANCE)]


def test_ids_may_stand_in_one_text():
    found = resources(record("autoscaling", "X", {"vPCZoneIdentifier": f"{SUBNET},subnet-0123456789abcdef1"}))
    assert found == [("AWS::EC2::Subnet", SUBNET), ("AWS::EC2::Subnet", "subnet-0123456789abcdef1")]


def test_texts_that_ec2_wraps_are_seen():
    request = {"DeleteFlowLogsRequest": {"FlowLogId": {"tag": 1, "content": "fl-0123456789abcdef0"}}}
    assert resources(record("ec2", "DeleteFlowLogs", request)) == [("AWS::EC2::FlowLog", "fl-0123456789abcdef0")]


def test_arns_of_services_that_log_the_path_as_it_was_sent_are_read():
    sent = "arn%3Aaws%3Akafka%3Aus-east-1%3A111122223333%3Acluster%2Fc%2F1"
    assert resources(record("kafka", "ListNodes", {"clusterArn": sent})) == [
        ("AWS::MSK::Cluster", "arn:aws:kafka:us-east-1:111122223333:cluster/c/1")
    ]


def test_a_member_that_an_event_has_a_row_for_counts_for_nothing_else():
    assert resources(record("ec2", "CreatePlacementGroup", {"groupName": "g"})) == [("AWS::EC2::PlacementGroup", "g")]
    assert resources(record("ec2", "DeleteSecurityGroup", {"groupName": "g"})) == [("AWS::EC2::SecurityGroup", "g")]


def test_what_is_hidden_or_a_pattern_or_a_key_of_a_map_is_no_name():
    request = {
        "userName": "HIDDEN_DUE_TO_SECURITY_REASONS",
        "roleName": "",
        "policyArn": "arn:aws:iam::111122223333:policy/*",
        "tags": {"arn": "arn", "clusterArn": "no arn"},
    }
    assert resources(record("iam", "X", request)) == []


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:dynamodb:us-east-1:111122223333:table/t", "AWS::DynamoDB::Table"),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2026", "AWS::DynamoDB::Stream"),
        ("arn:aws:dynamodb:us-east-1:111122223333:table/t/backup/1", ""),
        ("arn:aws:s3:::b", "AWS::S3::Bucket"),
        ("arn:aws:s3:::b/k", "AWS::S3::Object"),
        (
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/l",
            "AWS::ElasticLoadBalancing::LoadBalancer",
        ),
        (
            "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/net/l/1",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
        ),
        ("arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-1", "AWS::EC2::Instance"),
        ("arn:aws:logs:us-east-1:111122223333:log-group:g:*", "AWS::Logs::LogGroup"),
        ("arn:aws:unheard-of:us-east-1:111122223333:thing/t", ""),
        ("arn:", ""),
    ],
)
def test_an_arn_tells_its_type(arn, kind):
    assert arn_type(arn) == kind


def test_there_are_never_too_many_nor_too_long_names_nor_lines_in_them():
    request = {"userName": "x" * 5000, "roleName": "a\nb\0c", "groupNames": [f"g{n}" for n in range(500)]}
    found = resources(record("iam", "X", request))
    assert (len(found), found[:3]) == (
        MOST,
        [("AWS::IAM::User", "x" * LONGEST), ("AWS::IAM::Role", "a b c"), ("AWS::IAM::Group", "g0")],
    )
