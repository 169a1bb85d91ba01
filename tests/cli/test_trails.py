"""`bototrail trails`: faults and exit codes, what is shown, the policies that delivery needs."""

from __future__ import annotations

import json
import sys
import types

import pytest
from click.testing import CliRunner

from bototrail.cli import main
from bototrail.trails.file import load_trails

FILE = """
[buckets]
audit = "./audit"
logs = { location = "s3://logs", Tagging = { team = "x" }, role_arn = "arn:aws:iam::444455556666:role/put" }

[[trailList]]
Name = "all"
S3BucketName = "audit"
IsMultiRegionTrail = true

[[trailList]]
Name = "writes"
S3BucketName = "logs"
S3KeyPrefix = "a b"
HomeRegion = "eu-west-1"
SnsTopicName = "topic"
KmsKeyId = "alias/trail"
EventBridge = {}
EventSelectors = [
  { ReadWriteType = "WriteOnly", ExcludeManagementEventSources = ["kms.amazonaws.com"] },
  { IncludeManagementEvents = false, DataResources = [{ Type = "AWS::S3::Object", Values = ["arn:aws:s3:::x/"] }] },
]
InsightSelectors = [{ InsightType = "ApiCallRateInsight" }]
TagsList = [{ Key = "team", Value = "y" }, { Key = "alone" }]

[[trailList]]
Name = "members"
S3BucketName = "company-logs"
HomeRegion = "eu-west-1"
TrailARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/members"
IsOrganizationTrail = true
OrganizationId = "o-exampleorgid"
KmsKeyId = "arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012"
CloudWatchLogsLogGroupArn = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:*"
CloudWatchLogsRoleArn = "arn:aws:iam::111122223333:role/logs"
[[trailList.AdvancedEventSelectors]]
FieldSelectors = [
  { Field = "eventCategory", Equals = ["Data"] },
  { Field = "resources.type", Equals = ["AWS::S3::Object"] },
  { Field = "resources.ARN", StartsWith = ["arn:aws:s3:::x/"], EndsWith = [".csv"], NotEndsWith = ["a.csv", "b.csv"] },
]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "trails.toml"
    path.write_text(FILE)
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["trails", *map(str, arguments)], catch_exceptions=False)


def test_check_of_a_sound_file(file):
    done = run("check", file)
    assert (done.exit_code, done.stdout) == (0, f"{file}: 3 trails, no faults\n")


def test_check_tells_every_fault_on_a_line_of_its_own(file):
    file.write_text(FILE.replace('"a b"', "7").replace('"writes"', '"w"'))
    done = run("check", file)
    lines = done.stdout.splitlines()
    assert (done.exit_code, len(lines)) == (1, 2)
    assert lines[0].startswith(f"{file}:12: InvalidTrailNameException: Trail name too short.")
    assert lines[1].startswith(f"{file}:14: ParamValidationError: expected text for S3KeyPrefix; found 7 (a number);")


def test_check_notes_what_is_remarkable(file):
    file.write_text(FILE + '\n[buckets.other]\nlocation = "./x"\n')
    done = run("check", file)
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 2)
    assert "no trail uses the bucket 'other'" in done.stdout


def test_a_stopped_trail_is_told(file):
    file.write_text(FILE.replace('Name = "all"', 'Name = "all"\nIsLogging = false'))
    done = run("check", file)
    assert (done.exit_code, "8: trail all is stopped" in done.stdout) == (0, True)
    assert run("show", file).stdout.startswith("all\n  stopped    takes no records until IsLogging is true\n  keeps  ")
    told = json.loads(run("show", file, "--format", "json").stdout)["trailList"]
    assert [trail.get("IsLogging") for trail in told] == [False, None, None]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["check", "{tmp}/none.toml"], "FileNotFoundError"),
        (["check", "{tmp}"], "IsADirectoryError"),
        (["check"], "Missing argument"),
        (["show"], "neither FILE nor $BOTOTRAIL_TRAILS"),
        (["show", "{tmp}/none.toml"], "name a TOML or JSON file with trails"),
        (["policy", "{tmp}/trails.toml", "--trail", "x"], "choose among all, writes, members"),
        (["policy", "{tmp}/trails.toml", "--account", "1"], "12 digits"),
        (["policy", "{tmp}/trails.toml", "--account", "１" * 12], "12 digits"),  # noqa: RUF001 wide digits
        (["policy", "{tmp}/trails.toml", "--kind", "bucket"], "name it with --account"),
        (["policy", "{tmp}/trails.toml", "--kind", "user"], "user"),
    ],
)
def test_wrong_use_is_told(arguments, words, file, monkeypatch):
    monkeypatch.delenv("BOTOTRAIL_TRAILS", raising=False)
    done = run(*(argument.format(tmp=file.parent) for argument in arguments))
    assert (done.exit_code, words in done.stderr) == (2, True), done.stderr


TRIED = [
    # what trying answers, exit code
    ([("topic x", None)], 0),
    ([("topic x", None), ("log group y", "AccessDenied: no")], 1),
]


@pytest.mark.parametrize(("answers", "code"), TRIED)
def test_check_tries_on_request(answers, code, file, monkeypatch):
    probe = types.SimpleNamespace(try_trail=lambda trail: iter(answers if trail.Name == "writes" else []))
    monkeypatch.setitem(sys.modules, "bototrail.deliver.probe", probe)
    done = run("check", file, "--try")
    told = [f"writes: {place}: {'works' if error is None else error}" for place, error in answers]
    assert (done.exit_code, done.stdout.splitlines()[: len(told)]) == (code, told)
    assert ("no faults" in done.stdout) == (code == 0)


SHOWN = """\
all
  keeps      management events
  of         all regions
  bucket     {base}/audit

