"""What calls show of the owners of access keys: one row for each operation that shows something."""

import json
from datetime import datetime, timezone
from unittest.mock import MagicMock, Mock

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail import clock
from bototrail.record import identity as who
from bototrail.record.identity import Identity

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc).timestamp()
SESSION = {"attributes": {"creationDate": "2026-03-01T12:00:00Z", "mfaAuthenticated": "false"}}
ACCOUNT = "123456789012"
ASIA_KEY = "ASIARZPUZDIKAAAAAAAA"  # says 123456789012
OTHER_KEY = "AKIARTX3GSDSQAAAAAAA"  # says 111122223333
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/service/deploy"
ROLE = {"type": "Role", "principalId": "AROAX", "arn": ROLE_ARN, "accountId": ACCOUNT, "userName": "deploy"}
ALICE = Identity("IAMUser", "AIDAX", f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT, "AKIAOLD", "alice")
GITHUB = f"arn:aws:iam::{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"


@pytest.fixture(autouse=True)
def _frozen(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


def credentials(key="ASIANEW"):
    return {"AccessKeyId": key, "SecretAccessKey": "hush-secret", "SessionToken": "hush-token"}


ASSUMED = {
    "Credentials": credentials(),
    "AssumedRoleUser": {
        "AssumedRoleId": "AROAX:nightly",
        "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly",
    },
}
AS_ROLE = {
    "type": "AssumedRole",
    "principalId": "AROAX:nightly",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/nightly",
    "accountId": ACCOUNT,
    "accessKeyId": "ASIANEW",
    "sessionContext": {"sessionIssuer": ROLE, **SESSION},
}
WITH_MFA = {"attributes": {**SESSION["attributes"], "mfaAuthenticated": "true"}}

LESSONS = [
    pytest.param(
        "GetCallerIdentity",
        {},
        {"Arn": ALICE.arn, "UserId": "AIDAX", "Account": ACCOUNT},
        {**ALICE.to_dict(), "accessKeyId": "AKIASIGNER"},
        id="GetCallerIdentity names the key that signed",
    ),
    pytest.param("AssumeRole", {"RoleArn": ROLE_ARN}, ASSUMED, AS_ROLE, id="AssumeRole"),
    pytest.param(
        "AssumeRole",
        {"RoleArn": ROLE_ARN, "SerialNumber": "arn:aws:iam::1:mfa/x", "TokenCode": "123456"},
        {**ASSUMED, "SourceIdentity": "alice"},
        {**AS_ROLE, "sessionContext": {"sessionIssuer": ROLE, **WITH_MFA, "sourceIdentity": "alice"}},
        id="AssumeRole with MFA and source identity",
    ),
    pytest.param(
        "AssumeRole",
        {"RoleArn": "arn:xxx:xxx:xxx:xxxx"},
        {"Credentials": credentials("CY6"), "AssumedRoleUser": {"Arn": "", "AssumedRoleId": None}},
        {"type": "AssumedRole", "accessKeyId": "CY6", "sessionContext": SESSION},
        id="AssumeRole of a store that has no roles",
    ),
    pytest.param(
        "AssumeRoleWithSAML", {"RoleArn": ROLE_ARN}, {**ASSUMED, "Subject": "carol"}, AS_ROLE, id="AssumeRoleWithSAML"
    ),
    pytest.param(
        "AssumeRoleWithWebIdentity",
        {"RoleArn": ROLE_ARN, "WebIdentityToken": "opaque"},
        {**ASSUMED, "Provider": "https://token.actions.githubusercontent.com"},
        {
            **AS_ROLE,
            "sessionContext": {
                "sessionIssuer": ROLE,
                "webIdFederationData": {"federatedProvider": GITHUB, "attributes": {}},
                **SESSION,
            },
        },
        id="AssumeRoleWithWebIdentity",
    ),
    pytest.param(
        "AssumeRoot",
        {"TargetPrincipal": "222222222222", "TaskPolicyArn": {"arn": "arn:aws-cn:iam::aws:policy/root-task/X"}},
        {"Credentials": credentials()},
        {
            "type": "Root",
            "principalId": "222222222222",
            "arn": "arn:aws-cn:iam::222222222222:root",
            "accountId": "222222222222",
            "accessKeyId": "ASIANEW",
            "sessionContext": {**SESSION, "assumedRoot": "true"},
        },
        id="AssumeRoot",
    ),
    pytest.param(
        "GetSessionToken",
        {"SerialNumber": "x", "TokenCode": "123456"},
        {"Credentials": credentials()},
        {**ALICE.to_dict(), "accessKeyId": "ASIANEW", "sessionContext": WITH_MFA},
        id="GetSessionToken: the caller again",
    ),
    pytest.param(
        "GetFederationToken",
        {"Name": "bob"},
        {
            "Credentials": credentials(),
            "FederatedUser": {
                "FederatedUserId": f"{ACCOUNT}:bob",
                "Arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
            },
        },
        {
            "type": "FederatedUser",
            "principalId": f"{ACCOUNT}:bob",
            "arn": f"arn:aws:sts::{ACCOUNT}:federated-user/bob",
            "accountId": ACCOUNT,
            "accessKeyId": "ASIANEW",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "IAMUser",
                    "principalId": "AIDAX",
                    "arn": ALICE.arn,
                    "accountId": ACCOUNT,
                    "userName": "alice",
                },
                **SESSION,
            },
        },
        id="GetFederationToken: the caller is the issuer",
    ),
    pytest.param(
        "sso.GetRoleCredentials",
        {"roleName": "Admin", "accountId": ACCOUNT, "accessToken": "hush-token"},
        {"roleCredentials": {"accessKeyId": "ASIANEW", "secretAccessKey": "hush-secret", "expiration": 1}},
        {
            "type": "AssumedRole",
            "accountId": ACCOUNT,
            "accessKeyId": "ASIANEW",
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "accountId": ACCOUNT, "userName": "AWSReservedSSO_Admin"},
                **SESSION,
            },
        },
        id="sso GetRoleCredentials",
    ),
    pytest.param(
        "cognito-identity.GetCredentialsForIdentity",
        {"IdentityId": "eu-central-1:77", "CustomRoleArn": ROLE_ARN, "Logins": {"x": "hush-token"}},
        {"IdentityId": "eu-central-1:77", "Credentials": {"AccessKeyId": "ASIANEW", "SecretKey": "hush-secret"}},
        {
            "type": "AssumedRole",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/deploy/CognitoIdentityCredentials",
            "accountId": ACCOUNT,
            "accessKeyId": "ASIANEW",
            "sessionContext": {
                "sessionIssuer": {key: value for key, value in ROLE.items() if key != "principalId"},
                "webIdFederationData": {
                    "federatedProvider": "cognito-identity.amazonaws.com",
                    "attributes": {"cognito-identity.amazonaws.com:sub": "eu-central-1:77"},
                },
                **SESSION,
            },
        },
        id="cognito-identity GetCredentialsForIdentity",
    ),
    pytest.param(
        "iam.CreateAccessKey",
        {"UserName": "bob"},
        {"AccessKey": {"UserName": "bob", "AccessKeyId": OTHER_KEY, "SecretAccessKey": "hush-secret"}},
        {"type": "IAMUser", "accountId": "111122223333", "accessKeyId": OTHER_KEY, "userName": "bob"},
        id="iam CreateAccessKey: account from the id",
    ),
    pytest.param(
        "iam.CreateAccessKey",
        {},
        {"AccessKey": {"UserName": "bob", "AccessKeyId": "AKIAX"}},
        {"type": "IAMUser", "accountId": ACCOUNT, "accessKeyId": "AKIAX", "userName": "bob"},
        id="iam CreateAccessKey: account of the caller",
    ),
]


