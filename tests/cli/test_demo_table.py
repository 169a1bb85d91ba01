"""`bototrail demo`: the table it prints, what it counts, and what it says when it cannot run."""

import ast
import gzip
import importlib
import json
import re
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from bototrail.errors import ConfigError, MissingExtraError

demo = importlib.import_module("bototrail.cli.demo")  # the package has a command of the same name
ACCOUNT = "123456789012"
PROGRAM = Path(demo.__file__).with_name("_demo_program.py")


def record(name="GetObject", source="s3.amazonaws.com", at="12:00:00", error=None, **more):
    found = {
        "eventTime": f"2026-03-01T{at}Z",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-central-1",
        "requestParameters": {"bucketName": "photos", "Host": "photos.s3.amazonaws.com", "key": "lisbon/01.jpg"},
        "userIdentity": {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/alice", "accountId": ACCOUNT},
        "recipientAccountId": ACCOUNT,
        **more,
    }
    return {**found, "errorCode": error} if error else found


def log_file(bucket, *records, name="a", region="eu-central-1"):
    folder = bucket / "AWSLogs" / ACCOUNT / "CloudTrail" / region / "2026" / "03" / "01"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{ACCOUNT}_CloudTrail_{region}_20260301T1205Z_{name * 16}.json.gz"
    path.write_bytes(gzip.compress(json.dumps({"Records": list(records)}).encode()))
    return path


# --- the table


def test_the_table_says_once_what_all_calls_have_in_common():
    role = record("GetRole", "iam.amazonaws.com", error="NoSuchEntityException", requestParameters={"roleName": "work"})
    assert list(demo.table([record(), role], width=90)) == [
        "account 123456789012, times in UTC",
        "time      region        service  event      about                                    error",
        "12:00:00  eu-central-1  s3       GetObject  photos/lisbon/01.jpg",
        "12:00:00  eu-central-1  iam      GetRole    work                     NoSuchEntityException",
    ]


def test_several_accounts_get_a_column():
    lines = list(demo.table([record(), record(recipientAccountId="111122223333")]))
    assert lines[0].split() == ["time", "account", "region", "service", "event", "about", "error"]
    assert [line.split()[1] for line in lines[1:]] == [ACCOUNT, "111122223333"]


LONG = "x" * 300


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param(record(error="ConditionalCheckFailedException", requestParameters={"tableName": LONG}), id="long"),
        pytest.param(record(name=LONG, error=LONG), id="long names"),
        pytest.param({}, id="empty"),
        pytest.param(dict.fromkeys(record()), id="nulls"),
        pytest.param(dict.fromkeys(record(), 5), id="numbers"),
    ],
)
@pytest.mark.parametrize("width", [80, 120])
def test_lines_are_never_wider_than_the_screen(odd, width):
    assert max(len(line) for line in demo.table([record(), odd], width=width)) <= width


def test_long_errors_are_shown_whole_and_what_it_was_about_is_cut():
    (*_, line) = demo.table([record(error="ConditionalCheckFailedException", requestParameters={"tableName": LONG})])
    assert line.endswith("x…  ConditionalCheckFailedException")
    assert len(line) == 120


def test_values_of_the_program_cannot_steer_the_terminal():
    lines = demo.table([record(requestParameters={"name": "\x1b[2Jgone\n\r\x07"})])
    assert list(lines)[-1].endswith("?[2Jgone???")


def test_colours_change_nothing_but_colour():
    records = [record(), record(error="NoSuchKey")]
    plain, coloured = list(demo.table(records)), list(demo.table(records, colour=True))
    assert [re.sub(r"\x1b\[\d+m", "", line) for line in coloured] == plain
    assert "\x1b[31mNoSuchKey\x1b[0m" in coloured[-1]


ARGUMENTS = [
    ({"bucketName": "b", "key": "a/b"}, None, "b/a/b"),
    ({"Host": "b.s3.amazonaws.com", "bucketName": "b"}, None, "b"),
    ({"roleArn": "arn:aws:iam::1:role/service/r", "roleSessionName": "s"}, None, "role/service/r"),
    ({"queueUrl": "http://127.0.0.1:5000/123456789012/photos"}, None, "photos"),
    ({"description": "d", "functionName": "f"}, None, "f"),
    ({"encryptionAlgorithm": "X"}, [{"ARN": "arn:aws:kms:eu-central-1:1:key/77"}], "key/77"),
    ({"instanceType": "t3.micro", "dryRun": True}, None, "t3.micro"),
    ({"tableName": 5, "text": LONG}, [{}, None, 3], ""),
    (None, None, ""),
    ("HIDDEN", "odd", ""),
]


@pytest.mark.parametrize(("parameters", "resources", "expected"), ARGUMENTS)
def test_what_a_call_was_about(parameters, resources, expected):
    assert demo.argument({"requestParameters": parameters, "resources": resources}) == expected


# --- reading


def test_records_of_all_files_come_in_the_order_of_time(tmp_path):
    late = log_file(tmp_path, record(at="12:00:03"), record(at="12:00:01"), name="a")
    early = log_file(tmp_path, record(at="12:00:02"), name="b", region="us-east-1")
    records, troubles = demo.read_records([late, early])
    assert [found["eventTime"][-3:-1] for found in records] == ["01", "02", "03"]
    assert troubles == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no gzip",
        gzip.compress(b"no json", mtime=0),
        gzip.compress(b'{"Records":[]}', mtime=0)[:-9],
        gzip.compress(b"\xff", mtime=0),
    ],
)
def test_a_broken_file_is_named_and_the_others_are_read(tmp_path, content):
    good, bad = log_file(tmp_path, record(), name="a"), log_file(tmp_path, name="b")
    bad.write_bytes(content)
    records, troubles = demo.read_records([good, bad])
    assert len(records) == 1
    assert [trouble.startswith(f"{bad} cannot be read: ") for trouble in troubles] == [True]


