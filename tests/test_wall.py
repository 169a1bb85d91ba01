"""The wall and the spool under what programs, signals and machines do to them."""

from __future__ import annotations

import contextvars
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import botocore.exceptions
import pytest
from border import STS_BUSY, STS_OK, answer, delivered

import bototrail
from bototrail import plugin, recorder
from bototrail.deliver.buckets import FolderBucket, FsspecBucket, S3Bucket
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.totals import read_totals
from bototrail.errors import ConfigError, DeliveryError
from bototrail.record.identity import Identities
from bototrail.settings import load
from bototrail.spool import Entry, Header, Spool, folders
from bototrail.spool import writer as writer_module
from bototrail.trails import default_trail

HEADER = Header(("default",), account="111122223333").encode()


def entry(number: int) -> Entry:
    return Entry(HEADER, b'{"n":%d}' % number)


@pytest.fixture
def sts(client):
    made = client("sts")
    answer(made, (200, STS_OK))
    return made


@pytest.mark.parametrize("redirect", ["2>&-", "2>/dev/full"])
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_complaint_that_cannot_be_said_stops_no_import(redirect):
    program = "import bototrail._boot, botocore.client; print('goes on')"
    command = f'BOTOTRAIL=on exec {sys.executable} -c "{program}" {redirect}'
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("goes on\n", 0)


def test_an_sts_that_hangs_holds_up_no_delivery(tmp_path, client, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr("bototrail.capture.ask._who", lambda *_: release.wait(30) and None)
    monkeypatch.setattr("bototrail.deliver.worker.ASK_SECONDS", 0.1)
    dynamodb = client("dynamodb")
    answer(dynamodb, (200, b"{}"))
    bototrail.start(tmp_path / "audit")
    dynamodb.list_tables()
    started = time.monotonic()
    assert bototrail.stop(timeout=20).records == 1
    assert time.monotonic() - started < 10
    assert len(delivered(tmp_path / "audit")) == 1
    release.set()


def test_a_logging_handler_that_makes_calls_does_not_lock_up(tmp_path):
    """One thread is in the handler and wants the spool, another has the spool and wants to log."""
    spool = Spool(load("/bucket", state=tmp_path / "state", spool_bytes=0), [])
    inside, go_on = threading.Event(), threading.Event()

    class Handler(logging.Handler):
        def emit(self, record):
            if record.getMessage() == "first":
                inside.set()
                go_on.wait(10)
                spool.append(entry(1))

    logger, handler = logging.getLogger("bototrail"), Handler()
    logger.addHandler(handler)
    try:
        threads = [threading.Thread(target=logger.error, args=("first",), daemon=True)]
        threads[0].start()
        inside.wait(10)
        threads.append(threading.Thread(target=spool.append, args=(entry(2),), daemon=True))
        threads[1].start()
        time.sleep(0.2)
        go_on.set()
        for thread in threads:
            thread.join(10)
        assert [thread.is_alive() for thread in threads] == [False, False]
    finally:
        logger.removeHandler(handler)


def test_memory_of_an_earlier_round_and_of_now_both_reach_the_bucket(tmp_path, sts, monkeypatch):
    (tmp_path / "file").write_text("")
    bototrail.start(tmp_path / "audit", state=tmp_path / "file", identity="offline", check_bucket=False)
    sts.get_caller_identity()
    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", lambda *_: (_ for _ in ()).throw(DeliveryError("down")))
        assert not bototrail.flush().complete
    sts.get_caller_identity()
    assert bototrail.stop().records == 2
    assert len(delivered(tmp_path / "audit")) == 2


@pytest.mark.parametrize("manager", [bototrail.paused, lambda: bototrail.labelled(a="b")])
def test_a_scope_may_be_left_in_another_context(manager):
    """As by generators of web frameworks and fixtures, whose halves run in different contexts."""
    scope = manager()
    contextvars.copy_context().run(scope.__enter__)
    contextvars.copy_context().run(scope.__exit__, None, None, None)


def test_a_record_is_kept_when_ctrl_c_comes_right_after_it_was_written(tmp_path, monkeypatch):
    spool = Spool(load(str(tmp_path / "bucket"), state=tmp_path / "state"), [default_trail(str(tmp_path / "bucket"))])
    real = os.write

    def interrupted(fd, data):
        real(fd, data)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writer_module, "_write", interrupted)
        with pytest.raises(KeyboardInterrupt):
            spool.append(entry(1))
    spool.seal()
    assert Delivery(tmp_path / "state", Identities(), 30).round(spool.folder).records == 1


def test_a_segment_that_cannot_be_sealed_doubles_no_record(tmp_path, monkeypatch):
    spool = Spool(load("/bucket", state=tmp_path / "state"), [])
    monkeypatch.setattr(writer_module, "SEGMENT_BYTES", 1)
    monkeypatch.setattr(writer_module, "seal", lambda _: (_ for _ in ()).throw(OSError("no rename")))
    spool.append(entry(1))
    assert (len(spool.take_memory()), spool.counts["recorded"]) == (0, 1)


