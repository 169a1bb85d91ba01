"""The index of a bucket: killed at any moment, asked meanwhile, and of real S3 servers."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from support import until

pytest.importorskip("duckdb", reason="the extra `history` is not installed")

from bototrail.errors import BucketError
from bototrail.history import listing
from bototrail.history.filters import Filter, parse
from bototrail.history.history import History
from bototrail.history.updating import Updated

NOW = datetime.now(timezone.utc)


def key(name: str, *, account: str = "111122223333", region: str = "us-east-1", days_ago: int = 0) -> str:
    day = NOW - timedelta(days=days_ago)
    folder = f"AWSLogs/{account}/CloudTrail/{region}/{day:%Y/%m/%d}"
    return f"{folder}/111122223333_CloudTrail_{region}_{day:%Y%m%dT%H%MZ}_{name:x>16}.json.gz"


def log(*numbers: int, **more: Any) -> bytes:
    time = f"{NOW - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    records = [{"eventTime": time, "eventID": f"{n:08}", "eventName": "ListBuckets", **more} for n in numbers]
    return gzip.compress(json.dumps({"Records": records}).encode(), 1, mtime=0)


def ids(history: History) -> list[int]:
    """The events, each of which is there once."""
    found = [int(event.event_id) for event in history.every(Filter(), reverse=True)]
    assert len(found) == len(set(found))
    return sorted(found)


def write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    temporary.write_bytes(body)
    temporary.rename(path)


# ---- whoever writes an index may end at any moment
INDEX = """
    import os, sys, time
    from pathlib import Path
    from bototrail.history import listing, tidying, updating
    from bototrail.history.history import History
    listing.MOST_FILES, updating._FEW_BYTES, tidying._SMALL = 5, 0, 4
    history = History(sys.argv[1], cache=Path("cache"))
    print("ready", flush=True)
    history.refresh(lambda progress: print(progress.files, flush=True))
    while history.tidy():
        print("tidied", flush=True)
    print("done", flush=True)
"""
FILES, EACH = 150, 20


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_who_is_killed_while_he_writes_an_index_leaves_one_that_others_use(end, place, monkeypatch):
    program, chance, before = place.program(INDEX), random.Random(int(end)), 0
    for number in range(FILES):
        write(place.bucket / key(str(number)), log(*range(number * EACH, number * EACH + EACH), text="x" * 200))
    for run in range(24):
        process = place.start(sys.executable, program, place.bucket)
        process.stdout.readline()
        time.sleep(chance.uniform(0, 0.5))
        process.send_signal(end)
        said = process.communicate(timeout=20)
        if end == signal.SIGINT and process.returncode not in (0, -end):  # the latter at the interpreter's very end
            assert "KeyboardInterrupt" in said[1]
        with History(place.bucket, cache=place.folder / "cache") as reader:
            found = ids(reader)
            assert len(found) >= before
            assert len(found) % EACH == 0
            assert reader.totals()[1] == len(found)
            before = len(found)
        if run % 6 == 5:  # from now on old files are to be taken in again, with their neighbours
            write(place.bucket / key(str(run)), log(*range(run * EACH, run * EACH + EACH), text=f"changed-{run}"))
    place.run(sys.executable, program, place.bucket)
    with History(place.bucket, cache=place.folder / "cache") as reader:
        assert ids(reader) == list(range(FILES * EACH))
        assert reader.refresh() == Updated()
        assert len(reader.events(parse(["text=changed-17"], NOW), 100)) == EACH
    until(lambda: not left_behind(place.bucket), what="the end of all processes")


def left_behind(bucket: Path) -> list[str]:
    """Processes that still work for a bucket."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            is_one = b"history.worker" in (process / "cmdline").read_bytes()
            if is_one and os.readlink(process / "cwd") == str(bucket.parent):
                found.append(process.name)
        except OSError:  # it has ended, or is not ours
            continue
    return found


def test_two_programs_make_one_index_together(place):
    for number in range(FILES):
        write(place.bucket / key(str(number)), log(*range(number * EACH, number * EACH + EACH)))
    program = place.program(INDEX)
    both = [place.start(sys.executable, program, place.bucket) for _ in range(2)]
    for process in both:
        _, stderr = process.communicate(timeout=60)
        assert (process.returncode, stderr) == (0, "")
    with History(place.bucket, cache=place.folder / "cache") as reader:
        assert (reader.totals(), reader.refresh()) == ((FILES, FILES * EACH), Updated())


