"""What refusals tell."""

from __future__ import annotations

import fnmatch

import pytest
from history.refusals import NOT, USER, refused

from bototrail.history import denials
from bototrail.history.denials import DENIED, DENIED_PATTERNS, ELSEWHERE, KINDS, Denial, denial, is_denied, told

ROLE = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_ReadOnlyAccess_ff7f8c5c5851db50/jane.doe@example.com"
SCP = "arn:aws:organizations::999988887777:policy/o-qv5af4abcd/service_control_policy/p-2kgnabcd"
RCP = "arn:aws:organizations::999988887777:policy/o-qv5af4abcd/resource_control_policy/p-9lmnabcd"
GROUPS = "arn:aws:codedeploy:us-east-1:111122223333:deploymentgroup:*"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:prod/db-AbCdEf"
KEY = "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TABLE = "arn:aws:glue:us-east-1:111122223333:table/d/t"
ADDON = "arn:aws:eks:us-east-1:111122223333:addon/c/a/1"
DOMAIN = "arn:aws:es:us-east-1:111122223333:domain/d"
IDENTITY = "arn:aws:ses:us-east-1:111122223333:identity/example.com"


def says(what: str, resource: str | None = None, principal: str = USER, **more) -> Denial:
    return Denial(what, resource, principal, stated=True, **more)


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
    assert [told(refused(message)) for message in (bare, on)] == [
        says("codecommit:ListRepositories", explicit=False, policy_type=kind),
        says("codedeploy:ListDeployments", GROUPS, explicit=False, policy_type=kind),
    ]


@pytest.mark.parametrize(("written", "kind"), WRITTEN.items(), ids=WRITTEN)
def test_a_message_tells_which_kind_of_policy_denies(written, kind):
    bare = f"{NOT} codecommit:ListRepositories with an explicit deny in {written}"
    on = f"{NOT} codedeploy:ListDeployments on resource: {GROUPS} with an explicit deny in {written}"
    assert [told(refused(message)) for message in (bare, on)] == [
        says("codecommit:ListRepositories", explicit=True, policy_type=kind),
        says("codedeploy:ListDeployments", GROUPS, explicit=True, policy_type=kind),
    ]


@pytest.mark.parametrize("policy", [SCP, RCP, "arn:aws:iam::111122223333:policy/team/DenyIam"])
@pytest.mark.parametrize(("written", "kind"), WRITTEN.items(), ids=WRITTEN)
def test_a_newer_message_tells_which_policy_denies(written, kind, policy):
    message = f"{NOT} iam:ListRoles on resource: {ROLES} with an explicit deny in {written}: {policy}"
    assert told(refused(message)) == says("iam:ListRoles", ROLES, explicit=True, policy_type=kind, policy=policy)


def test_every_kind_of_policy_has_a_row_above():
    assert {written.partition(" ")[2]: kind for written, kind in WRITTEN.items()} == KINDS


_NO = "because no identity-based policy allows the"
_IMPLICIT = {"explicit": False, "policy_type": "identity-based policy"}


def _plain(what: str, resource: str) -> tuple[str, str, Denial]:
    message = f"{NOT} {what} on resource: {resource}"
    return what, message, says(what, resource)


