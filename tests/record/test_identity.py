"""userIdentity: spelt as CloudTrail spells it, known from as little as there is, never raising."""

import base64
import json
from unittest.mock import Mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bototrail.record import identity as who
from bototrail.record.identity import Identity, Issuer

ACCOUNT = "123456789012"
ALICE = Identity("IAMUser", "AIDAX", f"arn:aws:iam::{ACCOUNT}:user/alice", ACCOUNT, "AKIAOLD", "alice")


def key_of(account: str, prefix: str = "AKIA", tail: str = "AAAAAAA") -> str:
    """A key id as AWS makes them since 2019; written apart from the code under test."""
    number = int(account)
    head = base64.b32encode((number // 2 + (1 << 39)).to_bytes(5, "big")).decode()
    return prefix + head + ("Q" if number % 2 else "A") + tail


# --- the account number inside a key id


@pytest.mark.parametrize("account", ["123456789012", "123456789013", "000000000001", "999999999999", "052845217845"])
@pytest.mark.parametrize("prefix", ["AKIA", "ASIA", "LKIA"])
def test_a_new_key_id_tells_its_account(account, prefix):
    assert who.account_of(key_of(account, prefix)) == account


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("AKIAIOSFODNN7EXAMPLE", id="issued before 2019"),
        pytest.param("ASIAAAAAAAAAAAAAAAAA", id="first bit not set"),
        pytest.param(key_of(ACCOUNT)[:-1], id="too short"),
        pytest.param(key_of(ACCOUNT) + "A", id="too long"),
        pytest.param(key_of(ACCOUNT, "AROA"), id="a role's id"),
        pytest.param(key_of(ACCOUNT).lower(), id="lower case"),
        pytest.param("AKIA7777777777777777", id="more than twelve digits"),
        pytest.param("AKIAQ0189EXAMPLE1890", id="not base32"),
        pytest.param("AKIAQÄÖÜ000000000000", id="not ASCII"),
        pytest.param("minioadmin", id="another store's key"),
        pytest.param("", id="empty"),
        pytest.param(None, id="none"),
        pytest.param(Mock(), id="a mock"),
    ],
)
def test_a_key_id_that_tells_nothing(key):
    assert who.account_of(key) is None


@pytest.mark.parametrize("account", ["123456789012", "111122223333", "000000000000"])
def test_keys_made_by_moto_tell_their_account(account):
    from moto.iam.utils import generate_access_key_id_from_account_id

    for prefix in ("AKIA", "ASIA"):
        assert who.account_of(generate_access_key_id_from_account_id(account, prefix)) == account


@given(st.text(max_size=24) | st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16).map("AKIA".__add__))
def test_account_of_takes_anything(key):
    account = who.account_of(key)
    assert account is None or (len(account) == 12 and account.isdigit() and key[4] not in "ABCDEFGHIJKLMNOP")


# --- from an answer of GetCallerIdentity, from a key id, from nothing

CALLERS = [
    pytest.param(
        ("arn:aws:iam::123456789012:user/team/a/alice", "AIDAX", ACCOUNT, "AKIAX"),
        {
            "type": "IAMUser",
            "principalId": "AIDAX",
            "arn": "arn:aws:iam::123456789012:user/team/a/alice",
            "accountId": ACCOUNT,
            "accessKeyId": "AKIAX",
            "userName": "alice",
        },
        id="user",
    ),
    pytest.param(
        ("arn:aws-cn:sts::123456789012:assumed-role/deploy/nightly", "AROAX:nightly", ACCOUNT, "ASIAX"),
        {
            "type": "AssumedRole",
            "principalId": "AROAX:nightly",
            "arn": "arn:aws-cn:sts::123456789012:assumed-role/deploy/nightly",
            "accountId": ACCOUNT,
            "accessKeyId": "ASIAX",
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAX",
                    "arn": "arn:aws-cn:iam::123456789012:role/deploy",
                    "accountId": ACCOUNT,
                    "userName": "deploy",
                }
            },
        },
        id="role, China",
    ),
    pytest.param(
        ("arn:aws:iam::123456789012:root", ACCOUNT, ACCOUNT, "AKIAX"),
        {
            "type": "Root",
            "principalId": ACCOUNT,
            "arn": "arn:aws:iam::123456789012:root",
            "accountId": ACCOUNT,
            "accessKeyId": "AKIAX",
        },
        id="root",
    ),
    pytest.param(
        ("arn:aws-us-gov:sts::123456789012:federated-user/bob", "123456789012:bob", ACCOUNT, None),
        {
            "type": "FederatedUser",
            "principalId": "123456789012:bob",
            "arn": "arn:aws-us-gov:sts::123456789012:federated-user/bob",
            "accountId": ACCOUNT,
        },
        id="federated user, GovCloud",
    ),
    pytest.param(
        ("arn:aws:sts::123456789012:user/moto", "AKIAIOSFODNN7EXAMPLE", None, "testing"),
        {
            "type": "IAMUser",
            "principalId": "AKIAIOSFODNN7EXAMPLE",
            "arn": "arn:aws:sts::123456789012:user/moto",
            "accountId": ACCOUNT,
            "accessKeyId": "testing",
            "userName": "moto",
        },
        id="moto's stranger; account from the ARN",
    ),
    pytest.param(
        ("arn:aws:sts::123456789012:assumed-role", None, ACCOUNT, None),
        {"type": "AssumedRole", "arn": "arn:aws:sts::123456789012:assumed-role", "accountId": ACCOUNT},
        id="half an ARN",
    ),
    pytest.param(("nonsense", None, None, None), {"type": "Unknown", "arn": "nonsense"}, id="no ARN"),
    pytest.param((None, None, None, key_of(ACCOUNT)), {"type": "Unknown", "accountId": ACCOUNT}, id="key only"),
]


