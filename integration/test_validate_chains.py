"""Chains of many hours, of several writers, rotated keys and killed ones: the AWS CLI and we find all of it valid."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from integrity.hosts import ACCOUNT, REGION, Clock, Host
from support import Place, script
from validating import Bucket, Said, needs_the_aws_cli, ours, well

from bototrail.clock import event_time
from bototrail.deliver import ledger
from bototrail.integrity.keys import open_keys
from bototrail.trails import Trail

pytestmark = needs_the_aws_cli
ARN = f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit"
START = "2026-09-21T12:00:00Z"


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


def trail(bucket: Bucket) -> Trail:
    return Trail("audit", bucket.location, S3BucketName=bucket.name or "my-trail-bucket", HomeRegion=REGION)


def host(state: Path, bucket: Bucket) -> Host:
    """A host with a key folder of its own."""
    made = Host(state, trail(bucket))
    made.keys = open_keys(state)
    made.keys.current(ledger.now())  # a key that is valid from then on
    return made


def share_keys(place: Place, *hosts: Host) -> None:
    """Every host knows the others' keys, and so does who validates."""
    keys = {each.state: each.keys.public_keys().values() for each in hosts}
    for state in {*keys, place.state}:
        for known in keys.values():
            open_keys(state).import_keys(known)


def both(place: Place, bucket: Bucket, by_aws: Callable[..., Said], clock: Clock) -> tuple[Said, Said]:
    """What both say, now by that clock."""
    end = event_time(clock.time + 60)
    mine = ours(place, bucket.location, "--start", START, "--end", end)
    return by_aws(bucket, ARN, region=REGION, start=START, end=end), mine


def test_hours_empty_hours_and_a_key_that_changes_are_proven(place, bucket, by_aws, clock):
    clock.at(12, 10)
    one = host(place.state, bucket)
    one.deliver()
    clock.at(12, 20)
    one.deliver()
    clock.at(14, 30)
    one.digests()
    one.keys.rotate(clock.time)
    one.deliver()
    clock.at(17, 15)
    one.deliver()
    clock.at(18, 20, 10)
    assert len(one.digests(closing=True)) == 5
    assert len(open_keys(place.state).public_keys()) == 2
    assert both(place, bucket, by_aws, clock) == (well(7, 4), well(7, 4))


def test_hosts_that_share_a_bucket_make_one_chain_with_backfills(place, bucket, by_aws, clock):
    clock.at(12, 10)
    one, two, sleeping = (host(place.folder / name, bucket) for name in ("one", "two", "three"))
    exported = place.folder / "keys.json"
    for each in (one, two, sleeping):
        place.run(script("bototrail"), "keys", "export", "--output", exported, BOTOTRAIL_STATE=each.state)
        place.run(script("bototrail"), "keys", "import", exported)
    for hour, first, second in ((12, one, two), (13, two, one), (14, two, one)):
        clock.at(hour, 20)
        for each in (one, two, sleeping):
            each.deliver()
        clock.at(hour + 1)
        first.digests()
        second.digests()
    clock.at(15, 10)
    sleeping.digests()
    assert both(place, bucket, by_aws, clock) == (well(3, 9, 4), well(3, 9, 4))


PROCESS = """
    import os, signal, sys, threading, time
    from bototrail.cli import main
    from bototrail.deliver import ledger

    steps, wait = int(os.environ.get("STEPS", -1)), float(os.environ.get("WAIT", 0))

    def killed():
        time.sleep(wait)
        os.kill(os.getpid(), signal.SIGKILL)

    def count(event, _):
        global steps
        if event in ("sqlite3.connect", "os.link", "os.remove", "http.client.send"):
            steps -= 1
            if steps == 0:
                threading.Thread(target=killed).start() if wait else killed()

    ledger.now = lambda: float(os.environ["NOW"])
    sys.addaudithook(count)
    main()
"""


def digest_at(place: Place, moment: float, state: Path, **environ: object) -> subprocess.Popen[str]:
    """Start `bototrail digest` at `moment` by its clock; after STEPS steps and WAIT seconds it is killed."""
    program = place.folder / "program.py"
    if not program.exists():  # another process may be about to read it
        place.program(PROCESS)
    return place.start(sys.executable, program, "digest", NOW=moment, BOTOTRAIL_STATE=state, **environ)


@pytest.mark.parametrize("kind", ["folder", "seaweed"])
def test_hosts_that_make_digests_at_the_same_time_make_one_chain(kind, place, buckets, by_aws, clock):
    bucket = buckets(kind)
    clock.at(12, 10)
    hosts = [host(place.folder / name, bucket) for name in ("one", "two", "three")]
    share_keys(place, *hosts)
    for hour in range(12, 18):
        clock.at(hour, 20)
        for each in hosts:
            each.deliver()
    clock.at(18)
    processes = [digest_at(place, clock.time, each.state) for each in hosts]
    assert [(process.communicate(timeout=90), process.returncode)[1] for process in processes] == [0, 0, 0]
    backfills = len(bucket.keys("_backfill.json.gz"))
    assert both(place, bucket, by_aws, clock) == (well(6, 18, backfills),) * 2


@pytest.mark.parametrize(("kind", "kills"), [("folder", 24), ("seaweed", 6)])
def test_who_is_killed_at_any_moment_leaves_a_chain_that_another_run_completes(
    kind, kills, place, buckets, by_aws, clock
):
    bucket, seed = buckets(kind), random.Random(kind)
    clock.at(12, 10)
    one, other = host(place.state, bucket), host(place.folder / "other", bucket)
    share_keys(place, one, other)
    for n in range(kills):
        clock.at(12 + 3 * n, 20)
        one.deliver()
        other.deliver()
        if n == kills // 4:
            other.digests()
    clock.at(12 + 3 * kills)
    for _ in range(kills):
        wait = seed.choice([0, seed.random() * 0.003])
        killed = digest_at(place, clock.time, one.state, STEPS=seed.randint(2, 9), WAIT=wait)
        killed.communicate(timeout=90)
        assert killed.returncode == -signal.SIGKILL
    for each in (one, other):
        assert digest_at(place, clock.time, each.state).wait(90) == 0
    backfills = len(bucket.keys("_backfill.json.gz"))
    digests = len(bucket.keys("_CloudTrail-Digest_")) - backfills
    assert digests == 3 * kills
    expected = well(digests, 2 * kills, backfills)
    assert both(place, bucket, by_aws, clock) == (expected, expected)
