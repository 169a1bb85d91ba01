"""Lookups at a real prompt: terminals, pipes, Ctrl-C, buckets in S3, and programs that record meanwhile."""

from __future__ import annotations

import base64
import fcntl
import gzip
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import threading
import time
from contextlib import suppress
from pathlib import Path

import pytest
from support import script, until

BOTOTRAIL = script("bototrail")
CALLS = """
    import sys, time
    import boto3
    iam = boto3.client("iam")
    for number in range(int(sys.argv[1])):
        with_name = {"PathPrefix": f"/number/{number}/"}
        iam.list_roles(**with_name)
        print(time.time(), flush=True)
        time.sleep(float(sys.argv[2]))
"""
DAYS = ("--days", "36500")


def record(number: int, **more: object) -> dict[str, object]:
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "userName": f"user{number % 7}", "arn": "arn:aws:iam::111122223333:user/u"},
        "eventTime": f"2026-09-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "192.0.2.7",
        "eventID": f"{number:08}-0000-4000-8000-000000000000",
        "readOnly": True,
        "recipientAccountId": "111122223333",
        **more,
    }


def fill(bucket: Path, files: int, each: int, padding: int = 0) -> Path:
    """A bucket of log files; with padding that gzip makes no smaller, if there is to be much to read."""
    folder = bucket / "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/09/21"
    folder.mkdir(parents=True)
    for file in range(files):
        numbers = range(file * each, (file + 1) * each)
        noise = (base64.b64encode(os.urandom(padding)).decode() for _ in numbers)
        records = [record(n, **({"userAgent": text} if text else {})) for n, text in zip(numbers, noise, strict=True)]
        name = f"111122223333_CloudTrail_eu-central-1_20260921T{file // 60:02}{file % 60:02}Z_{file:016}.json.gz"
        (folder / name).write_bytes(gzip.compress(json.dumps({"Records": records}).encode(), 1))
    return bucket


