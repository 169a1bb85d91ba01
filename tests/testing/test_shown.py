"""Calls and values as texts: short, without secrets, and whatever the values do."""

from __future__ import annotations

import pytest
from border import answer
from hostile import Broken, Items, Loud, Text, Untouchable, cyclic, cyclic_mapping, nested

from bototrail.testing.shown import counted, shown

SHOWN = [
    ("a", "'a'"),
    ("a" * 101, f"'{'a' * 100}'... (101 characters)"),
    (b"a" * 10_000_000, f"b'{'a' * 100}'... (10000000 bytes)"),
    ([1, (2,), {3}], "[1, (2), {3}]"),
    (list(range(15)), "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ... 3 more]"),
    ({"a": {"b": 1}}, "{'a': {'b': 1}}"),
    ([[[[[[[1]]]]]]], "[[[[[[[...]]]]]]]"),
    (Loud(), "<Loud that cannot be shown>"),
    (Broken(a=1), "<Broken that cannot be shown>"),
    (10**5000, "<int that cannot be shown>"),
    (Text("t"), "'t'"),
]


@pytest.mark.parametrize(("value", "text"), SHOWN, ids=lambda value: type(value).__name__)
def test_values(value, text):
    assert shown(value) == text


@pytest.mark.parametrize("make", [lambda: cyclic(3), cyclic_mapping, lambda: nested(1200, False), lambda: Items([1])])
def test_whatever_they_are_made_of(make):
    assert len(shown(make())) < 10_000


def test_streams_are_not_read():
    stream = Untouchable()
    assert "Untouchable" in shown(stream)
    assert not stream.touched


def test_secrets_are_hidden_in_calls_and_in_differences(trail, client, fails):
    secrets, rds, ssm = client("secretsmanager"), client("rds"), client("ssm")
    for each in (secrets, ssm):
        answer(each, (200, b"{}"))
    answer(rds, (200, b"<R><CreateDBInstanceResult/></R>"))
    secrets.create_secret(Name="n", SecretString="hunter2")
    ssm.put_parameter(Name="n", Value="hunter2", Type="SecureString")
    rds.create_db_instance(DBInstanceIdentifier="d", DBInstanceClass="c", Engine="e", MasterUserPassword="hunter2")
    told = fails(trail.assert_not_called)
    database = "DBInstanceIdentifier='d', DBInstanceClass='c', Engine='e', MasterUserPassword=<hidden>"
    assert told.splitlines()[1:] == [
        "  1. secretsmanager:CreateSecret(Name='n', SecretString=<hidden>)  @",
        "  2. ssm:PutParameter(Name='n', Value=<hidden>, Type='SecureString')  @",
        f"  3. rds:CreateDBInstance({database})  @",
    ]
    told = fails(trail.assert_called, "secretsmanager:CreateSecret", SecretString="other")
    assert told.endswith(
        "       SecretString: expected 'other', got <hidden>\nOther calls (2): rds:CreateDBInstance, ssm:PutParameter"
    )
    trail.assert_called("secretsmanager:CreateSecret", SecretString="hunter2")
    assert "hunter2" not in repr(trail.calls())


def test_secrets_inside_of_structures_are_hidden(trail, client):
    cognito = client("cognito-idp", region="us-east-1")
    answer(cognito, (200, b"{}"))
    cognito.admin_initiate_auth(
        UserPoolId="us-east-1_x",
        ClientId="c",
        AuthFlow="ADMIN_NO_SRP_AUTH",
        AuthParameters={"USERNAME": "u", "PASSWORD": "hunter2"},
    )
    assert "hunter2" not in repr(trail.calls())


def test_long_calls_are_cut(trail, dynamodb):
    dynamodb.put_item(TableName="t", Item={f"attribute-{n}": {"S": "x" * 50} for n in range(50)})
    assert len(repr(trail.calls()[0])) < 200


def test_counted():
    assert [counted(n, "call") for n in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]
