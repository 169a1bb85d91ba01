"""A program may end in any way and at any moment: what it has finished is delivered by whoever comes next, once."""

from __future__ import annotations

import random
import signal
import sys
import time
from collections import Counter

import pytest
from support import once, script, until

ENDLESS = """
    import itertools, os, sys, boto3
    log = os.open("finished", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    s3 = boto3.client("s3")
    for number in itertools.count():
        call = f"{sys.argv[1]}/{number}"
        s3.list_objects_v2(Bucket="photos", Prefix=call)
        os.write(log, call.encode() + b"\\n")
"""

A_LOT = """
    import os, boto3
    regions = ("eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-west-2")
    clients = [boto3.client("sts", region_name=region) for region in regions]
    for _ in range(30):
        if os.fork() == 0:
            for sts in clients * 20:
                sts.get_caller_identity()
            os._exit(0)
        os.wait()
    os._exit(0)
"""


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


def finished(place):
    path = place.folder / "finished"
    return path.read_text().splitlines() if path.exists() else []


@pytest.mark.parametrize("flush_seconds", [0.01, 300], ids=["while-delivering", "while-spooling"])
@pytest.mark.parametrize("seed", [pytest.param(1, marks=pytest.mark.newest), 2, 3])
def test_every_finished_call_survives_kill_9(seed, flush_seconds, place):
    chance = random.Random(seed)
    program = place.program(ENDLESS)
    options = {"BOTOTRAIL": place.bucket, "BOTOTRAIL_FLUSH_SECONDS": flush_seconds}
    for run in range(10):
        before = len(finished(place))
        process = place.start(sys.executable, program, run, **options)
        until(lambda before=before: len(finished(place)) > before, what="a first call")
        time.sleep(chance.uniform(0, 0.4))
        process.kill()
        process.communicate()
    place.flush()
    place.sweep()
    delivered = Counter(r["requestParameters"]["prefix"] for r in place.records())
    done = finished(place)
    assert {call: delivered[call] for call in done} == dict.fromkeys(done, 1)
    last = {call.partition("/")[0]: int(call.partition("/")[2]) for call in done}
    in_flight = {f"{run}/{number + 1}" for run, number in last.items()}
    assert set(delivered) - set(done) <= in_flight
    assert set(delivered.values()) == {1}
    assert place.status()["processes"] == []


@pytest.mark.newest
def test_killed_before_its_first_call_a_program_leaves_nothing_that_disturbs(place):
    chance = random.Random(4)
    program = place.program(ENDLESS)
    for run in range(8):
        process = place.start(sys.executable, program, run, BOTOTRAIL=place.bucket)
        time.sleep(chance.uniform(0.1, 0.8))
        process.kill()
        process.communicate()
    place.flush()
    delivered = {r["requestParameters"]["prefix"] for r in place.records()}
    assert set(finished(place)) <= delivered
    assert place.status()["processes"] == []


def test_every_record_is_delivered_once_when_the_deliverer_is_killed_again_and_again(place, http):
    place.record(A_LOT, AWS_ENDPOINT_URL=http().url)
    chance, kills = random.Random(5), 0
    while True:
        files = len(list(place.bucket.rglob("*.gz")))
        process = place.start(script("bototrail"), "flush")
        until(
            lambda files=files, process=process: (
                len(list(place.bucket.rglob("*.gz"))) > files or process.poll() is not None
            ),
            what="a log file",
        )
        time.sleep(chance.uniform(0, 0.02))
        if process.poll() is not None:
            break
        process.kill()
        process.communicate()
        kills += 1
    place.flush()
    place.sweep()
    records = place.records()
    assert Counter(r["awsRegion"] for r in records) == dict.fromkeys(
        ("eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-west-2"), 600
    )
    assert kills >= 5
    assert place.status()["processes"] == []


def test_who_the_caller_is_may_become_known_between_two_tries_of_a_delivery(place):
    """A log file that is there already is not made again under the name of another account."""
    source = """
        import pathlib, boto3, bototrail
        for region in ("eu-west-1", "us-east-1"):
            boto3.client("dynamodb", region_name=region).list_tables()
        block = pathlib.Path("bucket/AWSLogs/000000000000/CloudTrail/us-east-1")
        block.parent.mkdir(parents=True)
        block.touch()
        print(bototrail.flush().complete)
        block.unlink()
        boto3.client("sts").get_caller_identity()
        print(bototrail.flush().complete)
    """
    done = place.record(source, BOTOTRAIL_IDENTITY="offline")
    assert done.stdout.split() == ["False", "True"]
    files = place.log_files().values()
    assert Counter(r["eventName"] for r in once(r for records in files for r in records)) == {
        "GetCallerIdentity": 1,
        "ListTables": 2,
    }


ENDS = {
    "returns": ("pass", 0),
    "sys.exit": ("sys.exit(3)", 3),
    "exception": ("raise ValueError('the program itself')", 1),
    "KeyboardInterrupt": ("signal.raise_signal(signal.SIGINT)", -signal.SIGINT),
    "SystemExit in a handler of SIGTERM": (
        "signal.signal(signal.SIGTERM, lambda *_: sys.exit(4)); signal.raise_signal(signal.SIGTERM)",
        4,
    ),
    "SIGTERM": ("signal.raise_signal(signal.SIGTERM)", -signal.SIGTERM),
    "os._exit": ("os._exit(5)", 5),
    "abort": ("os.abort()", -signal.SIGABRT),
    "exec": ("os.execv(sys.executable, [sys.executable, '-c', 'raise SystemExit(6)'])", 6),
}
DELIVERS_ITSELF = {"returns", "sys.exit", "exception", "KeyboardInterrupt", "SystemExit in a handler of SIGTERM"}


@pytest.mark.newest
@pytest.mark.parametrize("end", ENDS)
def test_a_program_may_end_as_it_likes(end, place):
    statement, code = ENDS[end]
    source = f"""
        import os, signal, sys, boto3
        s3 = boto3.client("s3")
        for number in range(3):
            s3.list_objects_v2(Bucket="photos", Prefix=str(number))
        {statement}
    """
    place.record(source, code=code)
    assert place.names() == ({"ListObjects": 3} if end in DELIVERS_ITSELF else {})
    place.flush()
    assert place.names() == {"ListObjects": 3}
    assert place.status()["processes"] == []


@pytest.mark.newest
def test_calls_of_handlers_at_exit_are_recorded_whenever_these_were_registered(place):
    source = """
        import atexit
        def call(name):
            s3.list_objects_v2(Bucket="photos", Prefix=name)
        atexit.register(call, "registered before the recorder, runs after it")
        import boto3
        s3 = boto3.client("s3")
        atexit.register(call, "registered after the recorder, runs before it")
    """
    place.record(source)
    place.flush()
    assert sorted(r["requestParameters"]["prefix"] for r in place.records()) == [
        "registered after the recorder, runs before it",
        "registered before the recorder, runs after it",
    ]
