"""A policy that somebody wrote, read and judged by what was used."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from bototrail.errors import ConfigError
from bototrail.policy import Need
from bototrail.policy.check import Broad, Missing, check, difference
from bototrail.policy.evaluate import judge, read_policy
from bototrail.policy.patterns import covers, covers_arn, literal
from bototrail.policy.statements import statements

TABLE = "arn:aws:dynamodb:eu-central-1:111122223333:table/orders"


def policy(*rows, **only):
    found = [{"Effect": "Allow", "Resource": "*", **row} for row in rows] or [only]
    return read_policy(json.dumps({"Version": "2012-10-17", "Statement": found}), "policy.json")


@pytest.mark.parametrize(
    ("pattern", "what", "expected"),
    [
        ("*", "anything", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/1", True),
        ("arn:aws:s3:::b/?", "arn:aws:s3:::b/12", False),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/a/b\nc", True),
        ("arn:aws:s3:::b/a.b", "arn:aws:s3:::b/axb", False),
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/${*}", True),
        ("arn:aws:s3:::b/${*}", "arn:aws:s3:::b/x", False),
        ("arn:aws:s3:::home/${aws:username}/*", "arn:aws:s3:::home/alice/x", True),
        ("arn:aws:ec2:*:*:instance/*", "arn:aws:ec2:eu-central-1:1:instance/*", True),
        ("arn:aws:ec2:*:*:instance/i-1", "arn:aws:ec2:eu-central-1:1:instance/*", False),
    ],
)
def test_wildcards(pattern, what, expected):
    assert covers(pattern, what) is expected


def test_names_with_wildcards_in_them_are_taken_as_they_are():
    assert literal("a*b?c${d}") == "a${*}b${?}c${$}{d}"
    assert covers(literal("a*b"), literal("a*b"))
    assert not covers(literal("a*b"), "axb")


@pytest.mark.parametrize(
    ("pattern", "arn", "expected"),
    [
        ("arn:aws:sqs:eu-central-1:111122223333:q", "arn:aws:sqs:eu-central-1:*:q", True),
        ("arn:aws:sqs:eu-central-1:111122223333:q", "arn:aws:sqs:eu-central-1:*:other", False),
        ("arn:aws:secretsmanager:x:1:secret:db-AbCdEf", "arn:aws:secretsmanager:x:1:secret:db-??????", True),
        ("arn:aws:secretsmanager:x:1:secret:db-*", "arn:aws:secretsmanager:x:1:secret:db-??????", True),
        ("arn:aws:secretsmanager:x:1:secret:other-AbCdEf", "arn:aws:secretsmanager:x:1:secret:db-??????", False),
        ("arn:aws:s3:::b", "*", False),
    ],
)
def test_what_is_not_known_of_an_arn_is_taken_for_right(pattern, arn, expected):
    assert covers_arn(pattern, arn) is expected


def verdict(rules, need):
    found = judge(rules, need)
    return found.allowed, found.denied, [rule.name for rule in found.by], list(found.depends)


ALLOW = {"Sid": "A", "Action": "dynamodb:*", "Resource": TABLE}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([ALLOW], (True, False, ["A"], [])),
        ([{**ALLOW, "Action": "DYNAMODB:getitem"}], (True, False, ["A"], [])),
        ([{**ALLOW, "Action": ["dynamodb:PutItem"]}], (False, False, [], [])),
        ([{**ALLOW, "Resource": TABLE + "2"}], (False, False, [], [])),
        ([ALLOW, {"Effect": "Deny", "Action": "*", "Sid": "D"}], (False, True, ["D"], [])),
        ([ALLOW, {"Effect": "Deny", "NotAction": "dynamodb:*"}], (True, False, ["A"], [])),
        ([ALLOW, {"Effect": "Deny", "Action": "*", "Resource": None, "NotResource": TABLE}], (True, False, ["A"], [])),
        ([{"NotAction": "iam:*", "Sid": "A"}], (True, False, ["A"], [])),
        ([{"Action": "*", "Resource": None, "NotResource": TABLE}], (False, False, [], [])),
        ([{"Action": "*"}], (True, False, ["statement 1"], [])),
        (
            [{**ALLOW, "Condition": {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}}],
            (True, False, ["A"], []),
        ),
        ([{**ALLOW, "Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}], (False, False, [], [])),
        (
            [{**ALLOW, "Condition": {"StringNotEquals": {"aws:requestedregion": ["us-east-1"]}}}],
            (True, False, ["A"], []),
        ),
        (
            [{**ALLOW, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}}],
            (True, False, ["A"], ["aws:SourceIp"]),
        ),
        (
            [ALLOW, {"Effect": "Deny", "Action": "*", "Condition": {"Bool": {"aws:MultiFactorAuthPresent": False}}}],
            (True, False, ["A"], ["the Deny of statement 2"]),
        ),
    ],
)
def test_a_need_is_judged_as_iam_does(rows, expected):
    rows = [{k: v for k, v in {"Resource": "*", "Effect": "Allow", **row}.items() if v is not None} for row in rows]
    rules = read_policy(json.dumps({"Statement": rows if len(rows) > 1 else rows[0]}), "policy.json")
    assert verdict(rules, Need("dynamodb:GetItem", TABLE)) == expected


@pytest.mark.parametrize(
    ("operator", "values", "prefix", "allowed"),
    [
        ("StringEquals", ["a/"], "a/", True),
        ("StringEquals", ["a/"], "b/", False),
        ("StringEquals", ["a/"], None, False),
        ("StringEqualsIfExists", ["a/"], None, True),
        ("StringLike", ["a/*", "c/*"], "c/d", True),
        ("StringNotLike", ["a/*"], "a/d", False),
        ("StringNotLike", ["a/*"], None, True),
        ("ForAnyValue:StringEqualsIgnoreCase", ["A/"], "a/", True),
    ],
)
def test_conditions_of_which_records_tell_are_evaluated(operator, values, prefix, allowed):
    rules = policy({"Action": "s3:ListBucket", "Condition": {operator: {"s3:prefix": values}}})
    conditions = (("StringEquals", "s3:prefix", prefix),) if prefix else ()
    assert judge(rules, Need("s3:ListBucket", "arn:aws:s3:::b", conditions)).allowed is allowed


DOCUMENT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}


@pytest.mark.parametrize(
    "wrapped",
    [
        DOCUMENT,
        [DOCUMENT],
        {"PolicyVersion": {"Document": DOCUMENT, "VersionId": "v1"}},
        {"RoleName": "r", "PolicyName": "p", "PolicyDocument": DOCUMENT},
        {"PolicyDocument": quote(json.dumps(DOCUMENT), safe="")},
    ],
)
def test_policies_are_read_as_the_cli_prints_them(wrapped):
    assert [rule.actions for rule in read_policy(json.dumps(wrapped), "p")] == [("s3:GetObject",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected a policy in JSON in p.json; found Expecting value"),
        ('{"PolicyDocument": "{broken"}', "expected a policy in JSON in p.json; found Expecting"),
        ('{"PolicyDocument": "%7Bbroken"}', "expected a policy in JSON in p.json; found Expecting"),
        ("[" * 100_000, "expected a policy in JSON in p.json; found"),
        ("[" * 3000 + "]" * 3000, "expected a policy in JSON in p.json; found"),
        ("[]", "expected a policy document in p.json; found none"),
        ('{"a": 1}', "expected a policy document with a Statement in p.json; found the keys a"),
        ('"x"', "expected a policy document with a Statement in p.json; found a NoneType"),
        ('{"Statement": [3]}', "expected an Effect of Allow or Deny in statement 1 of p.json; found 3"),
        ('{"Statement": {"Effect": "Perhaps"}}', "expected an Effect of Allow or Deny in statement 1 of p.json"),
        ('{"Statement": {"Effect": "Allow"}}', "expected an Action in statement 1 of p.json; found None"),
        ('{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": [1]}}', "expected a Resource in statement 1"),
        ('{"Statement": {"Effect": "Allow", "Action": "a:b", "Resource": "*", "Condition": {"a": "b"}}}',
         "expected a Condition of operators and keys in statement 1 of p.json"),
    ],
)  # fmt: skip
def test_what_is_no_policy_is_said(text, expected):
    with pytest.raises(ConfigError) as caught:
        read_policy(text, "p.json")
    assert str(caught.value).startswith(expected)


NEEDS = [Need("dynamodb:GetItem", TABLE), Need("dynamodb:PutItem", TABLE), Need("sqs:SendMessage", "arn:aws:sqs:x:1:q")]


def test_a_policy_without_statements_allows_nothing():
    found = check(read_policy('{"Statement": []}', "p"), NEEDS[:1])
    assert (len(found.missing), found.broad) == (1, ())


def test_a_policy_that_fits_has_nothing_to_report():
    rules = read_policy(json.dumps({"Statement": [one.to_dict() for one in statements(NEEDS)]}), "p")
    found = check(rules, NEEDS)
    assert (found.missing, found.broad, found.conditional) == ((), (), ())


def test_what_is_missing_is_named_with_the_statements_that_are_near():
    found = check(policy({"Sid": "Near", "Action": "dynamodb:*", "Resource": TABLE + "2"}), NEEDS[:1])
    assert found.missing == (Missing(NEEDS[0], (), ("Near",)),)
    found = check(policy({"Action": "*"}, {"Sid": "No", "Effect": "Deny", "Action": "dynamodb:*"}), NEEDS[:1])
    assert found.missing == (Missing(NEEDS[0], ("No",), ("statement 1",)),)


def test_what_is_not_used_and_what_is_too_broad_is_named():
    found = check(
        policy(
            {"Sid": "All", "Action": ["dynamodb:*", "dynamodb:Scan"]},
            {"Sid": "Never", "Action": ["iam:GetRole", "iam:GetUser"]},
            {"Sid": "Exact", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:x:1:q"},
        ),
        NEEDS,
    )
    assert found.broad == (
        Broad(
            "All",
            ("dynamodb:Scan",),
            {"dynamodb:*": ("dynamodb:GetItem", "dynamodb:PutItem")},
            {"*": (TABLE,)},
            True,
        ),
        Broad("Never", ("iam:GetRole", "iam:GetUser"), {}, {}, False),
    )


def test_a_wildcard_that_allows_nothing_more_is_not_too_broad():
    used = [Need("sqs:SendMessage", "arn:aws:sqs:x:1:*")]
    assert check(policy({"Action": "sqs:SendMessag?", "Resource": "arn:aws:sqs:x:1:*"}), used).broad == ()


ALL_OF_IT = Need("s3:DeleteObject", "arn:aws:s3:::bkt/*")


def test_a_policy_that_allows_some_of_what_a_record_does_not_tell_does_not_lack_it():
    found = check(policy({"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::bkt/tmp/*"}), [ALL_OF_IT])
    assert (found.missing, found.broad) == ((), ())
    assert found.conditional == ((ALL_OF_IT, ("which resource it was",)),)
    assert check(policy({"Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::other/*"}), [ALL_OF_IT]).missing
    describe = Need("ec2:DescribeVpcs", "*")
    assert check(policy({"Action": "ec2:Describe*", "Resource": "arn:aws:ec2:*"}), [describe]).missing


@pytest.mark.parametrize(
    "denied",
    [
        {"Sid": "D", "Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::bkt/audit/*"},
        {"Sid": "D", "Effect": "Deny", "Action": "*", "NotResource": "arn:aws:s3:::bkt/audit/*"},
    ],
    ids=["Resource", "NotResource"],
)
def test_a_denial_of_some_of_it_is_named(denied):
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    found = check(read_policy(json.dumps({"Statement": [everything, denied]}), "p"), [ALL_OF_IT])
    assert found.missing == ()
    assert found.conditional == ((ALL_OF_IT, ("the Deny of D",)),)


def test_a_statement_without_conditions_settles_it():
    rules = policy({"Action": "sqs:*"}, {"Action": "sqs:*", "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}})
    assert check(rules, NEEDS[2:]).conditional == ()


def test_what_hangs_on_conditions_that_records_do_not_tell_is_said():
    found = check(policy({"Action": "*", "Condition": {"Bool": {"aws:SecureTransport": True}}}), NEEDS[:1])
    assert found.missing == ()
    assert found.conditional == ((NEEDS[0], ("aws:SecureTransport",)),)


def test_the_difference_of_two_policies_is_what_they_allow():
    old = policy(
        {"Action": ["dynamodb:GetItem", "dynamodb:Scan"], "Resource": TABLE}, {"Effect": "Deny", "Action": "iam:*"}
    )
    new = statements(
        [NEEDS[0], NEEDS[2], Need("s3:ListBucket", "arn:aws:s3:::b", (("StringEquals", "s3:prefix", "a"),))]
    )
    assert difference(old, new) == (
        ["s3:ListBucket arn:aws:s3:::b if StringEquals s3:prefix a", "sqs:SendMessage arn:aws:sqs:x:1:q"],
        ["deny iam:* *", f"dynamodb:Scan {TABLE}"],
    )