def test_a_folder_whose_store_fails_oddly_holds_up_no_other(tmp_path, monkeypatch):
    spools = []
    for number, bucket in enumerate(["memory://poison", str(tmp_path / "good")]):
        spool = Spool(load(bucket, state=tmp_path / "state"), [default_trail(bucket)])
        spool.append(entry(number))
        spool.seal()
        spools.append(spool)
    for spool in spools:
        spool.folder.forget()
    monkeypatch.setattr(FsspecBucket, "__init__", lambda *_: (_ for _ in ()).throw(RuntimeError("530 no")))
    report = Delivery(tmp_path / "state", Identities(), 30).round()
    assert (report.errors, report.records, report.waiting) == (["RuntimeError: 530 no"], 1, 1)


def test_a_state_directory_that_was_cleaned_away_is_made_again(tmp_path, sts):
    import shutil

    bototrail.start(tmp_path / "audit", identity="offline")
    sts.get_caller_identity()
    bototrail.flush()
    shutil.rmtree(tmp_path / "state")
    sts.get_caller_identity()
    assert bototrail.flush().records == 1
    assert len(folders(tmp_path / "state")) == 1


def test_an_end_without_threads_does_not_wait_for_what_others_left(tmp_path, monkeypatch):
    """When the interpreter ends no thread can be started, and nothing bounds what a network takes."""
    left = Spool(load("s3://far-away", state=tmp_path / "state"), [default_trail("s3://far-away")])
    left.append(entry(1))
    left.seal()
    left.folder.forget()
    asked: list[str] = []
    monkeypatch.setattr(S3Bucket, "put", lambda _, key, *__: asked.append(key))
    bototrail.start(tmp_path / "audit", identity="offline")
    monkeypatch.setattr(threading.Thread, "start", lambda _: (_ for _ in ()).throw(RuntimeError("shutdown")))
    bototrail.stop()
    assert asked == []


def test_what_was_dropped_is_still_told_after_a_clean_end(tmp_path, sts):
    bototrail.start(tmp_path / "audit", identity="offline", spool_bytes=10)
    for _ in range(3):
        sts.get_caller_identity()
    bototrail.stop()
    assert read_totals(tmp_path / "state")["dropped"] == 3


def test_the_plug_in_starts_once_and_not_after_a_stop(tmp_path, client, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL", str(tmp_path / "audit"))
    monkeypatch.setenv("BOTOCORE_EXPERIMENTAL__PLUGINS", "bototrail=bototrail.plugin")
    monkeypatch.setattr(plugin, "_started", False)
    client("sts")
    assert recorder.status()["recording"]
    bototrail.stop()
    client("sts")
    assert not recorder.status()["recording"]


@pytest.mark.parametrize(
    "url",
    [
        "s3://AKIAX:wJalrSECRET@bucket/x",
        "ftp://me:wJalrSECRET@host/x",
        "s3://bucket/x?endpoint_url=http://me:wJalrSECRET@host:9000",
        "s3://bucket/x?endpoint_url=http%3A%2F%2Fme%3AwJalrSECRET%40host",
    ],
)
def test_credentials_in_a_bucket_url_are_refused_and_not_repeated(url):
    with pytest.raises(ConfigError, match="without credentials") as caught:
        bototrail.start(url)
    assert "SECRET" not in str(caught.value)


def test_a_password_in_an_endpoint_is_not_recorded(client):
    sts = client("sts", endpoint_url="http://user:hunter2pw@127.0.0.1:9")
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.BotoCoreError):
        sts.get_caller_identity()
    assert [r["eventName"] for r in trail.records] == ["GetCallerIdentity"]
    assert "hunter2pw" not in str(trail.records) + str(trail._entries)


def test_a_session_token_that_a_service_repeats_is_not_recorded(client):
    sts = client("sts")
    text = b"should have been 'POST\n/\n\nx-amz-security-token:IQoJtoken\n'"
    answer(sts, (403, STS_BUSY.replace(b"ServiceUnavailable", b"SignatureDoesNotMatch").replace(b"busy", text)))
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.ClientError, match="IQoJtoken"):
        sts.get_caller_identity()
    assert trail.records[0]["errorMessage"].startswith("should have been")
    assert "IQoJtoken" not in str(trail.records) + str(trail._entries)


def test_an_endpoint_that_is_no_url_is_told():
    with pytest.raises(ConfigError, match="can be written"):
        bototrail.start("s3://bucket?endpoint_url=foo")


def test_run_says_what_is_wrong_before_it_runs_anything(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from bototrail.cli import main

    monkeypatch.setenv("BOTOTRAIL_SPOOL_DAYS", "x")
    done = CliRunner().invoke(main, ["run", "--bucket", str(tmp_path / "b"), "--", "touch", str(tmp_path / "ran")])
    assert (done.exit_code, (tmp_path / "ran").exists()) == (2, False)
