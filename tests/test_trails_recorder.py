"""Recording by a trails file: what each trail gets, what is not looked at, and a file that changes meanwhile."""

from __future__ import annotations

import copy
import os
import threading
import time
from pathlib import Path
from typing import Any

import orjson
import pytest
from border import delivered
from moto import mock_aws

import bototrail
from bototrail import recorder
from bototrail.cli.status import gather
from bototrail.deliver.buckets import FolderBucket
from bototrail.deliver.to_logs import ToLogs
from bototrail.errors import ConfigError, DeliveryError
from bototrail.settings import load
from bototrail.spool import Folder, folders
from bototrail.trails.watch import WatchedFile, trails_of


@pytest.fixture(autouse=True)
def aws():
    with mock_aws():
        yield


def fields(**values: str) -> dict[str, Any]:
    rows = [{"Field": name.replace("_", "."), "Equals": [value]} for name, value in values.items()]
    return {"FieldSelectors": rows}


MANAGEMENT = fields(eventCategory="Management")
WRITES = fields(eventCategory="Management", readOnly="false")


def objects(prefix: str) -> dict[str, Any]:
    data = fields(eventCategory="Data", resources_type="AWS::S3::Object")["FieldSelectors"]
    return {"FieldSelectors": [*data, {"Field": "resources.ARN", "StartsWith": [prefix]}]}


def callers(end: str) -> dict[str, Any]:
    data = fields(eventCategory="Data", resources_type="AWS::S3::Object")["FieldSelectors"]
    return {"FieldSelectors": [*data, {"Field": "userIdentity.arn", "EndsWith": [end]}]}


def write(path: Path, **trails: list[dict[str, Any]]) -> Path:
    rows = [
        {"Name": name, "S3BucketName": name, "IsMultiRegionTrail": True, "AdvancedEventSelectors": selectors}
        for name, selectors in trails.items()
    ]
    path.write_bytes(orjson.dumps({"buckets": {name: f"./{name}" for name in trails}, "trailList": rows}))
    return path


@pytest.fixture
def file(tmp_path):
    return tmp_path / "trails.json"


def names(folder: Path) -> list[str]:
    return sorted(r["eventName"] for r in delivered(folder))


def program(client) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="2026/a", Body=b"")
    s3.put_object(Bucket="photos", Key="2025/b", Body=b"")
    client("iam").list_users()


def test_each_trail_gets_what_it_selects_and_nothing_else(tmp_path, file, client):
    write(file, everyone=[MANAGEMENT], writes=[WRITES], photos=[objects("arn:aws:s3:::photos/2026/")])
    bototrail.start(trails=file)
    program(client)
    flushed = bototrail.flush()
    assert names(tmp_path / "everyone") == ["CreateBucket", "ListUsers"]
    assert names(tmp_path / "writes") == ["CreateBucket"]
    assert [r["requestParameters"]["key"] for r in delivered(tmp_path / "photos")] == ["2026/a"]
    assert flushed.records == 4
    assert bototrail.status()["recorded"] == 3  # what two trails want is on disk once


def test_what_no_trail_wants_is_not_looked_at_again(file, client):
    bototrail.start(trails=write(file, photos=[objects("arn:aws:s3:::photos/2026/")]))
    iam = client("iam")
    iam.list_users()
    hooks = recorder._recorder.capture._wraps.hooks
    assert hooks.unwanted == {("iam", "ListUsers")}
    hooks._finished = lambda *_: pytest.fail("looked at it")
    iam.list_users()


def test_how_a_call_is_made_does_not_matter_beside_unwanted_ones(tmp_path, file, client):
    """Wrappers of `_make_api_call`, which many have, may name its arguments."""
    bototrail.start(trails=write(file, writes=[WRITES]))
    iam = client("iam")
    iam.list_users()
    iam._make_api_call(operation_name="ListUsers", api_params={})
    iam._make_api_call(operation_name="CreateUser", api_params={"UserName": "alice"})
    bototrail.flush()
    assert (names(tmp_path / "writes"), bototrail.status()["errors"]) == (["CreateUser"], {})


