"""What is no log file is skipped, counted and named once, and the rest is served."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import time

import pytest
from history.buckets import event, id_of, ids, key, packed, wanted

from bototrail.clock import event_time, now
from bototrail.errors import BucketError, ConfigError
from bototrail.history.filters import Filter
from bototrail.history.updating import Updated
from bototrail.history.worker import Crew, Worker
from bototrail.store.folder import FolderStore

TIME = event_time(now())
NOTHING = "skipped: expected JSON with Records, found something else"
DEEP = b'{"eventTime": "%s", "eventID": "deep", "x": ' % TIME.encode() + b"[" * 300 + b"]" * 300 + b"}"


def log(*records):
    return packed(b'{"Records": [%s]}' % b",".join(records))


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"", NOTHING),
        (b"no gzip", NOTHING),
        (
            b"\x1f\x8bbroken",
            "skipped: it is no gzip file: Error -3 while decompressing data: unknown compression method",
        ),
        (packed([event(1)])[:-9], "skipped: the file is cut off"),
        (packed(b"{"), NOTHING),
        (packed(b"[]"), "skipped: it has no list of Records"),
        (packed(b'{"Records": {}}'), "skipped: it has no list of Records"),
        (packed(b'{"records": []}'), NOTHING),
        (packed(b'{"Records": ["\\ud800"]}'), NOTHING),
        (packed(b'{"Records": ["\xff"]}'), NOTHING),
        (packed(b'{"Records": [NaN]}'), NOTHING),
        (packed(b'{"Records": [1e999]}'), NOTHING),
        (packed(b"\xef\xbb\xbf{}"), NOTHING),
        (packed(b"[" * 5000 + b"]" * 5000), NOTHING),
        (packed(bytes(200 * 1024 * 1024)), "skipped: it unpacks to more than 64 MB"),
        (packed(b'{"Records": [' + b"{}," * 7_000_000 + b"{}]}"), "skipped: it has more than 6000000 values"),
    ],
    ids=range(16),
)
def test_a_file_that_is_no_log_is_skipped_and_named_once(bucket, opened, body, problem):
    bad = bucket.put(key("a"), body)
    bucket.put(key("b"), [event(2)])
    history = opened()
    assert history.refresh() == Updated(2, 1, ((bad, problem),))
    assert (history.refresh(), opened().refresh()) == (Updated(), Updated())
    assert (ids(history), history.problems(), history.totals()) == (id_of(2), [(bad, problem)], (2, 1))


def test_a_huge_file_is_not_read_to_its_end(bucket, opened):
    for name in (key("a"), key("b").removesuffix(".gz")):
        bucket.put(name, b"")
        os.truncate(bucket.folder / name, 2 * 1024**3)
    history = opened()
    assert [problem for _, problem in history.refresh().problems] == ["skipped: it unpacks to more than 64 MB"] * 2


@pytest.mark.parametrize(
    "record",
    [
        b"3",
        b"null",
        b'"text"',
        b"[]",
        b"{}",
        b'{"eventTime": null}',
        b'{"eventTime": 7}',
        b'{"eventTime": ""}',
        b'{"eventTime": "yesterday"}',
        b'{"eventTime": "2026-13-01T00:00:00Z"}',
        b'{"eventTime": ["2026-11-01T00:00:00Z"]}',
        DEEP,
    ],
)
def test_what_is_no_event_is_counted_and_the_others_of_its_file_are_kept(bucket, opened, record):
    good = b'{"eventTime": "%s", "eventID": "good"}' % TIME.encode()
    bad = bucket.put(key("a"), log(good, record))
    history = opened()
    problem = "skipped 1 of 2 records: they are no events with an eventTime, or nested too deeply"
    assert history.refresh() == Updated(1, 1, ((bad, problem),))
    assert (ids(history), history.refresh()) == (["good"], Updated())


HOSTILE = [
    b"null",
    b"true",
    b"-1",
    b"1.5",
    b"123456789012345678901234567890",
    b"18446744073709551615",
    b"-9223372036854775808",
    b'""',
    b'"\\u0000"',
    b'"\\n\\r\\u001b[31m\\u202e"',
    b'"\\ud83d\\ude00"',
    b"[]",
    b"{}",
    b"[null, [], {}, 3]",
    b'{"type": [], "arn": {}, "ARN": 3, "userName": null, "sessionContext": {"sessionIssuer": 3}}',
    b"[" * 250 + b"]" * 250,
]
FIELDS = [
    "eventID",
    "eventName",
    "eventSource",
    "userIdentity",
    "resources",
    "readOnly",
    "errorCode",
    "errorMessage",
    "sourceIPAddress",
    "awsRegion",
    "recipientAccountId",
    "eventCategory",
    "eventType",
    "insightDetails",
    "managementEvent",
    "requestParameters",
    "responseElements",
    "timeWindow",
]


def test_no_value_of_any_field_is_too_strange_to_be_kept(bucket, opened):
    records = [
        b'{"eventTime": "%s", "eventID": "%s-%d", "%s": %s}'
        % (TIME.encode(), field.encode(), number, field.encode(), value)
        for field in FIELDS
        for number, value in enumerate(HOSTILE)
    ]
    bucket.put(key("a"), log(*records))
    history = opened()
    assert history.refresh() == Updated(1, len(records))
    found = list(history.every(Filter()))
    assert len(found) == len(records)
    assert all(each.parsed()["eventTime"] == TIME for each in found)
    assert history.values(Filter(), "userName", 1000) is not None
    assert len(history.events(wanted("text=\N{GRINNING FACE}"), 100)) == len(FIELDS)


def test_times_of_any_year_do_no_harm(bucket, opened):
    times = ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:60-23:59", "1970-01-01T00:00:00Z", "0000-01-01T00:00:00Z"]
    bucket.put(key("a"), [event(number, eventTime=time) for number, time in enumerate(times)])
    history = opened()
    assert (history.refresh().records, ids(history)) == (1, id_of(1))


def test_large_records_and_large_files_are_kept(bucket, opened):
    large = event(1, requestParameters={"text": "x" * 256 * 1024})
    bucket.put(key("a"), [large])
    bucket.put(key("b"), [event(number) for number in range(2, 100_002)])
    history = opened()
    assert history.refresh() == Updated(2, 100_001)
    assert history.event(large["eventID"]).parsed() == large
    assert history.count(Filter()) == 100_001


def test_parts_do_not_grow_without_bounds(bucket, opened, monkeypatch):
    monkeypatch.setattr("bototrail.history.taking.BYTES", 200_000)
    monkeypatch.setattr("bototrail.history.tidying.BYTES", 200_000)
    for number in range(30):
        bucket.put(key(f"a{number}"), [event(number, requestParameters="x" * 30_000)])
    history = opened()
    history.refresh()
    assert max(part.bytes for part in history._catalogue.parts()) < 300_000
    for number in range(30, 40):
        bucket.put(key(f"a{number}"), [event(number, requestParameters="x" * 30_000)])
        history.refresh()
    assert history.tidy()
    assert max(part.bytes for part in history._catalogue.parts()) < 300_000
    assert not history.tidy()
    assert ids(history) == id_of(*range(40))


# ---- what the file cannot help
def test_a_file_that_could_not_be_read_is_tried_again_and_named_once(bucket, opened, monkeypatch):
    files = [bucket.put(key(f"a{number:02}"), [event(number)]) for number in range(20)]
    bucket.put(key("b"), [event(20)])
    history, denied, read = opened(), set(files), FolderStore._descriptor

    def descriptor(self, at):
        if at in denied:
            raise BucketError(self.location, f"{at}: Permission denied") from PermissionError(13, "Permission denied")
        return read(self, at)

    monkeypatch.setattr(FolderStore, "_descriptor", descriptor)
    done = history.refresh()
    assert [at for at, _ in done.problems] == files
    assert "Permission denied" in done.problems[0][1]
    assert history.refresh() == Updated()
    other = opened()  # tries some of them
    assert (other.refresh().problems, ids(other), len(other.problems())) == ((), id_of(20), 20)
    denied.clear()
    assert opened().refresh() == Updated(20, 20)
    assert (ids(history), history.problems()) == (id_of(*range(21)), [])


# ---- processes that die
def hurt(monkeypatch, code):
    """Runs code in every worker, when it begins."""
    monkeypatch.setattr(
        "bototrail.history.worker._MAIN", f"\n{code}\nfrom bototrail.history.worker import main; main()"
    )


DIES = """
import os
from bototrail.history import taking
whole = taking._records
def records(content):
    if b"poison" in content: os.kill(os.getpid(), 9)
    return whole(content)