def teach(name, params, parsed, caller=ALICE, key="AKIASIGNER"):
    service, _, operation = name.rpartition(".")
    return who.learned(service or "sts", operation, params, parsed, caller, key)


@pytest.mark.parametrize(("name", "params", "parsed", "expected"), LESSONS)
def test_what_a_call_teaches(name, params, parsed, expected):
    found = teach(name, params, parsed)
    assert {key: json.loads(identity.json()) for key, identity in found.items()} == {expected["accessKeyId"]: expected}
    assert b"hush" not in b"".join(identity.json() for identity in found.values())


def test_every_operation_that_teaches_is_in_the_table_above():
    names = {lesson.values[0] for lesson in LESSONS}
    assert {f"{service}.{operation}".removeprefix("sts.") for service, operation in who.TEACHES} == names


@pytest.mark.parametrize("pair", sorted(who.TEACHES))
def test_operations_that_teach_exist(pair):
    service, operation = pair
    session = boto3.Session(region_name="eu-central-1")
    if pair == ("sts", "AssumeRoot") and "AssumeRoot" not in _operations(session, service):
        pytest.skip("this botocore is older than AssumeRoot")
    assert operation in _operations(session, service)


def _operations(session, service):
    return session._session.get_service_model(service).operation_names


def test_a_session_token_of_a_stranger_keeps_what_its_id_tells():
    key = ASIA_KEY
    found = teach("GetSessionToken", {}, {"Credentials": credentials(key)}, caller=None)
    expected = {"type": "Unknown", "accountId": ACCOUNT, "accessKeyId": key, "sessionContext": SESSION}
    assert json.loads(found[key].json()) == expected


def test_source_identity_passes_along_a_chain_of_roles():
    first = Identity("AssumedRole", source_identity="alice")
    assert teach("AssumeRole", {"RoleArn": ROLE_ARN}, ASSUMED, first)["ASIANEW"].source_identity == "alice"


@pytest.mark.parametrize(
    ("params", "parsed", "key"),
    [
        (None, None, None),
        ({}, {}, "AKIAX"),
        (Mock(), Mock(), "AKIAX"),
        (MagicMock(), MagicMock(), MagicMock()),
        ({"RoleArn": 5}, {"Credentials": [], "AssumedRoleUser": ""}, "AKIAX"),
        ({}, {"Credentials": {"AccessKeyId": Mock()}, "Arn": Mock()}, "AKIAX"),
    ],
)
def test_odd_answers_teach_nothing(params, parsed, key):
    for service, operation in who.TEACHES:
        assert who.learned(service, operation, params, parsed, None, key) == {}


def test_other_operations_teach_nothing():
    assert who.learned("s3", "GetObject", {}, ASSUMED, ALICE, "AKIAX") == {}


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


@given(st.sampled_from(sorted(who.TEACHES)), anything, anything, st.none() | st.just(ALICE), st.none() | st.text())
def test_learned_takes_anything(pair, params, parsed, caller, key):
    for found in who.learned(*pair, params, parsed, caller, key).values():
        json.loads(found.json())
