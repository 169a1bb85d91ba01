"""start, stop, flush, status, recording: the recorder of one process from end to end."""

from __future__ import annotations

import os
import sys
import threading
import time

import orjson
import pytest
from border import STS_OK, answer, delivered
from botocore.client import BaseClient
from moto import mock_aws

import bototrail
from bototrail import recorder
from bototrail.deliver.buckets import FolderBucket
from bototrail.errors import ConfigError, DeliveryError


@pytest.fixture
def sts(client):
    made = client("sts")
    answer(made, (200, STS_OK))
    return made


def test_flush_delivers_what_was_recorded_so_far(tmp_path, sts):
    bototrail.start(tmp_path / "audit", identity="offline")
    sts.get_caller_identity()
    flushed = bototrail.flush()
    assert (flushed.records, flushed.complete, flushed.errors) == (1, True, ())
    assert [r["eventName"] for r in delivered(tmp_path / "audit")] == ["GetCallerIdentity"]
    assert bototrail.flush().records == 0
    assert bototrail.status()["delivered"] == 1


def test_the_record_is_on_disk_when_the_call_returns(tmp_path, sts):
    bototrail.start(tmp_path / "audit", identity="offline", flush_seconds=3600)
    sts.get_caller_identity()
    (segment,) = (tmp_path / "state").rglob("*.open")
    assert b"GetCallerIdentity" in segment.read_bytes()


def test_no_secret_reaches_the_disk(tmp_path, client):
    bototrail.start(tmp_path / "audit", flush_seconds=3600)
    with mock_aws():
        client("secretsmanager").create_secret(Name="db", SecretString="hunter2-hunter2")
        client("ssm").put_parameter(Name="p", Value="hunter2-hunter2", Type="SecureString")
        client("iam").create_user(UserName="alice")
        key = client("iam").create_access_key(UserName="alice")["AccessKey"]["SecretAccessKey"]
        bototrail.flush()
    seen = b"".join(p.read_bytes() for p in (tmp_path / "state").rglob("*") if p.is_file())
    seen += orjson.dumps(delivered(tmp_path / "audit"))
    for secret in (b"hunter2-hunter2", key.encode(), b"not-a-real-secret"):
        assert secret not in seen
    assert b"CreateSecret" in seen


def test_a_session_that_was_assumed_is_known_without_asking(tmp_path, client):
    bototrail.start(tmp_path / "audit")
    with mock_aws():
        found = client("sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/x/deployer", RoleSessionName="me")
        keys = found["Credentials"]
        client(
            "s3",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        ).list_buckets()
        bototrail.flush()
    identity = next(r for r in delivered(tmp_path / "audit") if r["eventName"] == "ListBuckets")["userIdentity"]
    assert identity["arn"] == "arn:aws:sts::123456789012:assumed-role/deployer/me"
    assert identity["sessionContext"]["sessionIssuer"]["userName"] == "deployer"


def test_asking_for_the_caller_is_not_recorded(tmp_path, client):
    bototrail.start(tmp_path / "audit")
    with mock_aws():
        client("s3").list_buckets()
        bototrail.flush()
    (record,) = delivered(tmp_path / "audit")
    assert record["eventName"] == "ListBuckets"
    assert record["userIdentity"]["accountId"] == "123456789012"


def test_nobody_is_asked_offline(tmp_path, client, monkeypatch):
    monkeypatch.setattr("bototrail.capture.ask._who", lambda *_: pytest.fail("asked"))
    bototrail.start(tmp_path / "audit", identity="offline")
    with mock_aws():
        client("s3").list_buckets()
        assert bototrail.flush().complete
    assert bototrail.status()["errors"] == {}


def test_a_call_that_stayed_in_the_process_asks_nobody_outside(tmp_path, sts, monkeypatch):
    import socket

    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("went to the network"))
    bototrail.start(tmp_path / "audit")
    sts.get_caller_identity = None  # the client itself is not used any more
    from botocore.stub import Stubber

    with Stubber(sts) as stub:
        stub.add_response("get_access_key_info", {"Account": "111122223333"})
        sts.get_access_key_info(AccessKeyId="AKIAIOSFODNN7EXAMPLE")
    bototrail.flush()
    assert delivered(tmp_path / "audit")[0]["userIdentity"]["accessKeyId"] == "testing"


def test_a_bucket_that_is_down_is_tried_again_without_end(tmp_path, sts, monkeypatch):
    real, failures = FolderBucket.put, iter([True, True, False])

    def flaky(self, key, body, arn):
        if next(failures, False):
            raise DeliveryError("down")
        return real(self, key, body)

    monkeypatch.setattr(FolderBucket, "put", flaky)
    monkeypatch.setattr("bototrail.deliver.courier.FIRST_REST", 0.05)
    bototrail.start(tmp_path / "audit", identity="offline", flush_seconds=0.1)
    sts.get_caller_identity()
    for _ in range(100):
        if delivered(tmp_path / "audit"):
            break
        time.sleep(0.05)
    assert len(delivered(tmp_path / "audit")) == 1
    status = bototrail.status()
    assert (status["errors"]["deliver"], status["last_error"]["deliver"]) == (2, "down")