taking._records = records
"""


FULL = """
from bototrail.history import taking
def full(*_): raise OSError(28, "No space left on device")
taking.write_batches = full
"""


@pytest.fixture
def two_processes(monkeypatch):
    monkeypatch.setattr("bototrail.history.updating._FEW_BYTES", 0)
    monkeypatch.setattr("bototrail.history.listing.MOST_FILES", 8)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def test_a_file_that_kills_its_process_is_named_and_the_rest_is_taken_in(bucket, opened, monkeypatch, two_processes):
    hurt(monkeypatch, DIES)
    bad = {3, 7, 8, 20}
    for number in range(24):
        bucket.put(key(f"a{number:02}"), [event(number, eventName="poison" if number in bad else "fine")])
    history = opened()
    why = "skipped: the process that read it died of it"
    done = history.refresh()
    assert sorted(done.problems) == [(key(f"a{number:02}"), why) for number in sorted(bad)]
    assert ids(history) == id_of(*(number for number in range(24) if number not in bad))
    assert history.refresh() == Updated()


@pytest.mark.parametrize("code", ["raise SystemExit(3)", "print('hello', flush=True)", "import bototrail.nothing"])
def test_processes_that_do_not_begin_are_done_without(bucket, opened, monkeypatch, two_processes, code):
    hurt(monkeypatch, code)
    for number in range(24):
        bucket.put(key(f"a{number:02}"), [event(number)])
    history = opened()
    assert (history.refresh(), ids(history)) == (Updated(24, 24), id_of(*range(24)))


def test_a_program_that_is_no_python_does_without_processes(bucket, opened, monkeypatch, two_processes):
    for number in range(24):
        bucket.put(key(f"a{number:02}"), [event(number)])
    for program in ("/nowhere/python", "", "/bin/true"):
        monkeypatch.setattr("sys.executable", program)
        with pytest.raises((FileNotFoundError, PermissionError, ChildProcessError)):
            Crew(2, str(bucket.folder), bucket.folder, 0)
    assert opened().refresh() == Updated(24, 24)


def test_what_a_process_cannot_write_is_said_and_not_skipped(bucket, opened, monkeypatch, two_processes):
    hurt(monkeypatch, FULL)
    for number in range(24):
        bucket.put(key(f"a{number:02}"), [event(number)])
    with pytest.raises(ConfigError, match="No space left on device; correct its permissions, make room"):
        opened().refresh()
    monkeypatch.undo()
    assert opened().refresh() == Updated(24, 24)


def test_a_worker_imports_nothing_from_the_working_directory(bucket, tmp_path, monkeypatch):
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    (tmp_path / "orjson.py").write_text("raise SystemExit(9)")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(os.path.abspath, sys.path)))
    monkeypatch.chdir(tmp_path)
    worker = Worker(str(bucket.folder), tmp_path, 0)
    assert worker.is_ready()
    worker.close()


def test_no_process_is_left_behind_when_the_one_that_started_them_is_gone(bucket, tmp_path):
    program = """
import sys, os
from pathlib import Path
from bototrail.history.worker import Crew
crew = Crew(2, sys.argv[1], Path(sys.argv[2]), 0)
print(*(worker._process.pid for worker in crew._all), flush=True)
os.kill(os.getpid(), 9)
"""
    words = [sys.executable, "-c", program, str(bucket.folder), str(tmp_path)]
    said = subprocess.run(words, capture_output=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
    pids = [int(pid) for pid in said.stdout.split()]
    assert len(pids) == 2
    for _ in range(500):
        if not any(_runs(pid) for pid in pids):
            return
        time.sleep(0.02)
    raise AssertionError(f"{pids} still run")


def _runs(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_gzip_of_several_members_gives_the_first_alone(bucket, opened):
    bucket.put(key("a"), packed([event(1)]) + gzip.compress(b"more"))
    history = opened()
    assert (history.refresh().records, ids(history)) == (1, id_of(1))
