"""Trails that are stopped: they take no records, what was recorded for them is delivered, and they start again."""

from __future__ import annotations

import os
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


@pytest.fixture(autouse=True)
def aws():
    with mock_aws():
        yield


@pytest.fixture
def file(tmp_path):
    return tmp_path / "trails.json"


def write(path: Path, **logging: bool) -> Path:
    always = {"IsMultiRegionTrail": True}
    rows = [
        {"Name": f"trail-{name}", "S3BucketName": f"bucket-{name}", "IsLogging": logs, **always}
        for name, logs in logging.items()
    ]
    buckets = {f"bucket-{name}": f"./{name}" for name in logging}
    path.write_bytes(orjson.dumps({"buckets": buckets, "trailList": rows}))
    return path


def names(folder: Path) -> list[str]:
    return sorted(r["eventName"] for r in delivered(folder))


def rows(state: Path) -> dict[str, dict[str, Any]]:
    return {row["Name"]: row for row in gather(state)["trails"]}


def test_only_trails_that_log_take_records(tmp_path, file, client):
    bototrail.start(trails=write(file, on=True, off=False))
    client("iam").list_users()
    assert bototrail.flush().records == 1
    assert (names(tmp_path / "on"), (tmp_path / "off").exists()) == (["ListUsers"], False)
    assert {t["Name"]: t["IsLogging"] for t in bototrail.status()["trails"]} == {"trail-on": True, "trail-off": False}


def test_what_was_recorded_before_a_stop_is_delivered(tmp_path, file, client):
    bototrail.start(trails=write(file, one=True), flush_seconds=3600)
    iam = client("iam")
    iam.list_users()
    write(file, one=False)
    bototrail.flush()
    iam.list_roles()
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListUsers"]


def test_a_caller_who_is_learned_of_after_a_stop_is_asked_for_all_the_same(tmp_path, file, client):
    mine = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "userIdentity.arn", "EndsWith": [":user/moto"]},
    ]

    def use(*, logs: bool) -> Path:
        saved = orjson.loads(write(file, one=logs).read_bytes())
        saved["trailList"][0] |= {"AdvancedEventSelectors": [{"FieldSelectors": mine}]}
        saved["trailList"][0] |= {"SelectorRules": "EventDataStore"}
        file.write_bytes(orjson.dumps(saved))
        return file

    bototrail.start(trails=use(logs=True), flush_seconds=3600)
    client("iam").list_users()
    use(logs=False)
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListUsers"]


def test_its_status_says_when_it_was_stopped_and_started(tmp_path, file, client):
    bototrail.start(trails=write(file, one=True, two=True), flush_seconds=3600)
    client("iam").list_users()
    bototrail.flush()
    write(file, one=False, two=True)
    bototrail.flush()
    client("iam").list_users()
    found = rows(tmp_path / "state")
    assert {name: (row["IsLogging"], "StopLoggingTime" in row) for name, row in found.items()} == {
        "trail-one": (False, True),
        "trail-two": (True, False),
    }
    first = found["trail-one"]["StartLoggingTime"]
    time.sleep(1.1)
    write(file, one=True, two=True)
    bototrail.flush()
    found = rows(tmp_path / "state")
    assert found["trail-one"]["StartLoggingTime"] > found["trail-one"]["StopLoggingTime"] >= first
    assert found["trail-two"]["StartLoggingTime"] == first


def test_a_trail_that_never_logged_was_never_stopped(tmp_path, file, client):
    bototrail.start(trails=write(file, one=False, two=True))
    client("iam").list_users()
    bototrail.stop()
    assert list(rows(tmp_path / "state")) == ["trail-two"]


def until(true) -> bool:
    end = time.monotonic() + 20
    while not true() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(true())


def test_a_program_whose_trails_are_all_stopped_hears_of_their_start(tmp_path, file, client):
    bototrail.start(trails=write(file, one=False), flush_seconds=0.1)
    iam = client("iam")
    iam.list_users()
    write(file, one=True)
    assert until(lambda: bototrail.status()["trails"][0]["IsLogging"])
    iam.list_roles()
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListRoles"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the platform cannot fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_so_does_a_forked_child(tmp_path, file, client):
    bototrail.start(trails=write(file, one=False), flush_seconds=0.1)
    iam = client("iam")
    pid = os.fork()
    if not pid:
        write(file, one=True)
        heard = until(lambda: bototrail.status()["trails"][0]["IsLogging"])
        iam.list_roles()
        bototrail.flush()
        os._exit(0 if heard else 1)
    assert (os.waitpid(pid, 0)[1], names(tmp_path / "one")) == (0, ["ListRoles"])


def test_no_trails_at_all_are_none_to_record_for(tmp_path, file, client, caplog):
    file.write_text('{"trailList": []}')
    bototrail.start(trails=file, flush_seconds=0.1)
    iam = client("iam")
    iam.list_users()
    assert "no trails: nothing is recorded" in caplog.text
    assert bototrail.status()["recorded"] == 0
    write(file, one=True)
    assert until(lambda: bototrail.status()["trails"])
    iam.list_roles()
    bototrail.flush()
    assert names(tmp_path / "one") == ["ListRoles"]


def test_the_bucket_of_a_stopped_trail_may_be_missing(tmp_path, file, client):
    bototrail.start(trails=write(file, on=True, off=False))
    bototrail.stop()
    (tmp_path / "off").write_text("no folder")
    bototrail.start(trails=file)
    assert recorder._recorder is not None