def test_flush_gives_up_waiting_after_its_timeout(tmp_path, sts, monkeypatch):
    release = threading.Event()
    real = FolderBucket.put

    def slow(self, key, body, arn):
        release.wait(20)
        return real(self, key, body)

    monkeypatch.setattr(FolderBucket, "put", slow)
    bototrail.start(tmp_path / "audit", identity="offline")
    sts.get_caller_identity()
    started = time.monotonic()
    flushed = bototrail.flush(timeout=0.2)
    assert time.monotonic() - started < 10
    assert not flushed.complete
    assert "goes on" in flushed.errors[0]
    release.set()
    bototrail.flush()
    assert len(delivered(tmp_path / "audit")) == 1


def test_a_state_directory_that_fails_keeps_records_in_memory_and_delivers_them(tmp_path, sts, caplog):
    (tmp_path / "file").write_text("")
    bototrail.start(tmp_path / "audit", state=tmp_path / "file", identity="offline", check_bucket=False)
    sts.get_caller_identity()
    assert bototrail.status()["in_memory"] == 1
    assert caplog.text.count("cannot be written") == 1
    assert bototrail.flush().records == 1
    assert len(delivered(tmp_path / "audit")) == 1


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_records_for_itself(tmp_path, sts):
    bototrail.start(tmp_path / "audit", identity="offline", flush_seconds=3600)
    sts.get_caller_identity()
    child = os.fork()
    if child == 0:
        sts.get_caller_identity()
        os._exit(0)
    os.waitpid(child, 0)
    sts.get_caller_identity()
    assert bototrail.stop().records == 3
    assert len({r["eventID"] for r in delivered(tmp_path / "audit")}) == 3


def test_another_bucket_while_recording_is_not_taken(tmp_path, sts, caplog):
    bototrail.start(tmp_path / "one", identity="offline")
    bototrail.start(tmp_path / "two", identity="offline")
    sts.get_caller_identity()
    bototrail.stop()
    assert len(delivered(tmp_path / "one")) == 1
    assert "goes on recording" in caplog.text


def test_off_wins_over_code(tmp_path, sts, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", "off")
    bototrail.start(tmp_path / "audit")
    with bototrail.recording() as trail:
        sts.get_caller_identity()
    assert bototrail.status() == {"recording": False}
    assert (trail.records, (tmp_path / "audit").exists()) == ([], False)


def test_wrong_settings_in_code_raise(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    for bucket in ("", tmp_path / "file", "1", "s3://x?y=z"):
        with pytest.raises(ConfigError):
            bototrail.start(bucket)
    with pytest.raises(ConfigError, match="state directory"):
        bototrail.start(tmp_path / "audit", state=tmp_path / "file")
    assert bototrail.status() == {"recording": False}


@pytest.mark.parametrize("value", ["1", "s3:/x", "nosuchscheme://x", "{file}"])
def test_wrong_settings_in_the_environment_are_said_once_and_the_program_runs(value, tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("BOTOTRAIL", value.format(file=tmp_path / "file"))
    recorder.start_from_environment()
    assert capsys.readouterr().err.startswith("bototrail: not recording: expected ")
    assert bototrail.status() == {"recording": False}


def test_a_remote_bucket_of_the_environment_is_looked_at_later(tmp_path, monkeypatch, sts, capsys):
    monkeypatch.setenv("BOTOTRAIL", "s3://no-such-bucket")
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")
    with mock_aws():
        recorder.start_from_environment()
        assert bototrail.status()["recording"]
        sts.get_caller_identity()
        for _ in range(100):
            if "wait in the spool" in (said := capsys.readouterr().err):
                break
            time.sleep(0.05)
    assert "NoSuchBucket" in said
    assert bototrail.status()["waiting_bytes"] > 0


def test_recordings_may_be_nested_and_run_beside_a_recorder(tmp_path, sts):
    bototrail.start(tmp_path / "audit", identity="offline")
    with bototrail.recording() as outer:
        sts.get_caller_identity()
        with bototrail.recording() as inner:
            sts.get_caller_identity()
    sts.get_caller_identity()
    assert (len(outer.records), len(inner.records)) == (2, 1)
    assert bototrail.stop().records == 3


def test_records_can_be_read_while_recording(sts):
    with bototrail.recording() as trail:
        for number in range(3):
            assert len(trail.records) == number
            sts.get_caller_identity()
    trail.records.clear()
    assert len(trail.records) == 3


def test_nothing_stays_wrapped_after_the_last_one(sts):
    before = BaseClient.__dict__["_make_api_call"]
    with bototrail.recording(), bototrail.recording():
        assert BaseClient.__dict__["_make_api_call"] is not before
    assert BaseClient.__dict__["_make_api_call"] is before


def test_public_names_are_loaded_when_they_are_used():
    assert set(bototrail.__all__) <= set(dir(bototrail)) | set(bototrail._HOMES)
    for name in bototrail.__all__:
        assert getattr(bototrail, name) is not None
    with pytest.raises(AttributeError, match="nonsense"):
        _ = bototrail.nonsense
    assert "bototrail" in sys.modules
