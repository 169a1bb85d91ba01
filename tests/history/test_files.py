"""Reading buckets: every layout that CloudTrail writes, and everything that is no log file."""

from __future__ import annotations

import gzip
import io
import json
import os
from datetime import datetime, timezone

import pytest

from bototrail.errors import BucketError, ConfigError
from bototrail.history.files import MAX_BYTES, LogFiles, unpacked
from bototrail.history.times import moment
from bototrail.store import open_store

FOLDER = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/{day}"
NAME = FOLDER + "/111122223333_CloudTrail_eu-central-1_202611{day}T1020Z_{unique}.json.gz"


def put(bucket, day, unique, body, name=NAME):
    path = bucket / name.format(day=day, unique=unique)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def log(*names, time="2026-11-21T10:20:00Z"):
    return gzip.compress(
        json.dumps({"Records": [{"eventName": n, "eventTime": time} for n in names]}).encode(), mtime=0
    )


def read(location, **choice):
    said: list[str] = []
    files = LogFiles(open_store(location), said.append)
    return [record["eventName"] for record in files.records(**choice)], said


def test_log_files_are_read_in_the_order_of_their_names(tmp_path):
    put(tmp_path, "22", "b", log("three"))
    put(tmp_path, "21", "b", log("two"))
    put(tmp_path, "21", "a", log("one"))
    assert read(tmp_path) == (["one", "two", "three"], [])


@pytest.mark.parametrize(
    "name",
    [
        "prefix/of/mine/" + NAME,
        NAME.replace("AWSLogs/", "AWSLogs/o-abc123/"),
        NAME.removesuffix(".gz"),
    ],
)
def test_prefixes_organizations_and_unpacked_files_are_read(tmp_path, name):
    put(tmp_path, "21", "a", log("one") if name.endswith("gz") else gzip.decompress(log("one")), name)
    assert read(tmp_path) == (["one"], [])


@pytest.mark.parametrize(
    "name",
    [
        NAME.replace("CloudTrail/", "CloudTrail-Digest/"),
        NAME.replace("CloudTrail/", "CloudTrail-Insight/"),
        "AWSLogs/111122223333/vpcflowlogs/eu-central-1/2026/11/{day}/{unique}.json.gz",
        NAME.replace(".json.gz", ".json.gz.tmp"),
        "notes-{day}-{unique}.json",
    ],
)
def test_other_files_are_none_of_ours(tmp_path, name):
    put(tmp_path, "21", "a", b"whatever", name)
    assert read(tmp_path) == ([], [])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "expected JSON with Records, found something else"),
        (b"\x1f\x8bnot really", "it is no gzip file"),
        (log("one")[:-20], "the file is cut off"),
        (gzip.compress(b"{", mtime=0), "expected JSON with Records, found something else"),
        (gzip.compress(b"[1]", mtime=0), "it has no list of Records"),
        (gzip.compress(b'{"Records": 3}', mtime=0), "it has no list of Records"),
        (gzip.compress(b'{"records": []}', mtime=0), "expected JSON with Records, found something else"),
    ],
)
def test_a_broken_file_is_named_once_and_hides_no_other(tmp_path, body, reason):
    put(tmp_path, "21", "a", body)
    put(tmp_path, "21", "b", log("two"))
    names, said = read(tmp_path)
    assert names == ["two"]
    assert len(said) == 1
    assert said[0].startswith(f"skipped {NAME.format(day=21, unique='a')}: {reason}")


def test_a_file_that_unpacks_without_end_is_given_up(monkeypatch):
    monkeypatch.setattr("bototrail.history.files.MAX_BYTES", 3 * 1024 * 1024)
    with pytest.raises(ValueError, match="unpacks to more than 3 MB"):
        unpacked(io.BytesIO(gzip.compress(bytes(10 * 1024 * 1024))).read)
    with pytest.raises(ValueError, match="unpacks to more than 3 MB"):
        unpacked(lambda size: b" " * size)
    assert MAX_BYTES > 50 * 1024 * 1024


def test_what_is_no_record_is_passed_over(tmp_path):
    put(tmp_path, "21", "a", gzip.compress(b'{"Records": [3, null, {"eventName": "one", "eventTime": ""}]}'))
    assert read(tmp_path) == (["one"], [])


def utc(*fields):
    return datetime(2026, 11, *fields, tzinfo=timezone.utc)


def test_a_time_range_chooses_by_event_time_and_opens_no_older_folder(tmp_path):
    put(tmp_path, "20", "a", b"never opened")
    put(tmp_path, "21", "a", log("early", time="2026-11-21T09:59:59Z"))
    put(tmp_path, "21", "b", log("within", time="2026-11-21T10:00:00Z"))
    put(tmp_path, "22", "a", log("delivered the next day", time="2026-11-21T23:59:00Z"))
    put(tmp_path, "22", "b", log("late", time="2026-11-22T00:00:01Z"))
    found = read(tmp_path, since=utc(21, 10), until=utc(22))
    assert found == (["within", "delivered the next day"], [])


@pytest.mark.skipif(os.geteuid() == 0, reason="this user may read everywhere")
def test_a_folder_that_cannot_be_read_is_said(tmp_path):
    put(tmp_path, "21", "a", log("one"))
    (tmp_path / "AWSLogs").chmod(0)
    with pytest.raises(BucketError, match="Permission denied"):
        read(tmp_path)


def test_a_folder_that_goes_is_said(tmp_path, monkeypatch):
    put(tmp_path, "21", "a", log("one"))
    scan = os.scandir

    def gone(path):
        if os.path.basename(path) == "111122223333":
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr("os.scandir", gone)
    with pytest.raises(BucketError, match="AWSLogs/111122223333: Permission denied"):
        read(tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path):
    put(tmp_path, "21", "b", log("two"))
    os.mkfifo(tmp_path / NAME.format(day=21, unique="a"))
    assert read(tmp_path) == (["two"], [])


def test_a_bucket_that_is_none_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"expected a folder with log files at .*nowhere; found nothing there"):
        open_store(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="found a file"):
        open_store(tmp_path / "file")
    with pytest.raises(ConfigError, match="whose scheme nope:// can be opened"):
        open_store("nope://bucket")


def test_any_store_that_fsspec_knows_is_read():
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/trail/" + NAME.format(day=21, unique="a"), log("one"))
    assert read("memory://trail") == (["one"], [])
    with pytest.raises(BucketError, match="no such bucket or folder"):
        read("memory://elsewhere")


NOW = utc(21, 12, 30)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", utc(20)),
        ("2026-11-20T10:20:00Z", utc(20, 10, 20)),
        ("2026-11-20 10:20", utc(20, 10, 20)),
        ("2026-11-20T10:20:00+02:00", utc(20, 8, 20)),
        ("now", NOW),
        ("today", utc(21)),
        ("Yesterday", utc(20)),
        ("2h", utc(21, 10, 30)),
        ("90 m", utc(21, 11)),
        ("30s", utc(21, 12, 29, 30)),
        ("7d", utc(14, 12, 30)),
        ("1w", utc(14, 12, 30)),
        ("2h ago", utc(21, 10, 30)),
    ],
)
def test_moments_as_people_write_them(text, expected):
    assert moment(text, NOW) == expected


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "2 fortnights", "999999w", "-2h"])
def test_what_is_no_moment_is_said(text):
    with pytest.raises(ConfigError, match="expected a moment such as 2026-11-21"):
        moment(text, NOW)
