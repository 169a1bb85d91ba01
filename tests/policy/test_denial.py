"""What the messages of refused calls tell, and what is made of it."""

from __future__ import annotations

import pytest

from bototrail.policy import Need
from bototrail.policy.denial import DENIED, KINDS, Denial, denial, is_denied
from bototrail.policy.findings import findings

USER = "arn:aws:iam::111122223333:user/JohnDoe"
ROLE = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnlyAccess_ff7f8c5c5851db50/jane.doe@example.com"
SCP = "arn:aws:organizations::999988887777:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
RCP = "arn:aws:organizations::999988887777:policy/o-qv5af4abcd/resource_control_policy/p-9lmnabcd"
GROUPS = "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:*"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
DOMAIN = "arn:aws:es:us-east-1:111122223333:domain/d"
IDENTITY = "arn:aws:ses:us-east-1:111122223333:identity/example.com"


def refused(message: str | None, code: str = "AccessDenied", **more):
    return {
        "eventType": "AwsApiCall",
        "eventSource": "iam.amazonaws.com",
        "eventName": "ListRoles",
        "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333",
        "requestParameters": None,
        "errorCode": code,
        "errorMessage": message,
        **more,
    }


def told(what: str, resource: str | None = None, principal: str = USER, **more) -> Denial:
    return Denial(what, resource, principal, **more)


NOT = f"User: {USER} is not authorized to perform:"
ROLES = "arn:aws:iam::111122223333:role/*"

# As messages write it -> how it is called. [IAM user guide, "Troubleshoot access denied error messages"]
WRITTEN = {
    "a VPC endpoint policy": "VPC endpoint policy",
    "a permissions boundary": "permissions boundary",
    "a permissions boundary policy": "permissions boundary",
    "a resource control policy": "resource control policy",
    "a resource-based policy": "resource-based policy",
    "a service control policy": "service control policy",
    "a session policy": "session policy",
    "a sessions policy": "session policy",
    "an identity-based policy": "identity-based policy",
    "the role trust policy": "role trust policy",
}


@pytest.mark.parametrize(("written", "kind"), WRITTEN.items(), ids=WRITTEN)
def test_a_message_tells_which_kind_of_policy_does_not_allow(written, kind):
    allows = f"because no {written.partition(' ')[2]} allows the"
    bare = f"{NOT} codecommit:ListRepositories {allows} codecommit:ListRepositories action"
    on = f"{NOT} codedeploy:ListDeployments on resource: {GROUPS} {allows} codedeploy:ListDeployments action"
    assert [denial(refused(message)) for message in (bare, on)] == [
        told("codecommit:ListRepositories", explicit=False, kind=kind),
        told("codedeploy:ListDeployments", GROUPS, explicit=False, kind=kind),
    ]


@pytest.mark.parametrize(("written", "kind"), WRITTEN.items(), ids=WRITTEN)
def test_a_message_tells_which_kind_of_policy_denies(written, kind):
    bare = f"{NOT} codecommit:ListRepositories with an explicit deny in {written}"
    on = f"{NOT} codedeploy:ListDeployments on resource: {GROUPS} with an explicit deny in {written}"
    assert [denial(refused(message)) for message in (bare, on)] == [
        told("codecommit:ListRepositories", explicit=True, kind=kind),
        told("codedeploy:ListDeployments", GROUPS, explicit=True, kind=kind),
    ]


@pytest.mark.parametrize("policy", [SCP, RCP, "arn:aws:iam::111122223333:policy/team/DenyIam"])
@pytest.mark.parametrize(("written", "kind"), WRITTEN.items(), ids=WRITTEN)
def test_a_newer_message_tells_which_policy_denies(written, kind, policy):
    message = f"{NOT} iam:ListRoles on resource: {ROLES} with an explicit deny in {written}: {policy}"
    assert denial(refused(message)) == told("iam:ListRoles", ROLES, explicit=True, kind=kind, policy=policy)


def test_every_kind_of_policy_has_a_row_above():
    assert {written.partition(" ")[2]: kind for written, kind in WRITTEN.items()} == KINDS


_NO = "because no identity-based policy allows the"
_IMPLICIT = {"explicit": False, "kind": "identity-based policy"}


def _plain(what: str, resource: str) -> tuple[str, str, Denial]:
    message = f"{NOT} {what} on resource: {resource}"
    return what, message, told(what, resource)


def _implicit(what: str, resource: str, whole: str = "") -> tuple[str, str, Denial]:
    message = f"{NOT} {what} on resource: {resource} {_NO} {what} action"
    return f"{what} on {resource[:20]}", message, told(what, whole or resource, **_IMPLICIT)


