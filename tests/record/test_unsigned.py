"""Who an unsigned call is from, as far as the call itself tells."""

import base64
import json
from unittest.mock import MagicMock, Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.record import identity as who

ROLE_ARN = "arn:aws:iam::123456789012:role/service/deploy"


def jwt(**claims) -> str:
    pieces = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in ({}, claims))
    return ".".join([*pieces, "signature"])


SAML = {"NameQualifier": "hash=", "Subject": "carol@example.com"}
GITHUB = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
UNSIGNED = [
    ("s3", "GetObject", {}, {}, {"type": "AWSAccount", "principalId": "", "accountId": "anonymous"}),
    ("cognito-idp", "InitiateAuth", {}, {}, {"type": "Unknown"}),
    (
        "sts",
        "AssumeRoleWithSAML",
        {"RoleArn": ROLE_ARN, "SAMLAssertion": "c2VjcmV0"},
        SAML,
        {
            "type": "SAMLUser",
            "principalId": "hash=:carol@example.com",
            "userName": "carol@example.com",
            "identityProvider": "hash=",
        },
    ),
    ("sts", "AssumeRoleWithSAML", {"SAMLAssertion": "c2VjcmV0"}, None, {"type": "SAMLUser"}),
    (
        "sts",
        "AssumeRoleWithWebIdentity",
        {"RoleArn": ROLE_ARN, "WebIdentityToken": "opaque"},
        {"Provider": "accounts.google.com", "Audience": "app.example", "SubjectFromWebIdentityToken": "77"},
        {
            "type": "WebIdentityUser",
            "principalId": "accounts.google.com:app.example:77",
            "userName": "77",
            "identityProvider": "accounts.google.com",
        },
    ),
    (
        "sts",
        "AssumeRoleWithWebIdentity",
        {
            "RoleArn": ROLE_ARN,
            "WebIdentityToken": jwt(
                iss="https://token.actions.githubusercontent.com", aud=["sts.amazonaws.com"], sub="repo:o/r", jti="hush"
            ),
        },
        None,
        {
            "type": "WebIdentityUser",
            "principalId": f"{GITHUB}:sts.amazonaws.com:repo:o/r",
            "userName": "repo:o/r",
            "identityProvider": GITHUB,
        },
    ),
    (
        "sts",
        "AssumeRoleWithWebIdentity",
        {"RoleArn": "no arn", "WebIdentityToken": jwt(iss="https://login.example.com/")},
        {"Provider": None},
        {"type": "WebIdentityUser", "identityProvider": "login.example.com/"},
    ),
    ("sts", "AssumeRoleWithWebIdentity", {"WebIdentityToken": "a.!!!.c"}, {}, {"type": "WebIdentityUser"}),
    ("sts", "AssumeRoleWithWebIdentity", {"WebIdentityToken": "a.bm8.c"}, {}, {"type": "WebIdentityUser"}),
    ("sts", "AssumeRoleWithWebIdentity", Mock(), MagicMock(), {"type": "WebIdentityUser"}),
]


@pytest.mark.parametrize(("service", "operation", "params", "parsed", "expected"), UNSIGNED)
def test_caller_of_an_unsigned_call(service, operation, params, parsed, expected):
    assert json.loads(who.caller_of_unsigned(service, operation, params, parsed).json()) == expected


@pytest.mark.parametrize(
    ("service", "params", "account"),
    [
        ("sts", {"RoleArn": ROLE_ARN}, "123456789012"),
        ("sts", {"RoleArn": "no arn"}, None),
        ("sts", {}, None),
        ("sts", None, None),
        ("s3", {"Bucket": "b"}, None),
    ],
)
def test_the_record_of_an_unsigned_call_goes_to_the_account_of_the_role(service, params, account):
    caller = who.caller_of_unsigned(service, "AssumeRoleWithWebIdentity", params, {})
    assert who.recipient_of_unsigned(caller, params) == account


def test_a_token_does_not_become_part_of_the_identity():
    token = jwt(iss="https://x.example", aud="a", sub="s", email="eve@example.com")
    found = who.caller_of_unsigned("sts", "AssumeRoleWithWebIdentity", {"WebIdentityToken": token}, None).json()
    assert b"eve" not in found
    assert token.split(".")[1].encode() not in found


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary() | st.just(Mock()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Credentials", "AccessKeyId", "Arn", "AssumedRoleUser", "RoleArn", "AccessKey", "iss"]),
            inner,
        )
    ),
    max_leaves=12,
)


@given(st.sampled_from(["AssumeRoleWithSAML", "AssumeRoleWithWebIdentity"]), anything, anything)
def test_caller_of_unsigned_takes_anything(operation, params, parsed):
    json.loads(who.caller_of_unsigned("sts", operation, params, parsed).json())