@pytest.mark.parametrize("content", [b"[]", b"{}", b'{"Records":null}', b'{"Records":[1,null]}'])
def test_a_file_of_something_else_has_no_records(tmp_path, content):
    path = log_file(tmp_path)
    path.write_bytes(gzip.compress(content))
    assert demo.read_records([path]) == ([], [])


def test_the_summary_counts(tmp_path):
    small = log_file(tmp_path, name="a")
    large = log_file(tmp_path, *[record(requestParameters={"name": str(n)}) for n in range(99)], name="b")
    role = f"arn:aws:sts::{ACCOUNT}:assumed-role/worker/nightly"
    records = [
        record(),
        record("ListQueues", "sqs.amazonaws.com", error="AccessDenied"),
        record(userIdentity={"type": "AssumedRole", "arn": role}),
        record(userIdentity=None),
    ]
    lines = list(demo.summary(records, tmp_path, [small, large]))
    assert lines[:4] == [
        "4 calls to 2 services, 1 of them failed.",
        "Made by Unknown, assumed-role/worker/nightly, user/alice.",
        f"They are in {tmp_path / 'AWSLogs'}, as CloudTrail delivers them, in 2 log files; the largest is",
        f"  {large}",
    ]
    assert any("bototrail status" in line for line in lines)
    assert any(f"BOTOTRAIL={tmp_path} python" in line for line in lines)


# --- running


@pytest.fixture
def pretended(monkeypatch):
    """Instead of moto and the program: what the program is to do with its environment."""

    @contextmanager
    def aws():
        yield {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    def program(does):
        monkeypatch.setattr(demo, "_run_program", does)

    monkeypatch.setattr(demo, "pretended_aws", aws)
    return program


def run(directory):
    lines = []
    return demo.run_demo(directory, lines.append), lines


def test_only_new_files_are_shown(tmp_path, pretended):
    log_file(tmp_path, record("OldCall"), name="a")

    def program(environment):
        log_file(Path(environment["BOTOTRAIL"]), record("NewCall"), name="b")
        return 0, "said"

    pretended(program)
    code, lines = run(tmp_path)
    text = "\n".join(lines)
    assert (code, "NewCall" in text, "OldCall" in text, "said" in text) == (0, True, False, False)
    assert lines[0] == f"$ BOTOTRAIL={tmp_path} python -m bototrail.cli._demo_program"


def test_a_program_that_fails_is_heard(tmp_path, pretended):
    pretended(lambda environment: (3, "Traceback: oh no\n"))
    assert run(tmp_path)[1][1:] == ["Traceback: oh no", "The program failed with exit code 3."]
    assert run(tmp_path)[0] == 1


def test_a_program_that_was_not_recorded_is_no_success(tmp_path, pretended):
    pretended(lambda environment: (0, ""))
    code, lines = run(tmp_path)
    assert code == 1
    assert "nothing was recorded" in lines[-1]


def test_a_missing_directory_is_made(tmp_path, pretended):
    pretended(lambda environment: (0, ""))
    run(tmp_path / "new" / "bucket")
    assert (tmp_path / "new" / "bucket").is_dir()


def test_the_program_sees_no_real_account_and_no_other_trail(tmp_path, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ROLE_ARN", "BOTOTRAIL_TRAILS", "BOTO_CONFIG", "HTTPS_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "mine")
    monkeypatch.setenv("LANG", "C.UTF-8")
    found = demo.program_environment(tmp_path, tmp_path / "state", {"AWS_ENDPOINT_URL": "http://127.0.0.1:9"})
    assert "mine" not in found.values()
    assert found["LANG"] == "C.UTF-8"
    assert found["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9"
    assert (found["BOTOTRAIL"], found["BOTOTRAIL_STATE"]) == (str(tmp_path), str(tmp_path / "state"))


def test_a_relative_directory_is_absolute_for_the_program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert demo.program_environment(Path("audit"), tmp_path, {})["BOTOTRAIL"] == str(tmp_path / "audit")


def test_a_file_is_no_directory(tmp_path):
    path = tmp_path / "file"
    path.touch()
    with pytest.raises(ConfigError, match=r"expected a directory .* found the file .* name another directory"):
        run(path)


def test_a_directory_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match="cannot be written"):
        run(tmp_path / "file" / "below")


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="only Linux has a directory that even root cannot write")
def test_a_directory_that_nobody_can_write():
    with pytest.raises(ConfigError, match="/proc, which cannot be written"):
        run(Path("/proc"))


def test_without_moto_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "moto.server", None)
    with pytest.raises(MissingExtraError, match=re.escape("pip install 'bototrail[demo]'")):
        run(tmp_path)


# --- the program


def test_the_program_knows_nothing_of_bototrail():
    tree = ast.parse(PROGRAM.read_text(encoding="utf-8"))
    imported = {
        name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert imported - set(sys.stdlib_module_names) == {"boto3", "botocore"}
