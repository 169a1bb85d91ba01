"""What must hold of every policy that is made, tried on records of 95 services."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy.golden import record, records

from bototrail.policy import Needs, policy_of
from bototrail.policy.document import SIZE_LIMIT
from bototrail.policy.evaluate import judge, read_policy
from bototrail.policy.findings import findings

RECORDS = records()


@pytest.fixture(scope="module")
def policy():
    return policy_of(RECORDS)


def allows(statements, need):
    document = json.dumps({"Version": "2012-10-17", "Statement": statements})
    return judge(read_policy(document, "policy"), need).allowed


def test_it_allows_all_that_was_needed(policy):
    rules = read_policy(policy.json(), "policy")
    assert len(policy.needs) > 200
    assert [need for need in policy.needs if not judge(rules, need).allowed] == []


def test_no_statement_can_be_left_out(policy):
    statements = [one.to_dict() for one in policy.statements]
    rules = read_policy(policy.json(), "policy")
    assert len(rules) == len(statements)
    spare = [
        rule.name
        for n, rule in enumerate(rules)
        if all(judge(rules[:n] + rules[n + 1 :], need).allowed for need in policy.needs)
    ]
    assert spare == []


def test_the_documents_fit_into_managed_policies_and_hold_everything(policy):
    assert len(policy.documents) > 1
    sizes = [len("".join(json.dumps(document).split())) for document in policy.documents]
    assert max(sizes) <= SIZE_LIMIT
    held = [one for document in policy.documents for one in document["Statement"]]
    assert held == [one.to_dict() for one in policy.statements]


def test_ids_are_unique_and_of_letters_and_digits(policy):
    ids = [one.sid for one in policy.statements]
    assert len(set(ids)) == len(ids)
    assert all(one.isalnum() and one.isascii() for one in ids)


def test_a_generalized_policy_still_allows_everything(policy):
    wide = read_policy(policy_of(RECORDS, generalize=True).json(), "policy")
    assert [need for need in policy.needs if not judge(wide, need).allowed] == []


def test_a_policy_without_conditions_still_allows_everything(policy):
    made = policy_of(RECORDS, conditions=False)
    assert "Condition" not in made.json()
    rules = read_policy(made.json(), "policy")
    assert [need for need in policy.needs if not judge(rules, need).allowed] == []


def test_the_order_of_records_does_not_matter(policy):
    shuffled = random.Random(7).sample(RECORDS, len(RECORDS))
    assert policy_of(shuffled).json() == policy.json()


def test_what_processes_gathered_apart_merges_into_the_same(policy):
    together = Needs()
    for part in (RECORDS[::2], RECORDS[1::2]):
        together.merge(json.loads(json.dumps(Needs().add_all(part).to_json())))
    assert policy_of(together).json() == policy.json()


def test_another_account_takes_the_place_of_the_recorded_one():
    moved = policy_of(RECORDS, account="999988887777").json()
    assert ":999988887777:" in moved
    assert ":111122223333:" not in moved.replace("arn:aws:s3", "")


OPERATIONS = sorted({(r["eventSource"].removesuffix(".amazonaws.com"), r["eventName"]) for r in RECORDS})
KEYS = st.sampled_from(
    ["key", "bucketName", "resources", "ARN", "tags", "roleArn", "requestItems", "items", "name", "x"]
)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("arn:aws:iam::1:role/r"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(OPERATIONS), TREES, TREES, TREES, TREES)
def test_no_record_is_too_strange(operation, parameters, resources, identity, more):
    strange = record(*operation, parameters, resources=resources, userIdentity=identity, responseElements=more)
    made = policy_of([strange, {**strange, "errorCode": "AccessDenied", "errorMessage": more}])
    rules = read_policy(made.json(), "policy") if made.statements else []
    assert all(judge(rules, need).allowed for need in made.needs)


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"eventName": None},
        {"eventType": "AwsConsoleSignIn", "eventName": "ConsoleLogin", "eventSource": "signin.amazonaws.com"},
        {"eventType": "AwsServiceEvent", "eventName": "RotateKey", "eventSource": "kms.amazonaws.com"},
        record("kms", "Decrypt", {}, userIdentity={"type": "AWSService", "invokedBy": "s3.amazonaws.com"}),
        record("sts", "AssumeRoleWithWebIdentity", {}, userIdentity={"type": "WebIdentityUser"}),
        record("cognito-idp", "InitiateAuth", {}, userIdentity={"type": "Unknown"}),
    ],
)
def test_records_of_what_needs_no_permission_of_the_callers_are_passed_over(value):
    assert findings(value) is None
    assert policy_of([value]).statements == ()
    assert policy_of([value]).remarks == ("no call in these records needs a permission",)


def test_what_was_found_out_once_is_remembered(monkeypatch):
    seen = []
    real = findings
    monkeypatch.setattr("bototrail.policy.findings.findings", lambda one: seen.append(one) or real(one))
    one = record("sqs", "SendMessage", {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/1/q"})
    gathered = Needs().add_all([one, {**one, "eventID": "other"}, {**one, "awsRegion": "us-east-1"}, one])
    assert len(seen) == 2
    assert sorted(gathered.needs.values()) == [1, 3]


@pytest.mark.parametrize("code", [[], {}, 7])
def test_a_code_that_is_no_text_is_no_denial(code):
    assert len(Needs().add_all([record("s3", "GetObject", {"bucketName": "b", "key": "k"}, errorCode=code)]).needs) == 1


def test_a_key_of_nobody_knows_what_is_no_need():
    header = {"x-amz-server-side-encryption-aws-kms-key-id": "arn:aws:kms:eu-central-1:111122223333:key/1"}
    assert policy_of([record("s3", "PutObject", header)]).statements


@pytest.mark.parametrize("value", [{1, 2}, object(), 2**80], ids=["a set", "an object", "a number"])
def test_a_record_that_is_no_json_is_read_too(value):
    assert len(Needs().add_all([record("s3", "GetObject", {"bucketName": "b", "key": "k", "x": value})]).needs) == 1
