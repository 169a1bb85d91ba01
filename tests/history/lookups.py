"""Answers of LookupEvents with their resources, as they are documented, and what of the records they are made of.

Values are made up; names, types and where they stand are as in the sources.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

ROLE = "arn:aws:iam::111122223333:role/app"
SESSION = "arn:aws:sts::111122223333:assumed-role/app/i-am-a-session"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit"
BUCKET = "arn:aws:s3:::my-bucket"
IMAGE, INSTANCE, OTHER = "ami-0123456789abcdef0", "i-0123456789abcdef0", "i-0123456789abcdef1"
GROUP, INTERFACE = "sg-0123456789abcdef0", "eni-0123456789abcdef0"
SUBNET, VPC = "subnet-0123456789abcdef0", "vpc-0123456789abcdef0"


@dataclass(frozen=True)
class Example:
    """One answer.

    Attributes:
        source: where it is from.
        record: of its CloudTrailEvent.
        resources: types and names of its Resources; a type that is null counts as any.
        more: what we name beside them.
    """

    source: str
    record: dict[str, Any]
    resources: frozenset[tuple[str | None, str]]
    more: frozenset[tuple[str, str]] = field(default_factory=frozenset)


def record(service: str, name: str, request: Any = None, response: Any = None, **more: Any) -> dict[str, Any]:
    return {
        "eventTime": "2026-11-21T10:20:30Z",
        "eventSource": f"{service}.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333",
        "requestParameters": request,
        "responseElements": response,
        **more,
    }


def example(source: str, made: dict[str, Any], *resources: tuple[str | None, str], more: Any = ()) -> Example:
    return Example(source, made, frozenset(resources), frozenset(more))


def items(*found: dict[str, Any]) -> dict[str, Any]:
    return {"items": list(found)}


_INSTANCES = items(
    {
        "instanceId": INSTANCE,
        "imageId": IMAGE,
        "keyName": "my-key",
        "subnetId": SUBNET,
        "vpcId": VPC,
        "groupSet": items({"groupId": GROUP, "groupName": "no-access"}),
        "networkInterfaceSet": items(
            {
                "networkInterfaceId": INTERFACE,
                "subnetId": SUBNET,
                "vpcId": VPC,
                "attachment": {"attachmentId": "eni-attach-0123456789abcdef0"},
            }
        ),
    }
)
_RUN = record(
    "ec2",
    "RunInstances",
    {
        "instancesSet": items({"imageId": IMAGE, "minCount": 1, "maxCount": 1, "keyName": "my-key"}),
        "networkInterfaceSet": items({"deviceIndex": 0, "subnetId": SUBNET, "groupSet": items({"groupId": GROUP})}),
    },
    {"reservationId": "r-0123456789abcdef0", "ownerId": "111122223333", "instancesSet": _INSTANCES},
)
_ASSUMED = {
    "credentials": {"accessKeyId": "ASIAEXAMPLE", "sessionToken": "HIDDEN_DUE_TO_SECURITY_REASONS"},
    "assumedRoleUser": {"assumedRoleId": "AROAEXAMPLE:i-am-a-session", "arn": SESSION},
}
_STATES = {"currentState": {"code": 32, "name": "shutting-down"}, "previousState": {"code": 16, "name": "running"}}


def _own(kind: str, arn: str) -> dict[str, Any]:
    return {"resources": [{"accountId": "111122223333", "type": kind, "ARN": arn}]}


PLASO = "log2timeline/plaso, test_data/jsonl/aws_cloudtrail.jsonl"
LAB = "a write-up that shows the answer"

EXAMPLES = [
    example(
        PLASO,
        _RUN,
        ("AWS::EC2::VPC", VPC),
        ("AWS::EC2::Ami", IMAGE),
        ("AWS::EC2::NetworkInterface", INTERFACE),
        ("AWS::EC2::Instance", INSTANCE),
        ("AWS::EC2::KeyPair", "my-key"),
        ("AWS::EC2::SecurityGroup", "no-access"),
        ("AWS::EC2::SecurityGroup", GROUP),
        ("AWS::EC2::Subnet", SUBNET),
    ),
    example(
        PLASO,
        record(
            "ec2",
            "TerminateInstances",
            {"instancesSet": items({"instanceId": INSTANCE}, {"instanceId": OTHER})},
            {"instancesSet": items({"instanceId": INSTANCE, **_STATES}, {"instanceId": OTHER, **_STATES})},
        ),
        ("AWS::EC2::Instance", INSTANCE),
        ("AWS::EC2::Instance", OTHER),
    ),
    example(
        PLASO,
        record("ec2", "StopInstances", {"instancesSet": items({"instanceId": INSTANCE}), "force": False}),
        ("AWS::EC2::Instance", INSTANCE),
    ),
    example(
        PLASO,
        record(
            "ec2",
            "CreateSecurityGroup",
            {"groupName": "no-access", "groupDescription": "Nothing open", "vpcId": VPC},
            {"_return": True, "groupId": GROUP},
        ),
        ("AWS::EC2::VPC", VPC),
        ("AWS::EC2::SecurityGroup", "no-access"),
        ("AWS::EC2::SecurityGroup", GROUP),
    ),
    example(
        PLASO,  # reads have none there
        record("ec2", "DescribeInstances", {"instancesSet": items({"instanceId": INSTANCE}), "filterSet": {}}),
        more=[("AWS::EC2::Instance", INSTANCE)],
    ),
    example(
        PLASO,
        record("ec2", "SharedSnapshotVolumeCreated", serviceEventDetails={"snapshotId": "snap-0123456789abcdef0"}),
        more=[("AWS::EC2::Snapshot", "snap-0123456789abcdef0")],
    ),
    example(
        "Amazon EKS security immersion day, deep dive into EKS Pod Identity",
        record(
            "sts",
            "AssumeRole",
            {"roleArn": ROLE, "roleSessionName": "i-am-a-session", "durationSeconds": 21600},
            _ASSUMED,
            **_own("AWS::IAM::Role", ROLE),
        ),
        ("AWS::IAM::AccessKey", "ASIAEXAMPLE"),
        ("AWS::STS::AssumedRole", SESSION),
        ("AWS::STS::AssumedRole", "AROAEXAMPLE:i-am-a-session"),
        ("AWS::STS::AssumedRole", "i-am-a-session"),
        ("AWS::IAM::Role", ROLE),
    ),
    example(
        "Better Stack, guide to CloudTrail",
        record(
            "sts",
            "AssumeRole",
            {"roleArn": ROLE, "roleSessionName": "myHTTPRequestFunc"},
            {"credentials": {"accessKeyId": "ASIAEXAMPLE"}},
        ),
        ("AWS::IAM::AccessKey", "ASIAEXAMPLE"),
        ("AWS::STS::AssumedRole", "myHTTPRequestFunc"),
        ("AWS::IAM::Role", ROLE),
    ),
    example(
        "AWS CLI reference, lookup-events",
        record("signin", "ConsoleLogin", None, {"ConsoleLogin": "Success"}),
    ),
    example(
        "CloudTrail user guide, Detective administration guide, Secrets Manager user guide: Resources are empty",
        record("secretsmanager", "ListSecrets", {"maxResults": 10}),
    ),
    example(
        LAB,
        record("cloudtrail", "GetTrailStatus", {"name": TRAIL}),
        ("AWS::CloudTrail::Trail", TRAIL),
    ),
    example(
        LAB,
        record("cloudtrail", "StopLogging", {"name": "audit"}),
        ("AWS::CloudTrail::Trail", "audit"),
    ),
    example(
        LAB,
        record("s3", "PutBucketPolicy", {"bucketName": "my-bucket", "policy": ""}, **_own("AWS::S3::Bucket", BUCKET)),
        ("AWS::S3::Bucket", "my-bucket"),
        more=[("AWS::S3::Bucket", BUCKET)],
    ),
    example(
        "dhairya13703/cloudtrail-logs, kms-events.json",
        record("kms", "GenerateDataKey", {"keyId": KEY, "keySpec": "AES_256"}, **_own("AWS::KMS::Key", KEY)),
        (None, KEY),
    ),
    example(
        "prowler-cloud/prowler, tests of the KMS checks",
        record("kms", "Decrypt", {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}, **_own("AWS::KMS::Key", KEY)),
        ("AWS::KMS::Key", KEY),
    ),
    example(
        "a console of event history",
        record("kms", "RetireGrant", {"grantId": "a" * 64}, **_own("AWS::KMS::Key", KEY)),
        ("AWS::KMS::Key", KEY),
    ),
    example(
        "a console of event history",
        record(
            "apigateway",
            "CreateDeployment",
            {"restApiId": "a1b2c3d4e5", "createDeploymentInput": {"stageName": "prod"}},
        ),
        ("AWS::ApiGateway::RestApi", "a1b2c3d4e5"),
        ("AWS::ApiGateway::Stage", "prod"),
    ),
    example(
        "a console of event history",
        record("lambda", "UpdateFunctionCode20150331v2", {"functionName": "f"}, {"functionName": "f"}),
        ("AWS::Lambda::Function", "f"),
    ),
]

# What a collector asks LookupEvents for: type and name of what it has found in the services' own APIs.
# [cloudforet-io/plugin-aws-cloud-service-inven-collector, set_cloudtrail of each connector]
_LB = "arn:aws:elasticloadbalancing:us-east-1:111122223333:loadbalancer/app/web/0123456789abcdef"
_TARGETS = "arn:aws:elasticloadbalancing:us-east-1:111122223333:targetgroup/web/0123456789abcdef"
_CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab"
_LAYER = "arn:aws:lambda:us-east-1:111122223333:layer:l"
_OIDC = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"
_POLICY = "arn:aws:iam::111122223333:policy/p"
LOOKED_UP = [
    (("AWS::ACM::Certificate", _CERTIFICATE), record("acm", "DeleteCertificate", {"certificateArn": _CERTIFICATE})),
    (("AWS::ApiGateway::RestApi", "a1b2c3"), record("apigateway", "CreateRestApi", {}, {"id": "a1b2c3", "name": "n"})),
    (
        ("AWS::AutoScaling::AutoScalingGroup", "asg"),
        record("autoscaling", "DeleteAutoScalingGroup", {"autoScalingGroupName": "asg"}),
    ),
    (
        ("AWS::AutoScaling::LaunchConfiguration", "lc"),
        record("autoscaling", "CreateLaunchConfiguration", {"launchConfigurationName": "lc"}),
    ),
    (("AWS::CloudTrail::Trail", TRAIL), record("cloudtrail", "CreateTrail", {"name": "audit"}, {"trailARN": TRAIL})),
    (
        ("AWS::EC2::LaunchTemplate", "lt"),
        record("ec2", "DeleteLaunchTemplate", {"DeleteLaunchTemplateRequest": {"LaunchTemplateName": "lt"}}),
    ),
    (
        ("AWS::EC2::NatGateway", "nat-0123456789abcdef0"),
        record("ec2", "DeleteNatGateway", {"DeleteNatGatewayRequest": {"NatGatewayId": "nat-0123456789abcdef0"}}),
    ),
    (("AWS::EC2::Volume", "vol-0123456789abcdef0"), record("ec2", "X", {"volumeId": "vol-0123456789abcdef0"})),
    (("AWS::EKS::Cluster", "c"), record("eks", "DeleteCluster", {"name": "c"})),
    (("AWS::EKS::Nodegroup", "n"), record("eks", "CreateNodegroup", {"clusterName": "c", "nodegroupName": "n"})),
    (
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", _LB),
        record("elasticloadbalancing", "DeleteLoadBalancer", {"loadBalancerArn": _LB}),
    ),
    (
        ("AWS::ElasticLoadBalancingV2::TargetGroup", _TARGETS),
        record("elasticloadbalancing", "RegisterTargets", {"targetGroupArn": _TARGETS, "targets": [{"id": INSTANCE}]}),
    ),
    (
        ("AWS::IAM::AccessKey", "AKIAEXAMPLE"),
        record("iam", "CreateAccessKey", {"userName": "u"}, {"accessKey": {"accessKeyId": "AKIAEXAMPLE"}}),
    ),
    (("AWS::IAM::Group", "g"), record("iam", "AddUserToGroup", {"groupName": "g", "userName": "u"})),
    (
        ("AWS::IAM::OpenIDConnectProvider", _OIDC),
        record("iam", "DeleteOpenIDConnectProvider", {"openIDConnectProviderArn": _OIDC}),
    ),
    (("AWS::IAM::Policy", _POLICY), record("iam", "AttachRolePolicy", {"roleName": "r", "policyArn": _POLICY})),
    (("AWS::IAM::Role", "r"), record("iam", "AttachRolePolicy", {"roleName": "r", "policyArn": _POLICY})),
    (("AWS::IAM::User", "u"), record("iam", "DeleteUser", {"userName": "u"})),
    (("AWS::Lambda::Function", "f"), record("lambda", "DeleteFunction20150331", {"functionName": "f"})),
    (
        ("AWS::RDS::DBCluster", "c"),
        record("rds", "DeleteDBCluster", {"dBClusterIdentifier": "c", "skipFinalSnapshot": True}),
    ),
    (
        ("AWS::RDS::DBClusterParameterGroup", "p"),
        record("rds", "ModifyDBClusterParameterGroup", {"dBClusterParameterGroupName": "p"}),
    ),
    (("AWS::RDS::DBSubnetGroup", "s"), record("rds", "DeleteDBSubnetGroup", {"dBSubnetGroupName": "s"})),
    (("AWS::S3::Bucket", "my-bucket"), record("s3", "CreateBucket", {"bucketName": "my-bucket"})),
]
