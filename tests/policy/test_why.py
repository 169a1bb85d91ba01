"""Why a call was refused, and which statement would allow it."""

from __future__ import annotations

import pytest
from policy.golden import record

from bototrail.policy.why import principal, refusal

USER = "arn:aws:iam::111122223333:user/alice"
OBJECT = "arn:aws:s3:::orders/may.csv"
SAYS = f"User: {USER} is not authorized to perform: s3:GetObject on resource: {OBJECT} "


def refused(message, code="AccessDenied", **more):
    parameters = {"bucketName": "orders", "key": "may.csv"}
    return refusal(record("s3", "GetObject", parameters, errorCode=code, errorMessage=message, **more))


def test_a_statement_is_missing():
    found = refused(SAYS + "because no identity-based policy allows the s3:GetObject action")
    assert [one.to_dict() for one in found.statements] == [
        {"Sid": "S3GetObjectOrders", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": [OBJECT]}
    ]
    assert found.advice == "No statement of the caller's own policies allows it; the statement below would."
    assert {k: found.to_dict()[k] for k in ("deniedBy", "explicitDeny", "action", "resource", "policy")} == {
        "deniedBy": "identity-based policy",
        "explicitDeny": False,
        "action": ["s3:GetObject"],
        "resource": [OBJECT],
        "policy": None,
    }


OVERRULED = "says no; no other statement can overrule it, change that one."
AS_WELL = "allows it; it must allow it as well as the caller's own policy."


@pytest.mark.parametrize(
    ("message", "advice"),
    [
        (
            "with an explicit deny in a service control policy",
            f"A statement with Deny in a service control policy of the caller's organization {OVERRULED}",
        ),
        (
            "with an explicit deny in an identity-based policy: arn:aws:iam::111122223333:policy/no",
            f"A statement with Deny in an identity-based policy (arn:aws:iam::111122223333:policy/no) {OVERRULED}",
        ),
        (
            "with an explicit deny",
            f"A statement with Deny, the message does not say in which policy, {OVERRULED}",
        ),
        (
            "because no permissions boundary allows the s3:GetObject action",
            f"Nothing in the permissions boundary of the user or role {AS_WELL}",
        ),
        (
            "because no resource-based policy allows the s3:GetObject action",
            f"Nothing in the resource's own policy {AS_WELL}",
        ),
    ],
)
def test_another_policy_says_no(message, advice):
    assert refused(SAYS + message).advice == advice


def test_a_message_that_tells_nothing_leaves_what_the_record_tells():
    found = refused("Access Denied")
    assert [tuple(need[:2]) for need in found.needs] == [("s3:GetObject", OBJECT)]
    assert found.advice.startswith("The message does not say which policy said no")


def test_a_vpc_endpoint_says_no():
    found = refused("The request was denied due to a VPC endpoint policy", "VpceAccessDenied")
    assert found.advice == "The policy of the VPC endpoint that the call went through says no."
    assert refused("", "VpceAccessDenied", eventType="AwsVpceEvent").needs == found.needs != ()


def test_the_message_names_another_action_than_the_operation_s():
    role = "arn:aws:iam::111122223333:role/worker"
    message = f"User: {USER} is not authorized to perform: iam:PassRole on resource: {role}"
    found = refusal(record("lambda", "CreateFunction20150331", None, errorCode="AccessDenied", errorMessage=message))
    assert [tuple(need[:2]) for need in found.needs] == [("iam:PassRole", role)]


@pytest.mark.parametrize("code", ["NoSuchKey", None])
def test_what_was_not_refused_has_no_answer(code):
    assert refusal(record("s3", "GetObject", {}, errorCode=code)) is None


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ({"arn": USER, "principalId": "AIDA"}, USER),
        ({"principalId": "AIDA"}, "AIDA"),
        ({"type": "Unknown"}, "Unknown"),
        (None, "unknown"),
    ],
)
def test_who_was_refused(identity, expected):
    assert principal({"userIdentity": identity}) == expected