def ids(stdout: str) -> list[str]:
    return [json.loads(line)["eventID"] for line in stdout.splitlines()]


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, place, *command: object, columns: int = 80, **environ: str) -> None:
        self.text = ""
        self.pid, self._fd = pty.fork()
        if not self.pid:
            os.chdir(place.folder)
            size = struct.pack("HHHH", 24, columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(BOTOTRAIL, ["bototrail", *map(str, command)], place.environ | {"TERM": "xterm"} | environ)

    def read(self, enough: str = "", seconds: float = 60) -> str:
        """Everything up to a text, or to its end."""
        end = time.monotonic() + seconds
        while not (enough and enough in self.text):
            assert time.monotonic() < end, f"{enough or 'its end'} did not come: {self.text[-2000:]}"
            if select.select([self._fd], [], [], 0.1)[0]:
                try:
                    some = os.read(self._fd, 65_536)
                except OSError:  # its end
                    some = b""
                if not some:
                    break
                self.text += some.decode()
        return self.text

    def press_ctrl_c(self) -> None:
        os.write(self._fd, b"\x03")

    def end(self) -> int:
        """Its exit code."""
        self.read()
        os.close(self._fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


@pytest.fixture
def terminal(place):
    """Starts commands on terminals."""
    made = []

    def start(*command: object, **options) -> Terminal:
        made.append(Terminal(place, *command, **options))
        return made[-1]

    yield start
    for one in made:
        with suppress(OSError):
            os.kill(one.pid, signal.SIGKILL)


class Lines:
    """The lines that a process prints, with the moment when each came."""

    def __init__(self, process) -> None:
        self.process, self.found = process, []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.found.append((time.time(), line.rstrip("\n")))


# ---- terminals
def test_on_a_terminal_there_is_a_table_of_the_newest(place, terminal):
    bucket = fill(place.bucket, 2, 40)
    one = terminal("lookup", "--bucket", bucket, *DAYS)
    assert one.end() == 0
    plain = re.sub(r"\x1b\[[0-9;]*[mK]", "", one.text).replace("\r", "")
    lines = [line for line in plain.split("\n") if line]
    assert lines[0].split() == ["time", "event", "user", "resource", "region", "error"]
    assert (len(lines), lines[1].split()[:4]) == (52, ["2026-09-01T00:01:19Z", "s3", "GetObject", "user2"])
    assert lines[-1] == "these are the newest 50; for more, use --limit N, or 0 for all"
    assert max(map(len, lines)) <= 80
    assert "\x1b[2m" in one.text


def test_without_colours_there_are_none(place, terminal):
    bucket = fill(place.bucket, 1, 3)
    one = terminal("lookup", "--bucket", bucket, *DAYS, NO_COLOR="1")
    assert (one.end(), "\x1b[2m" in one.text, "\x1b[1m" in one.text) == (0, False, False)


def test_a_long_index_tells_how_far_it_is(place, terminal):
    bucket = fill(place.bucket, 40, 500, 2_000)
    one = terminal("lookup", "--bucket", bucket, *DAYS, "--limit", "1")
    assert one.end() == 0
    assert re.search(r"\[[#-]{24}\] \d+ of 40 log files, \d+ events", one.text)
    assert one.text.rstrip().split("\n")[-1].startswith("\x1b[2m2026-09-01T05:33:19Z")


def test_tail_ends_with_ctrl_c(place, terminal):
    bucket = fill(place.bucket, 1, 20)
    one = terminal("tail", "--bucket", bucket, *DAYS, "-n", "3")
    assert one.read("00:00:19Z").count("s3 GetObject") == 3
    one.press_ctrl_c()
    assert (one.end(), "interrupted" in one.text, "Traceback" in one.text) == (130, True, False)


# ---- Ctrl-C, and others at the same time
def test_what_was_indexed_before_ctrl_c_stays(place):
    bucket = fill(place.bucket, 60, 500, 2_000)
    command = (BOTOTRAIL, "lookup", "--bucket", bucket, *DAYS, "--columns", "eventID")
    process = place.start(*command)
    cache = place.folder / "home" / ".cache" / "bototrail"
    until(lambda: [*cache.glob("history-*/parts/[!.]*.names.parquet")], 60, "the first part")
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout, stderr.splitlines()[-1]) == (130, "", "interrupted")
    assert time.monotonic() - began < 20
    before = {path.name for path in cache.glob("history-*/parts/[!.]*")}
    done = place.run(*command)
    assert sorted(ids(done.stdout)) == [record(number)["eventID"] for number in range(30_000)]
    after = {path.name for path in cache.glob("history-*/parts/[!.]*")}
    assert before & after, "nothing that was there was used"
    assert after - before, "everything was there already"


def test_two_at_a_time_find_the_same(place):
    bucket = fill(place.bucket, 30, 500, 2_000)
    command = (BOTOTRAIL, "lookup", "--bucket", bucket, *DAYS, "--columns", "eventID")
    first, second = place.start(*command), place.start(*command)
    found = [process.communicate(timeout=90) for process in (first, second)]
    assert [process.returncode for process in (first, second)] == [0, 0]
    assert [sorted(ids(stdout)) for stdout, _ in found] == [[record(n)["eventID"] for n in range(15_000)]] * 2


# ---- pipes
@pytest.mark.parametrize("form", ["table", "json", "jsonl", "csv"])
def test_a_reader_that_has_enough_is_no_error(form, place):
    bucket = fill(place.bucket, 1, 20_000)
    command = f"'{BOTOTRAIL}' lookup --bucket '{bucket}' {' '.join(DAYS)} --format {form} | head -n 2"
    done = place.run("bash", "-o", "pipefail", "-c", command)
    assert (len(done.stdout.splitlines()), done.stderr) == (2, "")


def test_the_first_rows_do_not_wait_for_the_last(place):
    bucket = fill(place.bucket, 2, 50_000)
    process = place.start(BOTOTRAIL, "lookup", "--bucket", bucket, *DAYS, "--format", "csv")
    lines = Lines(process)
    until(lambda: lines.found, 60, "the first row")
    began = time.time()
    assert process.wait(90) == 0
    assert time.time() - began > 0.5
    until(lambda: len(lines.found) == 100_001, 30, "all rows")


def test_tail_ends_when_nobody_reads_any_more(place):
    bucket = fill(place.bucket, 1, 20)
    done = place.run(
        "bash", "-o", "pipefail", "-c", f"'{BOTOTRAIL}' tail --bucket '{bucket}' {' '.join(DAYS)} | head -n 1"
    )
    assert (ids(done.stdout), done.stderr) == ([record(10)["eventID"]], "")


# ---- programs that record
def test_tail_shows_calls_of_another_process_when_they_are_made(place):
    """Records wait in the spool all the while, and are delivered at the end: nothing comes twice."""
    place.bucket.mkdir()
    tail = place.start(BOTOTRAIL, "tail", "--bucket", place.bucket, "eventSource=iam")
    lines = Lines(tail)
    program = place.start(sys.executable, place.program(CALLS), "6", "1", BOTOTRAIL=place.bucket)
    called = [float(moment) for moment in program.communicate(timeout=90)[0].split()]
    until(lambda: len(lines.found) >= 6, 20, "the last call")
    until(lambda: place.bucket.rglob("*.json.gz"), 20, "the delivery")
    time.sleep(3)
    prefixes = [json.loads(line)["requestParameters"]["pathPrefix"] for _, line in lines.found]
    assert prefixes == [f"/number/{number}/" for number in range(6)]
    late = [came - call for (came, _), call in zip(lines.found, called, strict=True)]
    assert sorted(late)[len(late) // 2] < 2.5, late
    assert max(late) < 8, late
    tail.send_signal(signal.SIGINT)
    assert tail.wait(20) == 130


def test_tail_shows_what_others_deliver(place):
    place.bucket.mkdir()
    tail = place.start(BOTOTRAIL, "tail", "--bucket", place.bucket, *DAYS, "--format", "csv", "--columns", "eventID")
    lines = Lines(tail)
    until(lambda: (place.folder / "home" / ".cache").rglob("catalogue.sqlite"), 30, "its start")
    time.sleep(2)
    fill(place.bucket / "of-others", 2, 3)
    until(lambda: len(lines.found) == 7, 20, "six events and a heading")
    assert [line for _, line in lines.found] == ["eventID", *(record(n)["eventID"] for n in range(6))]


def test_a_call_made_a_moment_ago_is_found_and_shown(place):
    place.record(CALLS, 2, 0, BOTOTRAIL_EXIT_SECONDS=0)
    found = place.run(BOTOTRAIL, "lookup", "--bucket", place.bucket, "event=ListRoles", "/number/1/").stdout
    (event,) = [json.loads(line) for line in found.splitlines()]
    page = place.run(BOTOTRAIL, "show", "--bucket", place.bucket, event["eventID"][:12]).stdout
    assert page.startswith("iam ListRoles\n")
    assert '"pathPrefix": "/number/1/"' in page
    assert place.run(BOTOTRAIL, "lookup", "--bucket", place.bucket, "event=listroles").stderr == (
        "no event meets this filter\ndid you mean eventName=ListRoles?\n"
    )


@pytest.mark.parametrize("kind", ["seaweed", "moto"])
def test_buckets_in_s3(kind, place, buckets):
    bucket = buckets(kind).location
    place.record(CALLS, 3, 0, BOTOTRAIL=bucket)
    tail = place.start(
        BOTOTRAIL, "tail", "--bucket", bucket, "--format", "csv", "--columns", "requestParameters.pathPrefix"
    )
    lines = Lines(tail)
    until(lambda: len(lines.found) == 4, 30, "what was recorded")
    place.record(CALLS, 1, 0, BOTOTRAIL=bucket)
    until(lambda: len(lines.found) == 5, 30, "what is recorded now")
    tail.send_signal(signal.SIGINT)
    assert tail.wait(20) == 130
    done = place.run(BOTOTRAIL, "lookup", "--bucket", bucket, "service=iam", "--format", "json")
    assert len(json.loads(done.stdout)["Records"]) == 4
