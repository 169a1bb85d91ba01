"""Three trails at once while programs, deliverers and servers are killed: all arrives, and once in each bucket."""

from __future__ import annotations

import random
import signal
import sys
import time
from contextlib import contextmanager, suppress

import pytest
from servers import Moto, SeaweedFS
from support import script, until
from three_trails import AGAIN, Three


@pytest.fixture(autouse=True)
def photos(moto):
    moto.client("s3").create_bucket(Bucket="photos")


@pytest.mark.parametrize("flush_seconds", [0.01, 300], ids=["while-delivering", "while-spooling"])
@pytest.mark.parametrize("seed", [1, 2])
def test_every_finished_call_is_in_each_destination_that_wants_it(seed, flush_seconds, place, seaweed, moto):
    three = Three(place, seaweed, moto, f"kill-{seed}-{flush_seconds:.0f}")
    chance, runs = random.Random(seed), 4
    for run in range(runs):
        before = len(three.finished())
        options = {"BOTOTRAIL_FLUSH_SECONDS": flush_seconds, **three.options}
        process = place.start(sys.executable, three.program, f"{three.name}-{run}", **options)
        until(lambda before=before: len(three.finished()) > before, what="a first call")
        time.sleep(chance.uniform(0, 1))
        process.kill()
        process.communicate()
    place.flush()
    place.sweep()
    three.check(in_flight=runs, repeated=runs)
    assert place.status()["processes"] == []


def cursors(place):
    """How far each destination has come in the spool."""
    found = {}
    for path in place.state.glob("spool/*/*.cursors"):
        with suppress(FileNotFoundError):
            found[path] = path.stat().st_mtime_ns
    return found


def test_deliverers_may_be_killed_again_and_again(place, seaweed, moto):
    three = Three(place, seaweed, moto, "kill-deliverers")
    place.run(sys.executable, place.program(AGAIN, "again.py"), three.name, 15, **three.options)
    chance, kills, code = random.Random(3), 0, None
    while code != 0:
        before, process = cursors(place), place.start(script("bototrail"), "flush")
        until(lambda before=before, process=process: cursors(place) != before or process.poll() is not None)
        time.sleep(chance.uniform(0, 0.05))
        process.kill()
        process.communicate()
        code = process.returncode
        assert code in (0, -signal.SIGKILL)
        kills += code != 0
    place.sweep()
    assert kills >= 2
    three.check(repeated=kills)
    assert place.status()["processes"] == []


@pytest.fixture
def servers(tmp_path):
    """A SeaweedFS and a moto of the test's own."""
    made = []
    for kind in (SeaweedFS, Moto):
        (folder := tmp_path / kind.__name__).mkdir()
        made.append(kind(folder))
        made[-1].start()
    yield made
    for server in made:
        server.kill()


def test_servers_may_be_killed_while_the_program_runs(place, servers):
    seaweed, aside = servers
    three = Three(place, seaweed, aside, "kill-servers")
    process = place.start(sys.executable, three.program, three.name, BOTOTRAIL_FLUSH_SECONDS=0.05, **three.options)

    three.wait_for_more("everything", "writes", "photos", "logs")
    seaweed.kill()
    three.wait_for_more("everything", "photos", "logs")
    seaweed.start()
    three.wait_for_more("writes", "logs")
    with stopped(process):
        remember(three)
        aside.kill()
    three.wait_for_more("everything", "writes", "photos")
    with stopped(process):  # a message that comes before the subscription is nobody's
        aside.start()
        three.make_receivers()
    three.wait_for_more("everything", "writes", "photos", "logs")
    (place.folder / "stop").touch()
    process.communicate(timeout=60)
    until(lambda: place.flush(code=None).returncode == 0, what="a flush without errors")
    three.check(repeated=1)
    assert len(three.finished()) > 100


@contextmanager
def stopped(process):
    """Let a process do nothing meanwhile."""
    process.send_signal(signal.SIGSTOP)
    yield
    process.send_signal(signal.SIGCONT)


def remember(three):
    """Remember what has arrived, once no more comes."""
    seen = []
    while len(seen) < 5 or seen[-1] != seen[-5]:
        seen.append((three.batches(), three.told()))
    three.remember()