@pytest.mark.parametrize(("answer", "expected"), CALLERS)
def test_identity_of_a_caller(answer, expected):
    found = json.loads(who.from_caller(*answer).json())
    assert found == {**({"accessKeyId": answer[3]} if answer[3] else {}), **expected}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (key_of(ACCOUNT), {"type": "Unknown", "accountId": ACCOUNT, "accessKeyId": key_of(ACCOUNT)}),
        ("minioadmin", {"type": "Unknown", "accessKeyId": "minioadmin"}),
        (None, {"type": "Unknown"}),
    ],
)
def test_identity_of_a_bare_key(key, expected):
    assert json.loads(who.from_access_key(key).json()) == expected


def test_keys_stand_in_cloudtrails_order():
    identity = Identity(
        "AssumedRole",
        *("AROAX:s", "arn:aws:sts::1:assumed-role/r/s", "111122223333", "ASIAX", "user", "provider"),
        issuer=Issuer("Role", "AROAX", "arn:aws:iam::1:role/r", "1", "r"),
        federated_provider="accounts.google.com",
        federation_attributes=(("aud", "a"),),
        creation_date="2026-01-01T00:00:00Z",
        mfa_authenticated="false",
        ec2_role_delivery="2.0",
        source_identity="alice",
        assumed_root="true",
    )
    assert identity.json() == (
        b'{"type":"AssumedRole","principalId":"AROAX:s","arn":"arn:aws:sts::1:assumed-role/r/s",'
        b'"accountId":"111122223333","accessKeyId":"ASIAX","userName":"user","identityProvider":"provider","sessionContext":{"sessionIssuer":'
        b'{"type":"Role","principalId":"AROAX","arn":"arn:aws:iam::1:role/r","accountId":"1","userName":"r"},'
        b'"webIdFederationData":{"federatedProvider":"accounts.google.com","attributes":{"aud":"a"}},'
        b'"attributes":{"creationDate":"2026-01-01T00:00:00Z","mfaAuthenticated":"false"},'
        b'"ec2RoleDelivery":"2.0","sourceIdentity":"alice","assumedRoot":"true"}}'
    )
    assert Identity.from_dict(json.loads(identity.json())) == identity


def test_json_is_made_once():
    assert ALICE.json() is ALICE.json()


words = st.none() | st.text(st.characters(codec="utf-8"), max_size=8)
issuers = st.none() | st.builds(Issuer, st.just("Role"), words, words, words, words)
identities = st.builds(
    Identity,
    st.text(st.characters(codec="utf-8")),
    *[words] * 6,
    issuer=issuers,
    federated_provider=st.just("provider"),
    federation_attributes=st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8")))
    .map(dict.items)
    .map(tuple),
    creation_date=words,
    mfa_authenticated=words,
    ec2_role_delivery=words,
    source_identity=words,
    assumed_root=words,
)


@given(identities)
def test_an_identity_survives_its_line_in_a_file(identity):
    assert Identity.from_dict(json.loads(identity.json())) == identity


@pytest.mark.parametrize(
    "found", [None, [], 1, {}, {"type": 3}, {"sessionContext": []}, {"sessionContext": {"sessionIssuer": 1}}]
)
def test_what_is_no_identity_is_unknown(found):
    assert Identity.from_dict(found) == Identity("Unknown")


@pytest.mark.parametrize("account", ['1"2', "../../escaped", "RGW11111111111111111", "123", "\u0663" * 12, ""])
def test_what_is_no_account_is_left_out(account):
    """A server answers what it likes, and the account becomes part of records and paths."""
    assert Identity("IAMUser", arn="arn:aws:iam::1:user/a", account_id=account).account_id is None
    assert who.from_caller("arn:aws:iam::1:user/a", "AIDA", account, "AKIA").account_id is None
