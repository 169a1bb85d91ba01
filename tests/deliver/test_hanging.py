"""A destination that hangs: rounds go on beside it, and nothing of it is lost or sent twice."""

from __future__ import annotations

import threading
import time

from deliver.spooled import GROUP, delivery, down, entry, in_bucket, spool_of, trail

from bototrail.clock import monotonic
from bototrail.deliver.totals import read_totals, read_trails
from bototrail.spool import Folder


def test_one_that_hangs_does_not_hold_up_the_others(tmp_path, logs):
    release, arrived = threading.Event(), threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)], [entry(2)])
    logs.trouble = lambda: (arrived.set(), release.wait(30))
    thread = threading.Thread(target=delivery(tmp_path).round, args=[spool.folder])
    thread.start()
    assert arrived.wait(10)
    until = time.monotonic() + 10
    while in_bucket(tmp_path / "one") != [1, 2] and time.monotonic() < until:
        time.sleep(0.01)
    assert (in_bucket(tmp_path / "one"), logs.taken) == ([1, 2], [])
    release.set()
    thread.join()
    assert logs.taken == [1, 2]


def test_what_one_has_delivered_is_told_while_another_hangs(tmp_path, logs):
    release = threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    logs.trouble = lambda: release.wait(30)
    thread = threading.Thread(target=delivery(tmp_path).round, args=[spool.folder])
    thread.start()
    until = time.monotonic() + 10
    while not (rows := read_trails(tmp_path / "state", [])) and time.monotonic() < until:
        time.sleep(0.01)
    assert (rows[0]["LatestDeliveryError"], read_totals(tmp_path / "state")["delivered"]) == (None, 1)
    release.set()
    thread.join()
    (row,) = read_trails(tmp_path / "state", [])
    assert row["LatestCloudWatchLogsDeliveryError"] is None
    assert read_totals(tmp_path / "state")["delivered"] == 1


def test_without_threads_what_may_hang_comes_last(tmp_path, logs, monkeypatch):
    """As when the interpreter ends."""

    def none_to_be_had(_thread):
        raise RuntimeError("can't create new thread at interpreter shutdown")

    trails = [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP), trail(tmp_path, "two")]
    spool, found = spool_of(tmp_path, trails, [entry(1, "one", "two")]), []
    logs.trouble = lambda: found.extend([in_bucket(tmp_path / "one"), in_bucket(tmp_path / "two")])
    monkeypatch.setattr(threading.Thread, "start", none_to_be_had)
    delivery(tmp_path).round(spool.folder)
    assert (found, logs.taken) == ([[1], [1]], [1])


def test_one_that_is_under_way_does_not_hold_up_the_next_rounds(tmp_path, logs):
    release, arrived = threading.Event(), threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    one = delivery(tmp_path)
    logs.trouble = lambda: (arrived.set(), release.wait(30))

    def round_of_the_clock():
        return one.round(spool.folder, one.job(patient=True, until=monotonic() + 0.2))

    first = round_of_the_clock()
    assert arrived.wait(10)
    assert (first.under_way, first.waiting, in_bucket(tmp_path / "one")) == (1, 1, [1])
    spool.append(entry(2))
    spool.seal()
    second = round_of_the_clock()
    assert (second.under_way, in_bucket(tmp_path / "one"), logs.taken) == (1, [1, 2], [])
    release.set()
    last = one.round(spool.folder)
    assert (last.under_way, last.waiting, sorted(logs.taken), spool.folder.segments()) == (0, 0, [1, 2], [])
    assert read_totals(tmp_path / "state")["delivered"] == 2


def test_what_comes_of_one_under_way_is_told_later(tmp_path, logs):
    release, arrived = threading.Event(), threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    one = delivery(tmp_path)
    logs.trouble = lambda: (arrived.set(), release.wait(30), down())
    assert one.round(spool.folder, one.job(until=monotonic() + 0.2)).errors == []
    assert arrived.wait(10)
    release.set()
    one.finish()
    (row,) = read_trails(tmp_path / "state", [])
    assert row["LatestCloudWatchLogsDeliveryError"] == "ServiceUnavailable"


def test_a_folder_of_which_something_is_under_way_stays_ours(tmp_path, logs):
    release, arrived = threading.Event(), threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    spool.folder.forget()  # its process is gone
    one = delivery(tmp_path)
    logs.trouble = lambda: (arrived.set(), release.wait(30))
    one.round(None, one.job(patient=True, until=monotonic() + 0.2))
    assert arrived.wait(10)
    assert Folder.adopt(spool.folder.path) is None
    release.set()
    one.finish()
    assert logs.taken == [1]
    one.round()
    assert (logs.taken, spool.folder.path.exists()) == ([1], False)


def test_those_who_wait_for_one_that_hangs_do_not_pile_up(tmp_path, logs):
    release = threading.Event()
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    one, before = delivery(tmp_path), threading.active_count()
    logs.trouble = lambda: release.wait(30)
    for _ in range(5):
        one.round(spool.folder, one.job(until=monotonic() + 0.05))
    assert threading.active_count() - before <= 2
    release.set()
    one.finish()
    assert logs.taken == [1]
