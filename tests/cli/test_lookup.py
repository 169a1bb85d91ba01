"""`bototrail lookup`: what it prints in which form, its limits, and what it says about filters that find nothing."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys

import pytest
from click.testing import CliRunner
from history.logged import ALWAYS, event, put, role

from bototrail.cli import main

GET = event("GetObject", "2026-09-21T12:00:00Z", "e-get")
PUT = event("PutObject", "2026-09-21T12:01:00Z", "e-put", errorCode="AccessDenied", userIdentity=role())
RUN = event(
    "RunInstances", "2026-09-21T12:02:00Z", "e-run", "ec2.amazonaws.com", requestParameters={"minCount": 1},
    resources=[{"type": "AWS::EC2::Instance", "ARN": f"arn:aws:ec2:eu-central-1:111122223333:instance/i-{n}"}
               for n in "12"],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def bucket(tmp_path):
    put(tmp_path / "bucket", GET, PUT)
    put(tmp_path / "bucket", RUN)
    return tmp_path / "bucket"


def run(*arguments, command="lookup"):
    return CliRunner().invoke(main, [command, *ALWAYS, *map(str, arguments)], catch_exceptions=False)


def ids(done):
    assert done.exit_code == 0, done.stderr
    return [json.loads(line)["eventID"] for line in done.stdout.splitlines()]


# ---- forms
def test_a_line_of_json_is_the_record_of_the_log_file(bucket):
    done = run("--bucket", bucket)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [RUN, PUT, GET]


def test_json_is_a_log_file_again(bucket, tmp_path):
    found = run("--bucket", bucket, "--format", "json", "--reverse").stdout
    assert json.loads(found) == {"Records": [GET, PUT, RUN]}
    put(tmp_path / "again", *json.loads(found)["Records"])
    assert run("--bucket", tmp_path / "again", "--format", "json", "--reverse").stdout == found


def test_json_of_nothing_is_a_log_file_without_records(bucket):
    assert run("--bucket", bucket, "--format", "json", "eventName=No").stdout == '{"Records":[]}\n'
    assert run("--bucket", bucket, "--format", "json", "eventName=No", "--columns", "id").stdout == "[]\n"


def test_columns_are_fields_of_the_language_and_paths_in_the_record(bucket):
    names = "time,EventName,requestParameters.bucketName,resources.1.ARN,resources.type,resource,userIdentity.arn"
    rows = json.loads(run("--bucket", bucket, "--format", "json", "--columns", names).stdout)
    instances = [f"arn:aws:ec2:eu-central-1:111122223333:instance/i-{n}" for n in "12"]
    assert rows[0] == {
        "eventTime": "2026-09-21T12:02:00Z",
        "eventName": "RunInstances",
        "requestParameters.bucketName": None,
        "resources.1.ARN": instances[1],
        "resources.type": ["AWS::EC2::Instance"] * 2,
        "resourceName": instances,
        "userIdentity.arn": GET["userIdentity"]["arn"],
    }
    assert rows[1]["requestParameters.bucketName"] == "reports"
    assert rows[1]["userIdentity.arn"] == PUT["userIdentity"]["arn"]


def test_names_of_columns_are_as_lenient_as_those_of_fields(bucket):
    names = "useragent,Request-Parameters,requestparameters.bucketName,user.name"
    done = run("--bucket", bucket, "eventName=GetObject", "--columns", names)
    assert json.loads(done.stdout) == {
        "userAgent": "Boto3/1.40",
        "requestParameters": GET["requestParameters"],
        "requestParameters.bucketName": "reports",
        "userName": "ana",
    }


def test_whole_members_can_be_columns(bucket):
    done = run("--bucket", bucket, "eventName=PutObject", "--columns", "requestParameters,userAgent,principal,role,ro")
    assert json.loads(done.stdout) == {
        "requestParameters": {"bucketName": "reports", "key": "a.csv"},
        "userAgent": "Boto3/1.40",
        "userIdentity.arn": "arn:aws:iam::111122223333:role/jobs/worker",
        "role": "worker",
        "readOnly": False,
    }


def test_csv_has_headings_and_a_row_an_event(bucket):
    rows = list(csv.DictReader(io.StringIO(run("--bucket", bucket, "--format", "csv").stdout)))
    assert [row["eventID"] for row in rows] == ["e-run", "e-put", "e-get"]
    assert rows[1] == {
        "eventTime": "2026-09-21T12:01:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "userName": "job-1",
        "role": "worker",
        "resourceName": "arn:aws:s3:::reports/a.csv, reports",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.7",
        "accessKeyId": "ASIAEXAMPLE",
        "readOnly": "false",
        "errorCode": "AccessDenied",
        "eventID": "e-put",
    }


def test_csv_quotes_what_has_commas_and_lines(tmp_path):
    put(tmp_path / "b", event("Get\nObject", event_id="e", userAgent='a,"b"'))
    done = run("--bucket", tmp_path / "b", "--format", "csv", "--columns", "eventName,userAgent,requestParameters")
    assert list(csv.reader(io.StringIO(done.stdout)))[1] == [
        "Get\nObject", 'a,"b"', '{"bucketName":"reports","key":"a.csv"}',
    ]  # fmt: skip


def test_csv_of_nothing_has_headings(bucket):
    assert run("--bucket", bucket, "--format", "csv", "--columns", "id,user", "x=1").exit_code == 2
    assert run("--bucket", bucket, "--format", "csv", "--columns", "id,user", "nowhere").stdout == "eventID,userName\n"


TABLE = """\
time                  event             user          resource          region        error
2026-09-21T12:02:00Z  ec2 RunInstances  ana           instance/i-1 +1   eu-central-1
2026-09-21T12:01:00Z  s3 PutObject      worker/job-1  reports/a.csv +1  eu-central-1  AccessDenied
2026-09-21T12:00:00Z  s3 GetObject      ana           reports/a.csv +1  eu-central-1
"""


def test_a_table_without_a_terminal_is_as_wide_as_it_comes(bucket):
    done = run("--bucket", bucket, "--format", "table")
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", TABLE)


# ---- which events
CHOSEN = [
    (["eventName=PutObject"], ["e-put"]),
    (["eventName!=PutObject"], ["e-run", "e-get"]),
    (["service=s3", "errorCode=denied"], ["e-put"]),
    (["errorCode!=*"], ["e-run", "e-get"]),
    (["role=worker"], ["e-put"]),
    (["resource=*i-2"], ["e-run"]),
    (["a.csv"], ["e-put", "e-get"]),
    (["--until", "2026-09-21T12:01:00Z"], ["e-put", "e-get"]),
    (["until=2026-09-21T12:01:00Z", "--since", "2026-09-21T12:01:00Z"], ["e-put"]),
    (["--limit", "2"], ["e-run", "e-put"]),
    (["--limit", "2", "--reverse"], ["e-get", "e-put"]),
    (["--limit", "0"], ["e-run", "e-put", "e-get"]),
]


@pytest.mark.parametrize(("arguments", "expected"), CHOSEN)
def test_a_filter_chooses(arguments, expected, bucket):
    assert ids(run("--bucket", bucket, *arguments)) == expected


def test_all_are_printed_where_there_is_no_terminal(tmp_path):
    put(tmp_path / "b", *(event(time=f"2026-09-21T12:{n // 60:02}:{n % 60:02}Z", event_id=f"e{n}") for n in range(60)))
    assert ids(run("--bucket", tmp_path / "b")) == [f"e{n}" for n in reversed(range(60))]


def test_pages_of_many_events_make_one_list(tmp_path):
    events = [event(time=f"2026-09-21T12:{n // 60 % 60:02}:{n % 60:02}Z", event_id=f"{n:05}") for n in range(4100)]
    put(tmp_path / "b", *events)
    found = ids(run("--bucket", tmp_path / "b", "--limit", "4050"))
    assert found == [e["eventID"] for e in sorted(events, key=lambda e: (e["eventTime"], e["eventID"]))[:-4051:-1]]


def test_the_bucket_may_be_that_of_the_environment(bucket, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", str(bucket))
    assert ids(run("eventName=GetObject")) == ["e-get"]


def test_how_far_back_is_an_option_and_a_variable(bucket, monkeypatch):
    arguments = ["lookup", "--bucket", str(bucket), "--format", "json"]
    monkeypatch.setenv("BOTOTRAIL_HISTORY_DAYS", "36500")
    assert len(json.loads(CliRunner().invoke(main, arguments).stdout)["Records"]) == 3
    put(bucket, event(time="2001-09-21T12:01:00Z", event_id="old"), day="2001/09/21")
    monkeypatch.setenv("BOTOTRAIL_HISTORY_DAYS", "90")
    assert "old" not in CliRunner().invoke(main, arguments).stdout
    monkeypatch.delenv("BOTOTRAIL_HISTORY_DAYS")
    assert "old" in CliRunner().invoke(main, [*arguments, "--days", "36500"]).stdout


# ---- nothing found
NOTHING = [
    # filter, what is said about it
    (["eventName=putobject"], "did you mean eventName=PutObject?"),
    (
        ["eventName=putobject,GetObjec", "userName=ana"],
        "did you mean eventName=PutObject?\ndid you mean eventName=GetObject?",
    ),
    (["eventName=*OBJECT"], "did you mean eventName=GetObject or eventName=PutObject?"),
    (["eventName=put*"], "did you mean eventName=PutObject?"),
    (["eventName=PutObjct"], "did you mean eventName=PutObject?"),
    (["eventName=s3:PutObject"], "did you mean eventSource=s3 eventName=PutObject?"),
    (["service=es3"], "did you mean eventSource=s3.amazonaws.com?"),
    (["user=ANA"], "did you mean userName=ana?"),
    (["resource=ARN:aws:s3:::reports/A.csv"], "did you mean resourceName=arn:aws:s3:::reports/a.csv?"),
    (["user=nobodyatall"], "no event has userName=nobodyatall"),
    (["eventName:PutObject"], "did you mean eventName=PutObject?"),
    (["event-name:PutObject"], "did you mean eventName=PutObject?"),
    (["userName>=a:b"], "did you mean userName=a:b?"),
    (["since>=2h"], "did you mean since=2h?"),
    (["arn=arn:aws:sts::111122223333:assumed-role/worker/job-1"], "did you mean role=worker session=job-1?"),
    (["until=2026-09-20"], "there are no events at all in that time; the newest is of 2026-09-21T12:02:00Z"),
]


@pytest.mark.parametrize(("arguments", "hint"), NOTHING)
def test_what_may_be_wrong_with_a_filter_is_said(arguments, hint, bucket):
    done = run("--bucket", bucket, *arguments)
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr.splitlines()[0] == "no event meets this filter"
    assert hint in done.stderr


def test_nothing_is_said_about_terms_that_have_events(bucket):
    done = run("--bucket", bucket, "eventName=GetObject", "errorCode=denied", "userName!=x")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "", "no event meets this filter\n")


def test_who_looks_further_back_than_the_index_is_told(bucket):
    done = CliRunner().invoke(main, ["lookup", "--bucket", str(bucket), "since=2001-01-01", "nowhere", "--days", "400"])
    assert "lookups reach back 400 days, to " in done.stderr


# ---- bad input
BAD = [
    # arguments, words of the message
    (["--bucket", "{tmp}/none"], "expected a folder with log files at {tmp}/none; found nothing there"),
    (["--bucket", "{tmp}/file"], "found a file"),
    (["--bucket", "gopher://x/y"], "gopher"),
    (["--bucket", "1"], "expected a folder or URL for the bucket; found '1'"),
    ([], "expected a bucket to read; found neither --bucket nor $BOTOTRAIL"),
    (["--bucket", "{tmp}/empty"], "found no log files below AWSLogs/, and none that wait for delivery"),
    (["--bucket", "{tmp}/bucket", "userName="], "expected a value for userName"),
    (["--bucket", "{tmp}/bucket", "usrName=x"], "did you mean userName?"),
    (["--bucket", "{tmp}/bucket", "--since", "soon"], "expected since=WHEN, a moment such as"),
    (["--bucket", "{tmp}/bucket", "--since", "2h", "since=1h"], "expected since once"),
    (["--bucket", "{tmp}/bucket", "--since", ""], "expected since=WHEN"),
    (["--bucket", "{tmp}/bucket", "--columns", "evntName"], "did you mean eventName?"),
    (["--bucket", "{tmp}/bucket", "--columns", "a.b"], "found 'a.b'"),
    (["--bucket", "{tmp}/bucket", "--columns", "requestParameters..x"], "found 'requestParameters..x'"),
    (["--bucket", "{tmp}/bucket", "--columns", ""], "eventTime, eventID, eventName,"),
    (["--bucket", "{tmp}/bucket", "--columns", "eventName,,user"], "found ''"),
    (["--bucket", "{tmp}/bucket", "--columns", "resource.0.ARN"], "did you mean resources?"),
    (["--bucket", "{tmp}/bucket", "--limit", "-1"], "-1 is not in the range"),
    (["--bucket", "{tmp}/bucket", "--limit", "99999999999999999999"], "is not in the range"),
    (["--bucket", "{tmp}/bucket", "user=\udcff"], "expected a filter and columns in utf-8; found 'user=\\udcff'"),
    (["--bucket", "{tmp}/bucket", "--columns", "requestParameters.\udcff"], "expected a filter and columns in utf-8"),
    (["--bucket", "{tmp}/bucket", "--days", "0"], "0 is not in the range"),
    (["--bucket", "{tmp}/bucket", "--format", "xml"], "'xml' is not one of"),
    (["--bucket", "{tmp}/bucket", "-f", "--until", "1h"], "expected no end to what is followed"),
    (["--bucket", "{tmp}/bucket", "-f", "--format", "json"], "use --format jsonl"),
]


@pytest.mark.parametrize(("arguments", "words"), BAD)
def test_wrong_use_is_told(arguments, words, bucket, tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "empty").mkdir()
    done = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (done.exit_code, done.stdout, words.format(tmp=tmp_path) in done.stderr) == (2, "", True), done.stderr


def test_a_closed_stderr_is_no_error(bucket):
    code = "from bototrail.cli import main; import sys; sys.stderr = None; main()"
    command = [sys.executable, "-c", code, "lookup", *ALWAYS, "--bucket", str(bucket), "eventName=GetObject"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)) == (0, GET)


def test_a_cache_that_cannot_be_written_is_told(bucket, tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("x")
    done = run("--bucket", bucket)
    assert (done.exit_code, "BOTOTRAIL_CACHE" in done.stderr) == (2, True), done.stderr


def test_files_that_are_no_log_files_are_named_once(bucket):
    for number in range(12):
        path = put(bucket, name=f"111122223333_CloudTrail_eu-central-1_20260921T1221Z_{number:016}.json.gz")
        path.write_bytes(b"no gzip")
    done = run("--bucket", bucket)
    lines = done.stderr.splitlines()
    assert (done.exit_code, len(done.stdout.splitlines()), len(lines)) == (0, 3, 11)
    assert lines[0].startswith("AWSLogs/111122223333/CloudTrail/eu-central-1/2026/09/21/")
    assert lines[-1] == "and 2 more log files with problems"
    assert run("--bucket", bucket).stderr == ""


def test_a_bucket_of_broken_files_alone_is_no_error_but_told(tmp_path):
    put(tmp_path / "b").write_bytes(b"no gzip")
    done = run("--bucket", tmp_path / "b")
    assert (done.exit_code, done.stdout) == (0, "")
    assert "no events in the last 36500 days" in done.stderr


def test_ctrl_c_is_130(bucket, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("bototrail.history.history.History.every", interrupted)
    done = run("--bucket", bucket)
    assert (done.exit_code, done.stderr) == (130, "interrupted\n")


@pytest.mark.parametrize("command", ["lookup", "tail", "show"])
def test_help(command):
    done = CliRunner().invoke(main, [command, "--help"])
    assert (done.exit_code, "Examples:\n    bototrail" in done.stdout) == (0, True)