writes
  keeps      write-only management events but those of kms.amazonaws.com
             data events of AWS::S3::Object: arn:aws:s3:::x/
             ApiCallRateInsight of management events
  of         eu-west-1
  bucket     s3://logs/a b
             ACL bucket-owner-full-control
             KmsKeyId alias/trail
             Tagging team=x
             role_arn arn:aws:iam::444455556666:role/put
  topic      topic
  event bus  default
  tag        team y
             alone

members
  keeps      data events where resources.type is AWS::S3::Object, resources.ARN begins with arn:aws:s3:::x/ or \
ends with .csv and does not end with a.csv nor b.csv
  of         eu-west-1, all accounts of o-exampleorgid
  bucket     s3://company-logs
             ACL bucket-owner-full-control
             KmsKeyId arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012
  logs       arn:aws:logs:eu-west-1:111122223333:log-group:trail:*
"""


def test_show_tells_what_is_kept_and_where_it_goes(file, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_TRAILS", str(file))
    assert run("show").stdout == SHOWN.format(base=file.parent)


def test_what_show_prints_as_json_is_a_trails_file(file, tmp_path):
    (tmp_path / "again.json").write_text(run("show", file, "--format", "json").stdout)
    before, after = load_trails(file).trails, load_trails(tmp_path / "again.json").trails
    apart = {"AdvancedEventSelectors"}  # those by default are shown
    for one, other in zip(before, after, strict=True):
        assert {k: v for k, v in one.__dict__.items() if k not in apart} == {
            k: v for k, v in other.__dict__.items() if k not in apart
        }
    again = json.loads((tmp_path / "again.json").read_text())
    assert json.loads(run("show", tmp_path / "again.json", "--format", "json").stdout) == again
    told = again["trailList"]
    assert [trail["HasCustomEventSelectors"] for trail in told] == [False, True, True]
    assert [trail.get("TrailARN") for trail in told] == [None, None, before[2].TrailARN]


def allow(sid, actions, resources, **condition):
    said = {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
    return said | ({"Condition": condition["condition"]} if condition else {})


IAM_WRITES = [
    allow("AssumeRoles", ["sts:AssumeRole"], ["arn:aws:iam::444455556666:role/put"]),
    allow(
        "EncryptLogFiles", ["kms:GenerateDataKey"], ["arn:aws:kms:*:111122223333:key/*"],
        condition={"ForAnyValue:StringEquals": {"kms:ResourceAliases": ["alias/trail"]}},
    ),
    *(
        allow(sid, [action], ["arn:aws:s3:::logs/a b/AWSLogs/", "arn:aws:s3:::logs/a b/AWSLogs/111122223333/*"])
        for sid, action in [("GiveToBucketOwner", "s3:PutObjectAcl")]
    ),
    allow("Notify", ["sns:Publish"], ["arn:aws:sns:eu-west-1:111122223333:topic"]),
    allow("PutEvents", ["events:PutEvents"], ["arn:aws:events:eu-west-1:111122223333:event-bus/default"]),
    *(
        allow(sid, [action], ["arn:aws:s3:::logs/a b/AWSLogs/", "arn:aws:s3:::logs/a b/AWSLogs/111122223333/*"])
        for sid, action in [("PutLogFiles", "s3:PutObject"), ("TagLogFiles", "s3:PutObjectTagging")]
    ),
]  # fmt: skip


def policy(*arguments):
    done = run("policy", *arguments)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_the_policy_of_who_delivers_allows_no_more_than_delivery_needs(file):
    made = policy(file, "--trail", "writes", "--account", "111122223333", "--kind", "iam")
    assert made == {"Version": "2012-10-17", "Statement": IAM_WRITES}


def test_log_streams_and_logs_of_an_organization_carry_its_id(file):
    made = policy(file, "--trail", "members", "--kind", "iam")
    by_sid = {one["Sid"]: one["Resource"] for one in made["Statement"]}
    stream = "arn:aws:logs:eu-west-1:111122223333:log-group:trail:log-stream:"
    assert by_sid["WriteLogEvents"] == [f"{stream}o-exampleorgid_111122223333_CloudTrail_eu-west-1*"]
    logs = "arn:aws:s3:::company-logs/AWSLogs/"
    assert by_sid["PutLogFiles"] == [f"{logs}o-exampleorgid/", f"{logs}o-exampleorgid/111122223333/*"]
    assert by_sid["EncryptLogFiles"] == [load_trails(file).trails[2].KmsKeyId]


@pytest.mark.parametrize(
    ("role", "principal"),
    [
        ("", "arn:aws:iam::{account}:root"),
        (', role_arn = "arn:aws:iam::444455556666:role/put"', "arn:aws:iam::444455556666:role/put"),
    ],
)
def test_each_account_writes_below_its_own_number_only(role, principal, file):
    file.write_text(FILE.replace(', role_arn = "arn:aws:iam::444455556666:role/put"', role))
    made = policy(
        file, "--trail", "writes", "--account", "111122223333", "--account", "444455556666", "--kind", "bucket"
    )
    expected = []
    for account in ("111122223333", "444455556666"):
        logs = ["arn:aws:s3:::logs/a b/AWSLogs/", f"arn:aws:s3:::logs/a b/AWSLogs/{account}/*"]
        who = {"Principal": {"AWS": principal.format(account=account)}}
        acl = {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}}
        expected.append(allow(f"Tag{account}", ["s3:PutObjectTagging"], logs) | who)
        expected.append(allow(f"Write{account}", ["s3:PutObject", "s3:PutObjectAcl"], logs, condition=acl) | who)
    assert made["Statement"] == expected


def test_a_bucket_of_an_organization_is_open_to_its_accounts(file):
    (statement,) = policy(file, "--trail", "members", "--kind", "bucket")["Statement"]
    assert statement["Resource"][1].endswith("AWSLogs/o-exampleorgid/${aws:PrincipalAccount}/*")
    assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "o-exampleorgid"


def test_a_key_encrypts_for_its_trail_only(file):
    encrypt, read = policy(file, "--trail", "members", "--kind", "key")["Statement"]
    context = "kms:EncryptionContext:aws:cloudtrail:arn"
    trail = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/members"
    member = {"aws:PrincipalOrgID": "o-exampleorgid"}
    assert (encrypt["Action"], encrypt["Principal"]) == (["kms:GenerateDataKey"], "*")
    assert encrypt["Condition"] == {"StringEquals": {**member, context: trail}}
    assert read["Action"] == ["kms:Decrypt"]
    assert read["Condition"] == {"StringEquals": member, "Null": {context: "false"}}


def test_all_policies_of_a_file_stand_together(file):
    made = policy(file, "--account", "111122223333")
    assert {kind: sorted(made[kind]) for kind in ("bucket", "key", "topic")} == {
        "bucket": ["company-logs", "logs"],
        "key": ["alias/trail", load_trails(file).trails[2].KmsKeyId],
        "topic": ["arn:aws:sns:eu-west-1:111122223333:topic"],
    }
    everything = [made["iam"], *made["bucket"].values(), *made["key"].values(), *made["topic"].values()]
    for document in everything:
        sids = [one["Sid"] for one in document["Statement"]]
        assert (len(sids), all(sid.isalnum() for sid in sids)) == (len(set(sids)), True)


def test_a_trail_whose_account_is_known_needs_no_more_than_what_is_below_its_number(file):
    arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/writes"
    file.write_text(FILE.replace('S3KeyPrefix = "a b"', f'TrailARN = "{arn}"'))
    by_sid = {one["Sid"]: one["Resource"] for one in policy(file, "--trail", "writes", "--kind", "iam")["Statement"]}
    assert by_sid["PutLogFiles"] == ["arn:aws:s3:::logs/AWSLogs/111122223333/*"]


def test_a_trail_of_another_account_is_tried_below_that_ones_number(file):
    arn = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/writes"
    file.write_text(FILE.replace('S3KeyPrefix = "a b"', f'TrailARN = "{arn}"'))
    made = policy(file, "--trail", "writes", "--account", "777788889999", "--kind", "iam")
    by_sid = {one["Sid"]: one["Resource"] for one in made["Statement"]}
    logs = "arn:aws:s3:::logs/AWSLogs/"
    assert by_sid["PutLogFiles"] == [f"{logs}111122223333/CloudTrail/", f"{logs}777788889999/*"]
    assert by_sid["Notify"] == ["arn:aws:sns:eu-west-1:111122223333:topic"]


def test_a_prefix_is_no_pattern(file):
    file.write_text(FILE.replace("a b", "a*b?c${d}"))
    for kind in ("iam", "bucket"):
        made = policy(file, "--trail", "writes", "--account", "111122223333", "--kind", kind)
        (put,) = [one["Resource"] for one in made["Statement"] if "s3:PutObject" in one["Action"]]
        assert put[1] == "arn:aws:s3:::logs/a${*}b${?}c${$}{d}/AWSLogs/111122223333/*"


def test_a_key_and_a_topic_of_an_organization_are_open_to_its_accounts(file):
    topic = "arn:aws:sns:eu-west-1:111122223333:new"
    file.write_text(FILE.replace('OrganizationId = "o', f'SnsTopicName = "{topic}"\nOrganizationId = "o'))
    for kind in ("bucket", "key", "topic"):
        for statement in policy(file, "--trail", "members", "--kind", kind)["Statement"]:
            assert statement["Principal"] == "*"
            assert statement["Condition"]["StringEquals"]["aws:PrincipalOrgID"] == "o-exampleorgid"


def test_a_topic_of_each_account_is_open_to_its_own_alone(file):
    accounts = ("111122223333", "444455556666")
    flags = [word for account in accounts for word in ("--account", account)]
    made = policy(file, "--trail", "writes", *flags, "--kind", "topic")
    assert {topic: [s["Sid"] for s in one["Statement"]] for topic, one in made.items()} == {
        f"arn:aws:sns:eu-west-1:{account}:topic": [f"Notify{account}"] for account in accounts
    }


def test_a_key_allows_the_trial_of_a_trail_whose_account_is_not_known(file):
    made = policy(file, "--trail", "writes", "--account", "111122223333", "--kind", "key")["Statement"]
    (arns,) = made[0]["Condition"]["StringEquals"].values()
    assert arns == [f"arn:aws:cloudtrail:eu-west-1:{account}:trail/writes" for account in ("*", "111122223333")]


def test_iam_takes_the_policy(file):
    boto3, moto = pytest.importorskip("boto3"), pytest.importorskip("moto")
    keys = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing", "region_name": "us-east-1"}
    document = json.dumps(policy(file, "--kind", "iam"))
    with moto.mock_aws():  # which refuses what is no policy
        made = boto3.client("iam", **keys).create_policy(PolicyName="deliver", PolicyDocument=document)
    assert made["Policy"]["PolicyName"] == "deliver"


def test_folders_need_no_policy(file):
    assert policy(file, "--trail", "all", "--kind", "iam")["Statement"] == []


@pytest.mark.parametrize("command", ["", "check", "show", "policy"])
def test_help(command):
    done = run(*filter(None, [command]), "--help")
    assert (done.exit_code, "Usage:" in done.stdout) == (0, True)


def test_run_asks_whether_the_trails_select_anything(tmp_path, file):
    command = ["run", "--trails", str(file), "--state", str(tmp_path / "state"), "--", sys.executable, "-c", ""]
    file.write_text(FILE.partition('[[trailList]]\nName = "writes"')[0])
    done = CliRunner().invoke(main, command)
    assert "do the trails select them, and is bototrail installed" in done.stderr