# [records of these services]
ROWS = [
    ("nothing but the code", "Access Denied", Denial()),
    ("no message", None, Denial()),
    ("EC2 without a reason", "You are not authorized to perform this operation.", Denial()),
    ("billing", "IAM user access not activated", Denial()),
    ("a role of another account", "Cross-account pass role is not allowed.", Denial()),
    (
        "EC2 with an encoded message behind it",
        (
            f"You are not authorized to perform this operation. User: {USER} is not authorized to perform: "
            "ec2:AuthorizeSecurityGroupEgress on resource: arn:aws:ec2:us-east-1:111122223333:security-group/* "
            f"{_NO} ec2:AuthorizeSecurityGroupEgress action. Encoded authorization failure message: ZtihpIuL"
        ),
        told("ec2:AuthorizeSecurityGroupEgress", "arn:aws:ec2:us-east-1:111122223333:security-group/*", **_IMPLICIT),
    ),
    (
        "S3 with quotes around the object",
        f'{NOT} s3:GetObject on resource: "arn:aws:s3:::b/k" {_NO} s3:GetObject action',
        told("s3:GetObject", "arn:aws:s3:::b/k", **_IMPLICIT),
    ),
    (
        "S3 with blanks in the object's key",
        f'{NOT} s3:PutObject on resource: "arn:aws:s3:::b/my report, final.pdf" {_NO} s3:PutObject action',
        told("s3:PutObject", "arn:aws:s3:::b/my report, final.pdf", **_IMPLICIT),
    ),
    (
        "SES with its own quotes",
        f"User `{USER}' is not authorized to perform `ses:SendEmail' on resource `{IDENTITY}'",
        told("ses:SendEmail", IDENTITY),
    ),
    (
        "STS for a web identity",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        Denial("sts:AssumeRoleWithWebIdentity"),
    ),
    (
        "KMS for a ciphertext",
        (
            f"{NOT} kms:Decrypt on the resource associated with this ciphertext "
            "because the resource does not exist in this Region, no resource-based policies allow access, or a "
            "resource-based policy explicitly denies access"
        ),
        told("kms:Decrypt"),
    ),
    (
        "KMS for a key of another account",
        (
            f"{NOT} kms:GenerateDataKey on resource: {KEY} because no resource-based "
            "policy allows the kms:GenerateDataKey action"
        ),
        told("kms:GenerateDataKey", KEY, explicit=False, kind="resource-based policy"),
    ),
    (
        "no comma, no colon, no reason",
        f"{NOT} elasticfilesystem:DeleteMountTarget on the specified resource",
        told("elasticfilesystem:DeleteMountTarget"),
    ),
    (
        "no resource",
        f"{NOT} route53:CreateHostedZone",
        told("route53:CreateHostedZone"),
    ),
    (
        "a full stop behind the resource",
        f"{NOT} lambda:GetFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:f.",
        told("lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"),
    ),
    (
        "an explicit deny of no kind",
        f"{NOT} iam:GetUser on resource: {USER} with an explicit deny",
        told("iam:GetUser", USER, explicit=True),
    ),
    (
        "a session of a role",
        f"User: {ROLE} is not authorized to perform: kms:CreateKey on resource: * {_NO} kms:CreateKey action",
        told("kms:CreateKey", "*", ROLE, **_IMPLICIT),
    ),
    (
        "nobody",
        f"User: anonymous is not authorized to perform: es:ESHttpGet on resource: {DOMAIN}",
        told("es:ESHttpGet", DOMAIN, "anonymous"),
    ),
    _implicit("iam:AddUserToGroup", "group Devs", "arn:aws:iam::111122223333:group/Devs"),
    _implicit("iam:CreatePolicy", "policy P", "arn:aws:iam::111122223333:policy/P"),
    _implicit("iam:CreateRole", "role R", "arn:aws:iam::111122223333:role/R"),
    _implicit("iam:CreateAccessKey", "user U", "arn:aws:iam::111122223333:user/U"),
    _implicit("iam:GetPolicy", "policy arn:aws:iam::111122223333:policy/x/P", "arn:aws:iam::111122223333:policy/x/P"),
    _implicit("config:DeleteConfigRule", "MyRule"),
    _implicit("secretsmanager:DescribeSecret", "prod/db"),
    _implicit("events:ListRules", "arn:aws:events:us-east-1:111122223333:rule/*"),
    _implicit("glue:UpdateDevEndpoint", "arn:aws:glue:us-east-1:111122223333:devEndpoint/e"),
    _implicit("lightsail:GetInstances", "arn:aws:lightsail:us-east-1:111122223333:*"),
    _implicit("logs:DescribeSubscriptionFilters", "arn:aws:logs:us-east-1:111122223333:log-group:g:log-stream:"),
    _implicit("cloudwatch:DeleteAlarms", "arn:aws:cloudwatch:us-east-1:111122223333:alarm:a"),
    _implicit("organizations:DescribeOrganization", "*"),
    _implicit("rds:CreateDBSecurityGroup", "arn:aws:rds:us-east-1:111122223333:secgrp:s"),
    _implicit("SNS:GetSMSSandboxAccountStatus", "arn:aws:sns:us-east-1:111122223333:*"),
    _implicit("sqs:sendmessage", "arn:aws:sqs:us-east-1:111122223333:q"),
    _implicit("transfer:CreateServer", "arn:aws:transfer:us-east-1:111122223333:server/*"),
    _implicit("wafv2:DeleteRuleGroup", "arn:aws:wafv2:us-east-1:111122223333:regional/rulegroup/G/a1b2c3d4"),
    _plain("acm-pca:GetCertificate", "arn:aws:acm-pca:us-east-1:111122223333:certificate-authority/12345678"),
    _plain("apigateway:GET", "arn:aws:apigateway:us-east-1::/apikeys"),
    _plain("cloud9:ListEnvironments", "*"),
    _plain("servicecatalog:GetAWSOrganizationsAccessStatus", "arn:aws:servicecatalog:us-east-1:111122223333:*/*"),
    _plain("sts:AssumeRole", "arn:aws:iam::111122223333:role/app/r"),
    _plain("waf:GetChangeToken", "arn:aws:waf::111122223333:changetoken/*"),
    _plain("waf-regional:ListIPSets", "arn:aws:waf-regional:us-east-1:111122223333:ipset/*"),
]


