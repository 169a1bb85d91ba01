"""What is given up when it has waited too long, or so that new records have room; and that it is counted."""

from __future__ import annotations

from pathlib import Path

import pytest
from deliver.spooled import GROUP, delivery, down, entry, in_bucket, spool_of, trail

from bototrail.deliver.delivery import Delivery
from bototrail.deliver.parcel import Parcel
from bototrail.deliver.totals import read_totals
from bototrail.record.identity import Identities


def test_what_waits_beside_the_bucket_too_long_is_given_up_for_it_alone(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    logs.trouble = down
    report = Delivery(tmp_path / "state", Identities(), 0).round(spool.folder)
    assert (report.unsent, report.expired, in_bucket(tmp_path / "one")) == (1, 0, [1])
    totals = read_totals(tmp_path / "state")
    assert (totals["unsent"], totals["dropped"]) == (1, 0)


def test_what_waits_beside_the_bucket_makes_room_for_new_records(tmp_path, logs):
    batches = [[entry(n) for n in range(start, start + 10)] for start in (0, 10, 20)]
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], *batches)
    logs.trouble = down
    size = max(s.path.stat().st_size for s in spool.folder.segments())
    report = delivery(tmp_path, spool_bytes=2 * size + 2 * size // 2).round(spool.folder)
    assert (report.unsent, report.waiting) == (20, 1)
    assert in_bucket(tmp_path / "one") == list(range(30))
    logs.trouble = None
    delivery(tmp_path).round(spool.folder)
    assert logs.taken == list(range(20, 30))  # the oldest make room


def test_what_is_delivered_just_now_crowds_out_nothing(tmp_path, logs):
    with_logs, large = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP), trail(tmp_path, "large")
    spool = spool_of(tmp_path, [with_logs, large], [entry(1)], [entry(n, "large") for n in range(100)])
    logs.trouble = down
    size = sum(s.path.stat().st_size for s in spool.folder.segments())
    report = delivery(tmp_path, spool_bytes=size).round(spool.folder)
    assert (report.unsent, report.waiting) == (0, 1)


def test_one_that_is_down_keeps_nothing_that_is_not_for_it(tmp_path, logs):
    trails = [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP), trail(tmp_path, "two")]
    spool = spool_of(tmp_path, trails, [entry(1)], [entry(2, "two")], [entry(3, "two")])
    logs.trouble = down
    report = delivery(tmp_path).round(spool.folder)
    assert (report.waiting, in_bucket(tmp_path / "two")) == (1, [2, 3])


def test_records_of_a_trail_that_cannot_be_read_are_not_crowded_out(tmp_path):
    spool = spool_of(tmp_path, [trail(tmp_path)], [entry(1, "one"), entry(2, "lost")])
    report = delivery(tmp_path, spool_bytes=1).round(spool.folder)
    assert (report.unsent, report.waiting, len(spool.folder.segments())) == (0, 1, 1)


def test_whoever_records_nothing_crowds_out_nothing(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    logs.trouble = down
    one = delivery(tmp_path)
    assert (one.spool_bytes, one.round(spool.folder).unsent) == (None, 0)


def test_of_what_is_given_up_only_what_was_not_sent_is_counted(tmp_path, logs):
    trails = [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP), trail(tmp_path, "two"), trail(tmp_path, "three")]
    (tmp_path / "three").write_text("no folder")
    spool = spool_of(tmp_path, trails, [entry(1), entry(2, "two"), entry(3, "two", "three"), entry(4, "one", "two")])
    logs.trouble = down
    report = Delivery(tmp_path / "state", Identities(), 0).round(spool.folder)
    assert (report.unsent, report.expired, in_bucket(tmp_path / "two")) == (2, 1, [2, 3, 4])


@pytest.mark.parametrize("days", [0, 30])
def test_what_cannot_be_removed_is_counted_when_it_is(days, tmp_path, logs, monkeypatch):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    (segment,) = spool.folder.segments()
    with segment.path.open("ab") as file:
        file.write(b"torn")
    logs.trouble = down if days == 0 else None
    one = Delivery(tmp_path / "state", Identities(), days)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(OSError("read-only")))
        reports = [one.round(spool.folder) for _ in range(2)]
    reports.append(one.round(spool.folder))
    assert [(r.torn, r.unsent) for r in reports] == [(0, 0), (0, 0), (0, 1) if days == 0 else (1, 0)]


def test_memory_is_bounded_by_giving_up_what_is_in_the_bucket(tmp_path, logs):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    parcels = [Parcel([entry(n)]) for n in range(3)]
    last, logs.trouble = parcels[-1], down
    report = delivery(tmp_path).batches(parcels, [t], room=last.size)
    assert (parcels, report.unsent, report.waiting, in_bucket(tmp_path / "one")) == ([last], 2, 1, [0, 1, 2])