def test_calls_that_tell_who_a_caller_is_are_always_looked_at(tmp_path, file, client):
    bototrail.start(trails=write(file, photos=[callers("assumed-role/painter/tuesday")]))
    sts = client("sts")
    sts.get_caller_identity()
    taken = sts.assume_role(RoleArn="arn:aws:iam::123456789012:role/painter", RoleSessionName="tuesday")["Credentials"]
    keys = [taken[n] for n in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    names_of_keys = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    painter = client("s3", **dict(zip(names_of_keys, keys, strict=True)))
    painter.create_bucket(Bucket="photos")
    painter.put_object(Bucket="photos", Key="a", Body=b"")
    client("s3").put_object(Bucket="photos", Key="b", Body=b"")
    bototrail.flush()
    assert [r["requestParameters"]["key"] for r in delivered(tmp_path / "photos")] == ["a"]


def test_a_caller_who_is_learned_of_later_is_asked_for_at_delivery(tmp_path, file, client):
    bototrail.start(
        trails=write(file, mine=[callers(":user/moto")], others=[callers(":user/nobody")]), flush_seconds=3600
    )
    s3 = client("s3")
    s3.create_bucket(Bucket="photos")
    s3.put_object(Bucket="photos", Key="a", Body=b"")
    client("sts").get_caller_identity()
    bototrail.flush()
    assert names(tmp_path / "mine") == ["PutObject"]
    assert not (tmp_path / "others" / "AWSLogs").exists()


def test_recordings_in_memory_hear_of_everything(file, client):
    bototrail.start(trails=write(file, photos=[objects("arn:aws:s3:::photos/")]))
    client("iam").list_users()
    with bototrail.recording() as trail:
        client("iam").list_users()
    assert [r["eventName"] for r in trail.records] == ["ListUsers"]
    client("iam").list_users()
    assert bototrail.flush().records == 0


def test_a_changed_file_is_used_from_the_next_flush_on(tmp_path, file, client):
    bototrail.start(trails=write(file, one=[MANAGEMENT]), flush_seconds=3600)
    iam = client("iam")
    iam.list_users()
    write(file, two=[MANAGEMENT])
    bototrail.flush()
    iam.list_roles()
    bototrail.flush()
    assert (names(tmp_path / "one"), names(tmp_path / "two")) == (["ListUsers"], ["ListRoles"])
    assert [t["Name"] for t in bototrail.status()["trails"]] == ["two"]


def test_what_was_unwanted_may_be_wanted_by_a_changed_file(tmp_path, file, client):
    bototrail.start(trails=write(file, one=[objects("arn:aws:s3:::photos/")]), flush_seconds=3600)
    iam = client("iam")
    iam.list_users()
    write(file, one=[MANAGEMENT])
    bototrail.flush()
    iam.list_users()
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListUsers"]


@pytest.mark.parametrize("broken", [b"{", b'{"trailList": [{"Name": "x"}]}', None])
def test_a_broken_file_keeps_the_old_one_and_is_told(broken, tmp_path, file, client, caplog):
    bototrail.start(trails=write(file, one=[MANAGEMENT]), flush_seconds=3600)
    file.unlink()
    if broken is not None:
        file.write_bytes(broken)
    for _ in range(2):
        client("iam").list_users()
        assert bototrail.flush().complete
    assert names(tmp_path / "one") == ["ListUsers", "ListUsers"]
    assert caplog.text.count("goes on with the trails it has") == 1
    assert bototrail.status()["errors"] == {"trails": 1}
    write(file, one=[MANAGEMENT], two=[MANAGEMENT])
    bototrail.flush()
    client("iam").list_users()
    bototrail.flush()
    assert names(tmp_path / "two") == ["ListUsers"]


def test_a_change_that_could_not_be_written_down_is_taken_in_later(tmp_path, file, client, monkeypatch, caplog):
    bototrail.start(trails=write(file, one=[MANAGEMENT]), flush_seconds=3600)
    client("iam").list_users()
    write(file, two=[MANAGEMENT])
    with monkeypatch.context() as patch:
        patch.setattr(Folder, "write_trails", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        for _ in range(3):
            bototrail.flush()
    assert caplog.text.count("goes on with the trails it has") == 1
    bototrail.flush()
    client("iam").list_roles()
    bototrail.flush()
    assert (names(tmp_path / "one"), names(tmp_path / "two")) == (["ListUsers"], ["ListRoles"])


def test_a_copy_made_while_the_file_is_read_reads_it_too(file, monkeypatch):
    """As a process has that is forked meanwhile."""
    source, copies = WatchedFile(write(file, one=[MANAGEMENT])), []
    write(file, one=[MANAGEMENT], two=[MANAGEMENT])
    with monkeypatch.context() as patch:
        patch.setattr(WatchedFile, "_read", lambda self: copies.append(copy.copy(self)))
        source.changed()
    assert [t.Name for t in copies[0].changed() or ()] == ["one", "two"]


def test_a_trail_that_is_not_used_any_more_does_not_log(tmp_path, file, client):
    bototrail.start(trails=write(file, kept=[MANAGEMENT], gone=[MANAGEMENT]), flush_seconds=3600)
    client("iam").list_users()
    bototrail.flush()
    before = {row["Name"]: row for row in gather(tmp_path / "state")["trails"]}
    write(file, kept=[MANAGEMENT])
    bototrail.flush()
    client("iam").list_users()
    found = {row["Name"]: row for row in gather(tmp_path / "state")["trails"]}
    assert {name: row["IsLogging"] for name, row in found.items()} == {"kept": True, "gone": False}
    assert "StopLoggingTime" in found["gone"]
    assert "StopLoggingTime" not in found["kept"]
    assert found["kept"]["StartLoggingTime"] == before["kept"]["StartLoggingTime"]


def test_each_fault_of_a_changing_file_is_told(file, client, caplog):
    bototrail.start(trails=write(file, one=[MANAGEMENT]), flush_seconds=3600)
    for text in ("{", "[]"):
        file.write_text(text)
        bototrail.flush()
    assert caplog.text.count("goes on with the trails it has") == 2


def test_a_file_with_faults_raises_at_the_start(file):
    file.write_text('{"trailList": [{"Name": "x", "S3BucketName": "bucket"}]}')
    with pytest.raises(ConfigError, match=r"trails\.json:1: InvalidTrailNameException"):
        bototrail.start(trails=file)
    assert not bototrail.status()["recording"]


def test_a_pipe_is_no_trails_file_and_holds_up_nothing(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ConfigError, match="pipe, which is no file"):
        bototrail.start(trails=tmp_path / "pipe")


def test_a_bucket_and_a_trails_file_do_not_go_together(tmp_path, file):
    with pytest.raises(ConfigError, match="a bucket or a trails file; found both"):
        bototrail.start(tmp_path / "audit", trails=file)


@pytest.mark.parametrize(
    ("bucket", "trails", "environ", "expected"),
    [
        (None, None, {"BOTOTRAIL": "./a", "BOTOTRAIL_TRAILS": "t.toml"}, "trails"),
        ("./b", None, {"BOTOTRAIL": "./a", "BOTOTRAIL_TRAILS": "t.toml"}, "bucket"),
        (None, "t.toml", {"BOTOTRAIL": "./a"}, "trails"),
        (None, None, {"BOTOTRAIL": "./a"}, "bucket"),
    ],
)
def test_what_code_says_wins_over_the_environment(bucket, trails, environ, expected, monkeypatch):
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    settings = load(bucket, trails=trails)
    assert (bool(settings.trails), bool(settings.bucket)) == (expected == "trails", expected == "bucket")


def test_the_environment_names_a_trails_file(tmp_path, file, client, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_TRAILS", str(write(file, one=[MANAGEMENT])))
    recorder.start_from_environment()
    client("iam").list_users()
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListUsers"]


def test_a_wrong_file_of_the_environment_is_said_and_the_program_runs(file, client, monkeypatch, capsys):
    monkeypatch.setenv("BOTOTRAIL_TRAILS", str(file))
    recorder.start_from_environment()
    client("iam").list_users()
    assert capsys.readouterr().err.count("bototrail: not recording:") == 1


def test_off_wins_over_a_trails_file(file, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", "off")
    monkeypatch.setenv("BOTOTRAIL_TRAILS", str(file))
    recorder.start_from_environment()
    assert not bototrail.status()["recording"]


def test_the_status_says_when_a_trail_began_and_ended(tmp_path, file, client):
    bototrail.start(trails=write(file, one=[MANAGEMENT]))
    client("iam").list_users()
    bototrail.flush()
    (row,) = bototrail.status()["trails"]
    assert row["IsLogging"]
    assert row["StartLoggingTime"] <= row["LatestDeliveryTime"]
    assert "StopLoggingTime" not in row
    bototrail.stop()
    (saved,) = orjson.loads((tmp_path / "state" / "trails.json").read_bytes()).values()
    assert saved["StopLoggingTime"] == saved["TimeLoggingStopped"] >= row["StartLoggingTime"]


def test_what_the_disk_refused_is_not_held_up_by_a_log_group_that_is_down(tmp_path, file, client, monkeypatch):
    down = [True]

    def put(_self, _stream, _batch):
        if down[0]:
            raise DeliveryError("logs are down")
        taken.extend(orjson.loads(record)["eventName"] for record in _batch)
        return 0

    taken: list[str] = []
    monkeypatch.setattr(ToLogs, "_put", put)
    logs = {"CloudWatchLogsLogGroupArn": "arn:aws:logs:us-east-1:111122223333:log-group:g:*"}
    logs["CloudWatchLogsRoleArn"] = "arn:aws:iam::111122223333:role/r"
    saved = orjson.loads(write(file, one=[MANAGEMENT]).read_bytes())
    saved["trailList"][0].update(logs)
    file.write_bytes(orjson.dumps(saved))
    (tmp_path / "blocked").write_text("")
    bototrail.start(trails=file, state=tmp_path / "blocked", check_bucket=False, flush_seconds=3600)
    iam = client("iam")
    for _ in range(3):
        iam.list_users()
        assert not bototrail.flush().complete
    assert (names(tmp_path / "one"), bototrail.status()["in_memory"]) == (["ListUsers"] * 3, 3)
    down[0] = False
    assert bototrail.flush().complete
    assert (names(tmp_path / "one"), taken) == (["ListUsers"] * 3, ["ListUsers"] * 3)


def test_a_stop_that_takes_too_long_leaves_the_records_to_the_thread_that_delivers_them(tmp_path, client, monkeypatch):
    """Who starts anew meanwhile must not send what that one is about to send."""
    hanging, go_on, puts, real = threading.Event(), threading.Event(), [], FolderBucket.put

    def put(self, key, body, arn=""):
        puts.append(key)
        hanging.set()
        go_on.wait(10)
        return real(self, key, body)

    monkeypatch.setattr(FolderBucket, "put", put)
    for _ in range(2):
        bototrail.start(tmp_path / "audit", identity="offline")
        if not puts:
            client("iam").list_users()
            client("iam", "cn-north-1").list_users()  # in a file of its own
            assert not bototrail.stop(timeout=0.1).complete
            assert hanging.wait(10)
    bototrail.flush()
    go_on.set()
    bototrail.stop()
    until = time.monotonic() + 10
    while folders(tmp_path / "state") and time.monotonic() < until:
        time.sleep(0.01)
    assert (names(tmp_path / "audit"), len(puts)) == (["ListUsers"] * 2, 2)
    assert folders(tmp_path / "state") == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_takes_in_changes_by_itself(tmp_path, file, client):
    bototrail.start(trails=write(file, one=[MANAGEMENT]), flush_seconds=3600)
    iam = client("iam")
    iam.list_users()
    pid = os.fork()
    if not pid:
        write(file, two=[MANAGEMENT])
        bototrail.flush()
        iam.list_roles()
        os._exit(0 if bototrail.flush().records == 1 else 1)
    assert os.waitpid(pid, 0)[1] == 0
    assert names(tmp_path / "two") == ["ListRoles"]


def test_a_source_without_a_file_never_changes(tmp_path):
    source = trails_of(load(tmp_path / "audit"))
    assert source.changed() is None
    assert [t.Name for t in source.trails] == ["default"]