def _implicit(what: str, resource: str, whole: str = "") -> tuple[str, str, Denial]:
    message = f"{NOT} {what} on resource: {resource} {_NO} {what} action"
    return f"{what} on {resource[:20]}", message, says(what, whole or resource, **_IMPLICIT)


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
        says(
            "ec2:AuthorizeSecurityGroupEgress",
            "arn:aws:ec2:us-east-1:111122223333:security-group/*",
            **_IMPLICIT,
            encoded="ZtihpIuL",
        ),
    ),
    (
        "S3 with quotes around the object",
        f'{NOT} s3:GetObject on resource: "arn:aws:s3:::b/k" {_NO} s3:GetObject action',
        says("s3:GetObject", "arn:aws:s3:::b/k", **_IMPLICIT),
    ),
    (
        "S3 with blanks in the object's key",
        f'{NOT} s3:PutObject on resource: "arn:aws:s3:::b/my report, final.pdf" {_NO} s3:PutObject action',
        says("s3:PutObject", "arn:aws:s3:::b/my report, final.pdf", **_IMPLICIT),
    ),
    (
        "SES with its own quotes",
        f"User `{USER}' is not authorized to perform `ses:SendEmail' on resource `{IDENTITY}'",
        says("ses:SendEmail", IDENTITY),
    ),
    (
        "STS for a web identity",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        Denial("sts:AssumeRoleWithWebIdentity", stated=True),
    ),
    (
        "KMS for a ciphertext",
        (
            f"{NOT} kms:Decrypt on the resource associated with this ciphertext "
            "because the resource does not exist in this Region, no resource-based policies allow access, or a "
            "resource-based policy explicitly denies access"
        ),
        says("kms:Decrypt"),
    ),
    (
        "KMS for a key of another account",
        (
            f"{NOT} kms:GenerateDataKey on resource: {KEY} because no resource-based "
            "policy allows the kms:GenerateDataKey action"
        ),
        says("kms:GenerateDataKey", KEY, explicit=False, policy_type="resource-based policy"),
    ),
    (
        "no comma, no colon, no reason",
        f"{NOT} elasticfilesystem:DeleteMountTarget on the specified resource",
        says("elasticfilesystem:DeleteMountTarget"),
    ),
    (
        "no resource",
        f"{NOT} route53:CreateHostedZone",
        says("route53:CreateHostedZone"),
    ),
    (
        "a full stop behind the resource",
        f"{NOT} lambda:GetFunction on resource: arn:aws:lambda:us-east-1:111122223333:function:f.",
        says("lambda:GetFunction", "arn:aws:lambda:us-east-1:111122223333:function:f"),
    ),
    (
        "an explicit deny of no kind",
        f"{NOT} iam:GetUser on resource: {USER} with an explicit deny",
        says("iam:GetUser", USER, explicit=True),
    ),
    (
        "a session of a role",
        f"User: {ROLE} is not authorized to perform: kms:CreateKey on resource: * {_NO} kms:CreateKey action",
        says("kms:CreateKey", "*", ROLE, **_IMPLICIT),
    ),
    (
        "nobody",
        f"User: anonymous is not authorized to perform: es:ESHttpGet on resource: {DOMAIN}",
        says("es:ESHttpGet", DOMAIN, "anonymous"),
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
    assert told(refused(message)) == expected


def test_an_endpoint_that_refuses_is_known_by_the_code_alone():
    message = "The request was denied due to a VPC endpoint policy"
    assert told(refused(message, "VpceAccessDenied")) == Denial(policy_type="VPC endpoint policy")


CODES = [
    "AccessDenied",
    "AccessDeniedException",
    "AccessDeniedFault",
    "AccessForbidden",
    "AccessToClusterDenied",
    "AccessToSnapshotDeniedFault",
    "AuthorizationError",
    "AuthorizationErrorException",
    "AuthorizationException",
    "Client.UnauthorizedOperation",
    "CloudHsmAccessDeniedException",
    "DependentServiceAccessDenied",
    "Forbidden",
    "ForbiddenError",
    "ForbiddenException",
    "InsufficientPermissionsException",
    "InsufficientPrivilegesException",
    "KMSAccessDenied",
    "KMSAccessDeniedException",
    "KMSAccessDeniedFault",
    "KmsAccessDenied",
    "KmsAccessDeniedException",
    "NotAuthorized",
    "UnauthorizedAccess",
    "UnauthorizedError",
    "UnauthorizedException",
    "UnauthorizedOperation",
    "UnauthorizedOperationException",
    "UnauthorizedResourceAccessException",
    "VpceAccessDenied",
]


@pytest.mark.parametrize("code", CODES)
def test_a_code_means_that_a_permission_was_missing(code):
    assert is_denied(refused("Access Denied", code))


def matched(code: str, patterns: tuple[str, ...] = DENIED_PATTERNS) -> bool:
    return any(fnmatch.fnmatchcase(code, pattern) for pattern in patterns)


def test_every_code_has_a_row_above_and_none_is_said_twice():
    assert {code for code in CODES if not matched(code)} == DENIED


@pytest.mark.parametrize("pattern", DENIED_PATTERNS)
def test_no_pattern_can_be_taken_away(pattern):
    rest = tuple(one for one in DENIED_PATTERNS if one != pattern)
    assert [code for code in CODES if matched(code) and not matched(code, rest)]


# Of credentials, not of permissions; or of something else.
@pytest.mark.parametrize(
    "code",
    [
        None,
        "",
        7,
        "AuthorizationAlreadyExists",
        "Client.AuthFailure",
        "ExpiredToken",
        "InvalidClientTokenId",
        "NoSuchBucket",
        "NotAuthorizedException",
        "SignatureDoesNotMatch",
        "ThrottlingException",
        "UnauthenticatedException",
        "UnrecognizedClientException",
    ],
)
def test_other_failures_are_no_denials(code):
    assert (told(refused(f"{NOT} iam:GetUser", code)), denial(refused(f"{NOT} iam:GetUser", code))) == (None, None)


def test_wrappers_of_sdks_do_not_hide_what_a_message_tells():
    message = (
        f"{NOT} glue:GetTable on resource: {TABLE} because no identity-based policy allows the glue:GetTable action"
    )
    wrapped = (
        f"{message} (Service: AWSGlue; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1; Proxy: null)"
    )
    assert told(refused(wrapped)) == says("glue:GetTable", TABLE, explicit=False, policy_type="identity-based policy")
    bare = f"{NOT} glue:GetTable on resource: {TABLE} (Service: AWSGlue; Status Code: 400)"
    assert told(refused(bare)) == says("glue:GetTable", TABLE)


def test_ec2_encodes_the_reason():
    message = "You are not authorized to perform this operation. Encoded authorization failure message: 4ja0h5z_Ww-x"
    made = refused(
        message,
        "Client.UnauthorizedOperation",
        eventSource="ec2.amazonaws.com",
        eventName="StopInstances",
        requestParameters={"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
        userIdentity={"type": "IAMUser", "arn": USER},
    )
    assert denial(made) == Denial("ec2:StopInstances", "i-0123456789abcdef0", USER, encoded="4ja0h5z_Ww-x")
    assert denial(made).sentences() == [
        f"{USER} may not do ec2:StopInstances on i-0123456789abcdef0, by its name.",
        (
            "The message does not say which policy said no: look at the caller's own policies first, then for a "
            "statement with Deny in others."
        ),
        (
            "EC2 has encoded the rest; who may do sts:DecodeAuthorizationMessage can read it, if CloudTrail has not "
            "cut it off: aws sts decode-authorization-message --encoded-message 4ja0h5z_Ww-x"
        ),
    ]


def test_a_message_that_tells_nothing_leaves_what_the_record_tells():
    own = [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/k"}]
    made = refused(
        "Access Denied",
        eventSource="s3.amazonaws.com",
        eventName="GetObject",
        requestParameters={"bucketName": "b", "key": "k"},
        resources=own,
        userIdentity={"type": "IAMUser", "arn": USER},
    )
    found = denial(made)
    assert found[:5] == ("s3:GetObject", "arn:aws:s3:::b/k", USER, None, None)
    assert found.text().startswith(
        f"{USER} may not do s3:GetObject on arn:aws:s3:::b/k, by its name.\nS3 says no more:"
    )


@pytest.mark.parametrize(
    ("source", "name", "action"),
    [
        ("lambda", "GetFunction20150331v2", "lambda:GetFunction"),
        ("monitoring", "PutDashboard", "cloudwatch:PutDashboard"),
        ("cloudfront", "CreateDistribution2020_05_31", "cloudfront:CreateDistribution"),
    ],
)
def test_the_action_is_called_as_the_operation_where_the_message_names_none(source, name, action):
    made = refused("no", eventSource=f"{source}.amazonaws.com", eventName=name)
    assert denial(made).action == action


REASONS = [
    (
        f"{NOT} s3:GetObject on resource: arn:aws:s3:::b/k {_NO} s3:GetObject action",
        "No statement of the caller's own policies allows it: add one.",
    ),
    (
        f"{NOT} s3:GetObject on resource: arn:aws:s3:::b/k with an explicit deny in a service control policy: {SCP}",
        (
            f"A statement with Deny in a service control policy of the caller's organization ({SCP}) says no; no other "
            "can overrule it: change that one."
        ),
    ),
    (
        f"{NOT} s3:GetObject with an explicit deny in an identity-based policy",
        (
            "A statement with Deny in one of the caller's own policies says no; no other can overrule it: change that "
            "one."
        ),
    ),
    (
        f"{NOT} s3:GetObject with an explicit deny",
        "A statement with Deny in a policy that is not named says no; no other can overrule it: change that one.",
    ),
    (
        f"{NOT} sqs:SendMessage because no session policy allows the sqs:SendMessage action",
        (
            "Nothing in the session policy that the role was assumed with allows it; it must, as well as the caller's "
            "own policies: add it there."
        ),
    ),
    (
        f"{NOT} sts:AssumeRole on resource: arn:aws:iam::111122223333:role/r",
        "Both the caller's own policies and the trust policy of the role must allow it: look at both.",
    ),
    (
        (
            f"{NOT} kms:Decrypt on the resource associated with this ciphertext because the resource does not exist in "
            "this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access"
        ),
        "KMS does not say whether the key is gone, in another region, or not to be used: look at the key first.",
    ),
    (
        "Cross-account pass role is not allowed.",
        "A service can only be given a role of the caller's own account: give it one.",
    ),
    (
        "IAM user access not activated",
        "The account's root user must activate IAM access to billing before any policy counts.",
    ),
]


@pytest.mark.parametrize(("message", "reason"), REASONS)
def test_the_reason_is_said_in_a_sentence(message, reason):
    assert denial(refused(message)).sentences()[1] == reason


def test_every_meaning_has_a_row_above():
    told_apart = {reason for _, reason in REASONS}
    assert {meaning for _, _, meaning in denials._MEANINGS} <= told_apart


def test_an_endpoint_says_no_by_the_code_alone():
    made = refused("The request was denied due to a VPC endpoint policy", "VpceAccessDenied")
    assert denial(made).text() == (
        "The caller may not do iam:ListRoles, by its name.\n"
        "The policy of the VPC endpoint that the call went through says no: look there."
    )


def test_every_kind_of_policy_but_the_callers_own_is_somewhere():
    assert set(ELSEWHERE) == set(KINDS.values()) - {"identity-based policy"}


def test_a_role_of_another_account_is_not_passed():
    made = refused(
        "Cross-account pass role is not allowed.",
        eventSource="lambda.amazonaws.com",
        eventName="CreateFunction20150331",
    )
    assert denial(made)[:2] == ("iam:PassRole", None)
    assert denial(made).text().startswith("The caller may not do iam:PassRole.\n")


@pytest.mark.parametrize(
    ("request_parameters", "resource"),
    [
        ({"policyArn": "arn:aws:iam::aws:policy/p", "clusterName": "c"}, "c"),
        ({"policyArn": "arn:aws:iam::aws:policy/p"}, "arn:aws:iam::aws:policy/p"),
        (
            {"clusterName": "c", "addonArn": "arn:aws:eks:us-east-1:1:addon/c/a/1"},
            "arn:aws:eks:us-east-1:1:addon/c/a/1",
        ),
        ({}, None),
    ],
)
def test_the_resource_is_the_services_own_where_the_message_names_none(request_parameters, resource):
    made = refused(None, eventSource="eks.amazonaws.com", eventName="X", requestParameters=request_parameters)
    assert denial(made).resource == resource