# ---- S3
@pytest.fixture
def s3(request, monkeypatch, place):
    """Makes buckets in a server: a client, the bucket's name and its location."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, place.environ[name])

    def make(kind):
        server, name = request.getfixturevalue(kind), f"history-{random.getrandbits(48):x}"
        client = server.client() if kind == "seaweed" else server.client("s3")
        client.create_bucket(Bucket=name)
        return client, name, f"s3://{name}?endpoint_url={server.url}"

    return make


@pytest.mark.parametrize("kind", ["seaweed", "moto"])
def test_an_index_follows_a_bucket_in_s3(kind, s3, tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "FEW_FILES", 3)
    client, name, location = s3(kind)

    def put(at, *numbers):
        client.put_object(Bucket=name, Key=at, Body=log(*numbers))

    put(key("a", days_ago=5), 1)
    put(key("b", days_ago=4, account="o-abc123/111122223333"), 2)
    put(key("c", days_ago=3), 3)
    put("some/prefix/" + key("d"), 4)
    put(key("digest").replace("CloudTrail/", "CloudTrail-Digest/"), 99)
    with History(location, cache=tmp_path) as history:
        assert (history.refresh(), ids(history)) == (Updated(4, 4), [1, 2, 3, 4])
        put(key("e"), 5)
        assert (history.refresh(), ids(history)) == (Updated(1, 1), [1, 2, 3, 4, 5])  # of the newest days alone
        put(key("f", days_ago=5), 6)
        put(key("g", region="eu-west-1"), 7)
        assert history.refresh() == Updated()
        put(key("e"), 55)
        assert history.refresh().files >= 3  # something has changed, so all is looked at
        assert ids(history) == [1, 2, 3, 4, 6, 7, 55]
        client.delete_object(Bucket=name, Key=key("a", days_ago=5))
        assert history.refresh() == Updated()
        monkeypatch.setattr(listing, "ALL_SECONDS", -1)
        history.refresh()
        assert ids(history) == [2, 3, 4, 6, 7, 55]


def test_a_large_bucket_in_s3_is_taken_in_by_processes(s3, tmp_path, monkeypatch):
    monkeypatch.setattr(listing, "MOST_FILES", 5)
    monkeypatch.setattr("bototrail.history.updating._FEW_BYTES", 0)
    client, name, location = s3("seaweed")
    for number in range(40):
        client.put_object(Bucket=name, Key=key(str(number)), Body=log(number) if number != 9 else b"no log")
    with History(location, cache=tmp_path) as history:
        done = history.refresh()
        assert (done.files, done.records, len(done.problems)) == (40, 39, 1)
        assert len(ids(history)) == 39


def test_what_may_be_listed_and_not_read_is_named_and_read_when_it_may_be(seaweed, s3, tmp_path, monkeypatch):
    client, name, location = s3("seaweed")
    for number in range(12):
        client.put_object(Bucket=name, Key=key(str(number)), Body=log(number))
    policy = {
        "Effect": "Allow",
        "Principal": {"AWS": ["*"]},
        "Action": ["s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{name}"],
    }
    client.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [policy]}))
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "one")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "one-secret")
    with History(location, cache=tmp_path) as history:
        done = history.refresh()
        assert (done.files, done.records, len(done.problems)) == (12, 0, 12)
        assert all("AccessDenied" in why for _, why in done.problems)
        assert history.refresh() == Updated()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "writer")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "writer-secret")
    with History(location, cache=tmp_path) as history:
        assert (history.refresh(), ids(history), history.problems()) == (Updated(12, 12), list(range(12)), [])


def test_a_bucket_that_cannot_be_listed_leaves_the_index_as_it_is(s3, tmp_path, monkeypatch):
    client, name, location = s3("seaweed")
    client.put_object(Bucket=name, Key=key("a"), Body=log(1))
    with History(location, cache=tmp_path) as history:
        history.refresh()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with History(location, cache=tmp_path) as history:
        with pytest.raises(BucketError, match="SignatureDoesNotMatch"):
            history.refresh()
        assert ids(history) == [1]
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "writer-secret")
    client.delete_object(Bucket=name, Key=key("a"))
    client.delete_bucket(Bucket=name)
    with History(location, cache=tmp_path) as history:
        with pytest.raises(BucketError, match="NoSuchBucket"):
            history.refresh()
        assert ids(history) == [1]


# ---- servers that do not answer
def listing_of(count: int) -> bytes:
    rows = "".join(
        f"<Contents><Key>{key(str(number))}</Key><Size>100</Size><ETag>&quot;{number}&quot;</ETag>"
        f"<LastModified>2026-11-01T00:00:00.000Z</LastModified></Contents>"
        for number in range(count)
    )
    return f"<ListBucketResult><IsTruncated>false</IsTruncated>{rows}</ListBucketResult>".encode()


def test_ctrl_c_ends_waiting_for_a_slow_server(place, http):
    def answer(_, path):
        if "list-type=2" not in path:
            time.sleep(60)
        return 200, listing_of(50)

    program = place.program(INDEX)
    process = place.start(sys.executable, program, f"s3://b?endpoint_url={http(answer).url}")
    process.stdout.readline()
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    _, stderr = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in stderr
    until(lambda: not left_behind(place.bucket), 3, what="the end of all processes")
    assert time.monotonic() - began < 5


def test_a_server_that_answers_nothing_any_more_is_said_and_asked_again_later(tmp_path, s3, http, monkeypatch):
    gone = []

    def answer(_, path):
        if "list-type=2" in path:
            return 200, listing_of(200)
        if gone:
            raise ConnectionResetError
        return 200, log(int(path.rpartition("_")[2].strip("x").partition(".")[0]))

    server = http(answer)
    monkeypatch.setattr("bototrail.store.s3._CONFIG", {"retries": {"mode": "standard", "total_max_attempts": 1}})
    monkeypatch.setattr(server._server, "handle_error", lambda *_: None)
    with History(f"s3://b?endpoint_url={server.url}", cache=tmp_path) as history:
        gone.append(True)
        with pytest.raises(BucketError, match=r"expected a bucket that can be read at s3://b; found .+"):
            history.refresh()
        assert len(server.requests) < 100
        gone.clear()
        history._updater._retried = 0  # as if some time had passed
        assert history.refresh().records == 200
        assert (ids(history), history.problems()) == (list(range(200)), [])