@pytest.mark.parametrize(("message", "expected"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_message_tells_what_it_names(message, expected):
    assert denial(refused(message)) == expected


def test_an_endpoint_that_refuses_is_known_by_the_code_alone():
    message = "The request was denied due to a VPC endpoint policy"
    assert denial(refused(message, "VpceAccessDenied")) == Denial(kind="VPC endpoint policy")


CODES = [
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedFault",
    "AccessForbidden",
    "AuthorizationError",
    "AuthorizationErrorException",
    "Client.UnauthorizedOperation",
    "CloudHsmAccessDeniedException",
    "ForbiddenException",
    "KMSAccessDenied",
    "KMSAccessDeniedException",
    "KMSAccessDeniedFault",
    "KmsAccessDenied",
    "KmsAccessDeniedException",
    "NotAuthorized",
    "UnauthorizedException",
    "UnauthorizedOperation",
    "VpceAccessDenied",
]


@pytest.mark.parametrize("code", CODES)
def test_a_code_means_that_a_permission_was_missing(code):
    assert is_denied(refused("Access Denied", code))


def test_every_code_has_a_row_above():
    assert set(CODES) == DENIED


@pytest.mark.parametrize(
    "code", [None, "", "NoSuchBucket", "NotAuthorizedException", "ThrottlingException", "Client.AuthFailure"]
)
def test_other_failures_are_no_denials(code):
    assert denial(refused(f"{NOT} iam:GetUser", code or "")) is None


NEEDS = [
    (
        "without parameters",
        {"eventSource": "secretsmanager.amazonaws.com", "eventName": "GetSecretValue"},
        f"{NOT} secretsmanager:GetSecretValue on resource: {SECRET} {_NO} secretsmanager:GetSecretValue action",
        [Need("secretsmanager:GetSecretValue", SECRET)],
    ),
    (
        "spelt as the reference spells it",
        {"eventSource": "sqs.amazonaws.com", "eventName": "SendMessage"},
        f"{NOT} sqs:sendmessage on resource: arn:aws:sqs:us-east-1:111122223333:q",
        [Need("sqs:SendMessage", "arn:aws:sqs:us-east-1:111122223333:q")],
    ),
    (
        "for a bare name",
        {"eventName": "CreateRole"},
        f"{NOT} iam:CreateRole on resource: role R {_NO} iam:CreateRole action",
        [Need("iam:CreateRole", "arn:aws:iam::111122223333:role/R")],
    ),
    (
        "for another action than the call's own",
        {"eventSource": "lambda.amazonaws.com", "eventName": "CreateFunction20150331"},
        f"{NOT} iam:PassRole on resource: arn:aws:iam::111122223333:role/r {_NO} iam:PassRole action",
        [
            Need("lambda:CreateFunction", "arn:aws:lambda:us-east-1:111122223333:function:*"),
            Need("iam:PassRole", "arn:aws:iam::111122223333:role/r"),
        ],
    ),
    (
        "instead of what the parameters say",
        {
            "eventSource": "s3.amazonaws.com",
            "eventName": "GetObject",
            "requestParameters": {"bucketName": "b", "key": "k"},
        },
        f'{NOT} s3:GetObject on resource: "arn:aws:s3:::b/k" {_NO} s3:GetObject action',
        [Need("s3:GetObject", "arn:aws:s3:::b/k")],
    ),
    (
        "of API Gateway's verbs",
        {"eventSource": "apigateway.amazonaws.com", "eventName": "GetApiKeys"},
        f"{NOT} apigateway:GET on resource: arn:aws:apigateway:us-east-1::/apikeys",
        [Need("apigateway:GET", "arn:aws:apigateway:us-east-1::/apikeys")],
    ),
    (
        "that no catalogue knows",
        {"eventSource": "newservice.amazonaws.com", "eventName": "DoIt"},
        f"{NOT} newservice:DoIt on resource: arn:aws:newservice:us-east-1:111122223333:thing/t",
        [Need("newservice:DoIt", "arn:aws:newservice:us-east-1:111122223333:thing/t", verified=False)],
    ),
]


@pytest.mark.parametrize(("about", "message", "expected"), [row[1:] for row in NEEDS], ids=[row[0] for row in NEEDS])
def test_a_refused_call_needs_what_its_message_names(about, message, expected):
    found = findings(refused(message, **about))
    assert sorted(found.needs) == sorted(expected)
