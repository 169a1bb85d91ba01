"""Calls and values as texts: short, without secrets, and whatever the values do."""

from __future__ import annotations

from functools import partial
from operator import eq
from types import MappingProxyType, SimpleNamespace

import pytest
from border import answer
from hostile import Broken, Items, Loud, Text, Untouchable, cyclic, cyclic_mapping, nested

from bototrail.testing import absent, call, containing, matching
from bototrail.testing.expected import _narrowed
from bototrail.testing.shown import counted, plainly, shown
from bototrail.testing.veil import Veil

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
        "       SecretString: expected <hidden>, got <hidden>\nOther calls (2): rds:CreateDBInstance, ssm:PutParameter"
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


EXPECTED = [
    ("secretsmanager:CreateSecret", {"SecretString": "hunter2"}),
    ("rds:CreateDBInstance", {"masterUserPassword": "hunter2"}),
    ("secretsmanager:CreateSecret", {"SecretString": matching("hunter2")}),
    ("secretsmanager:CreateSecret", {"SecretString": partial(eq, "hunter2")}),
    ("secretsmanager:Create*", {"SecretString": "hunter2"}),
    ("*:CreateSecret", {"SecretString": "hunter2"}),
    ("*:*", {"MasterUserPassword": "hunter2"}),
    ("*:Nothing*", {"Options": [{"MasterUserPassword": "hunter2"}]}),
    ("*:*", {"Options": containing({"password": "hunter2"})}),
    ("cognito-idp:*", {"AuthParameters": {"PASSWORD": "hunter2"}}),
    ("cognito-idp:AdminInitiateAuth", {"AuthParameters": MappingProxyType({"PASSWORD": "hunter2"})}),
    ("cognito-idp:AdminInitiateAuth", {"AuthParameters": containing({"PASSWORD": "hunter2"})}),
    ("rds:CreateDBInstance", {"MasterUserPassword": "hunter2"}),
]


@pytest.mark.parametrize(("pattern", "arguments"), EXPECTED)
def test_expected_secrets_are_hidden_as_well(trail, client, fails, pattern, arguments):
    secrets = client("secretsmanager")
    answer(secrets, (200, b"{}"))
    secrets.create_secret(Name="n", SecretString="mine")
    told = fails(trail.assert_called, pattern, arguments)
    if pattern == "secretsmanager:CreateSecret":
        told += fails(trail.assert_called, pattern, {"Name": "other", **arguments})
    told += fails(trail.assert_order, "secretsmanager:*", call(pattern, arguments))
    told += fails(trail.assert_only, [call(pattern, arguments)])
    told += fails(trail.assert_calls, [call(pattern, arguments), "secretsmanager:*"])
    assert "hunter2" not in told
    assert "mine" not in told
    assert "<hidden>" in told


def test_what_an_expected_value_that_is_no_secret_is_told(trail, dynamodb, fails):
    class Mine:
        def __repr__(self):
            return "mine"

    dynamodb.put_item(TableName="t", Item={"id": {"S": "1"}})
    told = fails(trail.assert_called, "dynamodb:PutItem", TableName=containing("u"), Item={"id": (1, {2}), "x": Mine()})
    assert "(TableName=containing('u'), Item={'id': (1, {2}), 'x': mine})" in told
    assert "ReturnValues=absent" in fails(trail.assert_not_called, "dynamodb:*", ReturnValues=absent)


def test_secrets_are_hidden_however_deep_they_are():
    members = {"name": shape("string"), "password": shape("string")}
    for _ in range(8):
        members = {"inner": shape("structure", members=members), "more": shape("string", sensitive=True)}
    veil, value = Veil([shape("structure", members=members)]), {"name": "n", "password": "hunter2"}
    for _ in range(8):
        value = {"inner": value, "more": "hunter2"}
    told = repr(veil.over(value))
    assert "hunter2" not in told
    assert told.endswith("'more': <hidden>}")
    assert veil.hides(value)
    other = {"inner": {"inner": {"inner": {**value["inner"]["inner"]["inner"], "more": "other"}}}}
    found = _narrowed("A", {**other, "more": "x"}, value, veil)
    assert {d.name for d in found} >= {"A.more", "A.inner.inner.inner.more"}
    assert "hunter2" not in repr(found)
    deep = _narrowed("A", set_deep(value, "other"), value, veil)
    assert [(d.name, repr(d.expected), repr(d.got)) for d in deep] == [
        (f"A{'.inner' * 8}.password", "<hidden>", "<hidden>")
    ]


def set_deep(value, password):
    if "inner" in value:
        return {**value, "inner": set_deep(value["inner"], password)}
    return {**value, "password": password}


def shape(kind, members=None, sensitive=False):
    return SimpleNamespace(type_name=kind, name="s", members=members or {}, metadata={"sensitive": sensitive})


def test_long_calls_are_cut(trail, dynamodb):
    dynamodb.put_item(TableName="t", Item={f"attribute-{n}": {"S": "x" * 50} for n in range(50)})
    assert len(repr(trail.calls()[0])) < 200


def test_control_characters_are_spelt_out():
    assert plainly("a\n\x1b[31m\x00\x9b\u202e\u2066\x7fé") == "a\n\\x1b[31m\\x00\\x9b\\u202e\\u2066\\x7fé"


def test_counted():
    assert [counted(n, "call") for n in (0, 1, 2)] == ["0 calls", "1 call", "2 calls"]
