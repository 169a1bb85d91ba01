"""Several destinations of the same records: none holds up, repeats or loses for another, whatever happens to it."""

from __future__ import annotations

import gzip
import shutil
import threading
import time
from pathlib import Path

import orjson
import pytest

from bototrail.clock import monotonic
from bototrail.deliver import courier, to_logs
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.parcel import Parcel
from bototrail.deliver.sinks import FolderBucket
from bototrail.deliver.to_logs import ToLogs
from bototrail.deliver.totals import note_logging, read_totals, read_trails
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities, from_caller
from bototrail.settings import load
from bototrail.spool import Entry, Folder, Header, Spool
from bototrail.spool.entry import IDENTITY, unknown_owner
from bototrail.trails import Trail

NOBODY = [{"FieldSelectors": [{"Field": "userIdentity.arn", "Equals": ["nobody"]}]}]
GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:g:*"


def entry(number: int, *trails: str) -> Entry:
    record = {
        "n": number,
        "eventTime": "2026-11-21T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventID": str(number),
    }
    return Entry(Header(trails or ("one",), account="111122223333").encode(), orjson.dumps(record))


def trail(tmp_path: Path, name: str = "one", **fields) -> Trail:
    return Trail(name, str(tmp_path / name), S3BucketName=name, **fields)


def spool_of(tmp_path: Path, trails: list[Trail], *batches: list[Entry]) -> Spool:
    spool = Spool(load(str(tmp_path / "unused"), state=tmp_path / "state"), trails)
    for batch in batches:
        for each in batch:
            spool.append(each)
        spool.seal()
    return spool


def delivery(tmp_path: Path, **options) -> Delivery:
    return Delivery(tmp_path / "state", Identities(), 30, **options)


def in_bucket(folder: Path) -> list[int]:
    files = sorted(folder.rglob("*.json.gz"))
    return sorted(r["n"] for path in files for r in orjson.loads(gzip.decompress(path.read_bytes()))["Records"])


class Logs:
    """Stands in for `ToLogs._put`: takes batches, or does as it is told."""

    def __init__(self, monkeypatch) -> None:
        self.taken: list[int] = []
        self.trouble = None
        monkeypatch.setattr(ToLogs, "_put", lambda _, __, batch: self._put(batch))

    def _put(self, batch: list[bytes]) -> int:
        if self.trouble is not None:
            self.trouble()
        self.taken += [orjson.loads(record)["n"] for record in batch]
        return 0


@pytest.fixture
def logs(monkeypatch) -> Logs:
    return Logs(monkeypatch)


def down() -> None:
    raise DeliveryError("logs are down", code="ServiceUnavailable")


def test_each_trail_gets_its_records_and_only_those(tmp_path):
    trails = [trail(tmp_path, name) for name in ("one", "two", "three")]
    spool = spool_of(tmp_path, trails, [entry(1, "one", "two"), entry(2, "two"), entry(3, "one", "three")])
    report = delivery(tmp_path).round(spool.folder)
    assert [in_bucket(tmp_path / t.Name) for t in trails] == [[1, 3], [1, 2], [3]]
    assert (report.errors, spool.folder.segments()) == ([], [])
    assert sorted(p.name for p in spool.folder.path.iterdir()) == ["lock", "trails.json"]


def test_one_that_is_down_neither_blocks_nor_repeats_the_others(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)], [entry(2)])
    logs.trouble = down
    one = delivery(tmp_path)
    first = one.round(spool.folder)
    assert (in_bucket(tmp_path / "one"), first.errors, first.waiting) == ([1, 2], ["logs are down"], 2)
    second = one.round(spool.folder)
    assert (second.files, second.waiting) == ([], 2)
    logs.trouble = None
    third = one.round(spool.folder)
    assert (logs.taken, third.errors, third.waiting, spool.folder.segments()) == ([1, 2], [], 0, [])


def test_after_a_crash_each_goes_on_where_it_was(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)], [entry(2)])
    failures = iter([None, down])
    logs.trouble = lambda: (next(failures) or (lambda: None))()
    delivery(tmp_path).round(spool.folder)
    assert logs.taken == [1]
    spool.folder.forget()  # the process is gone; another one adopts its folder
    logs.trouble = None
    report = delivery(tmp_path).round()
    assert (logs.taken, report.files, report.waiting) == ([1, 2], [], 0)


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


def test_what_failed_rests_while_the_others_go_on(tmp_path, logs, monkeypatch):
    monkeypatch.setattr(courier, "FIRST_REST", 1000.0)
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    spool = spool_of(tmp_path, [t], [entry(1)])
    one, tries = delivery(tmp_path), []
    logs.trouble = lambda: (tries.append(1), down())
    one.round(spool.folder, one.job(patient=True))
    spool.append(entry(2))
    spool.seal()
    report = one.round(spool.folder, one.job(patient=True))
    assert (len(tries), report.errors, in_bucket(tmp_path / "one")) == (1, [], [1, 2])
    assert sorted(map(bool, one.rests([t]))) == [False, True]
    one.round(spool.folder)  # somebody asks for it: no rest
    assert len(tries) == 2


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


def test_a_folder_that_somebody_removed_does_not_hold_up_the_others(tmp_path):
    left = spool_of(tmp_path, [trail(tmp_path)], [entry(1)])
    left.folder.forget()
    mine = spool_of(tmp_path, [trail(tmp_path)], [entry(2)])
    shutil.rmtree(mine.folder.path)
    delivery(tmp_path).round(mine.folder)
    assert in_bucket(tmp_path / "one") == [1]


def test_records_of_a_trail_that_is_not_used_any_more_still_reach_it(tmp_path):
    spool = spool_of(tmp_path, [trail(tmp_path, "old")], [entry(1, "old")])
    spool.use([trail(tmp_path, "new")])
    spool.append(entry(2, "new"))
    spool.seal()
    delivery(tmp_path).round(spool.folder)
    assert (in_bucket(tmp_path / "old"), in_bucket(tmp_path / "new")) == ([1], [2])


def objects_of_alice(tmp_path: Path) -> Trail:
    conditions = {"eventCategory": "Data", "resources.type": "AWS::S3::Object"}
    fields = [{"Field": name, "Equals": [value]} for name, value in conditions.items()]
    fields.append({"Field": "userIdentity.arn", "EndsWith": ["/alice"]})
    return trail(tmp_path, AdvancedEventSelectors=({"FieldSelectors": fields},))


def undecided(number: int, user: str) -> Entry:
    record = {
        "n": number,
        "userIdentity": {"arn": f"arn:aws:iam::111122223333:user/{user}"},
        "eventSource": "s3.amazonaws.com",
        "eventName": "GetObject",
        "awsRegion": "us-east-1",
        "readOnly": True,
        "resources": [{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::b/k"}],
        "eventCategory": "Data",
    }
    return Entry(Header(maybe=("one",), account="111122223333").encode(), orjson.dumps(record))


def test_what_could_not_be_decided_is_decided_when_the_caller_is_known(tmp_path):
    entries = [undecided(n, user) for n, user in enumerate(["alice", "bob", "alice"])]
    spool = spool_of(tmp_path, [objects_of_alice(tmp_path)], entries)
    report = delivery(tmp_path).round(spool.folder)
    assert (in_bucket(tmp_path / "one"), report.waiting) == ([0, 2], 0)


def test_selectors_that_change_between_two_tries_shift_no_cursor(tmp_path, logs, monkeypatch):
    monkeypatch.setattr(to_logs, "BATCH_EVENTS", 1)
    before = Trail.from_dict({**objects_of_alice(tmp_path).to_dict(), "CloudWatchLogsLogGroupArn": GROUP})
    far = Entry(Header(("one",), region="eu-west-1", account="111122223333").encode(), entry(3).record)
    entries = [undecided(1, "alice"), undecided(2, "bob"), far]
    spool, real, first = spool_of(tmp_path, [before], entries), FolderBucket.put, []

    def once(self, key, body, arn=""):
        if first:
            raise DeliveryError("down")
        first.append(key)
        return real(self, key, body)

    failures = iter([None, down])
    logs.trouble = lambda: (next(failures) or (lambda: None))()
    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", once)
        delivery(tmp_path).round(spool.folder)
    logs.trouble = None
    after = Trail.from_dict({**before.to_dict(), "AdvancedEventSelectors": NOBODY})
    spool.use([after])
    delivery(tmp_path).round(spool.folder)
    assert (in_bucket(tmp_path / "one"), logs.taken) == ([1, 3], [1, 3])


def test_who_adopts_a_folder_knows_whom_its_owner_knew(tmp_path):
    """He learned it when the records were sealed already; without it the trail would not want them."""
    user = from_caller("arn:aws:iam::111122223333:user/alice", "AIDA", "111122223333", "AKIAX")
    record, mark = undecided(1, "x").record, "a1" * 16
    unknown = Header(maybe=("one",), caller="AKIAX", mark=mark).encode()
    text = record.replace(b'{"arn":"arn:aws:iam::111122223333:user/x"}', b'"%b:identity"' % mark.encode())
    learned = Entry(Header(kind=IDENTITY, caller="AKIAX").encode(), user.json())
    spool = spool_of(tmp_path, [objects_of_alice(tmp_path)], [Entry(unknown, text)], [learned])
    spool.folder.forget()
    delivery(tmp_path).round()
    assert in_bucket(tmp_path / "one") == [1]


def test_from_memory_each_destination_gets_them_once(tmp_path, logs):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    parcel, one = Parcel([entry(1), entry(2)]), delivery(tmp_path)
    logs.trouble = down
    assert one.batches([parcel], [t]).errors == ["logs are down"]
    logs.trouble = None
    again = one.batches([parcel], [t])
    assert (again.errors, again.files, logs.taken, in_bucket(tmp_path / "one")) == ([], [], [1, 2], [1, 2])


def test_memory_is_bounded_by_giving_up_what_is_in_the_bucket(tmp_path, logs):
    t = trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)
    parcels = [Parcel([entry(n)]) for n in range(3)]
    last, logs.trouble = parcels[-1], down
    report = delivery(tmp_path).batches(parcels, [t], room=last.size)
    assert (parcels, report.unsent, report.waiting, in_bucket(tmp_path / "one")) == ([last], 2, 1, [0, 1, 2])


def test_a_full_disk_does_not_keep_delivery_from_making_room(tmp_path, logs, monkeypatch):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "write_json", full)
    report = delivery(tmp_path).round(spool.folder)
    assert (report.errors, logs.taken, in_bucket(tmp_path / "one"), spool.folder.segments()) == ([], [1], [1], [])


def test_on_a_full_disk_nothing_is_put_or_sent_a_second_time(tmp_path, logs, monkeypatch):
    """The cursors and the callers cannot be written down, and who the caller is becomes known meanwhile."""
    marks = unknown_owner("a1" * 16)
    text = b'{"n":1,"userIdentity":%b,"recipientAccountId":"%b"}' % (marks.identity, marks.account)
    unknown = Entry(Header(("one", "two"), caller="AKIAX", mark="a1" * 16).encode(), text)
    trails = [trail(tmp_path), trail(tmp_path, "two", CloudWatchLogsLogGroupArn=GROUP)]
    spool, one = spool_of(tmp_path, trails, [unknown]), delivery(tmp_path)

    def full(*_) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Folder, "write_json", full)
    logs.trouble = down
    one.round(spool.folder)
    one.identities.put("AKIAX", from_caller("arn:aws:iam::111122223333:user/a", "AIDA", "111122223333", "AKIAX"))
    logs.trouble = None
    one.round(spool.folder)
    assert (in_bucket(tmp_path / "one"), in_bucket(tmp_path / "two"), logs.taken) == ([1], [1], [1])


def test_the_status_of_a_trail_is_what_get_trail_status_says(tmp_path, logs):
    spool = spool_of(tmp_path, [trail(tmp_path, CloudWatchLogsLogGroupArn=GROUP)], [entry(1)])
    logs.trouble = down
    delivery(tmp_path).round(spool.folder)
    (row,) = read_trails(tmp_path / "state", [spool.folder.path])
    times = {name: row.pop(name) for name in list(row) if name.endswith(("Time", "Succeeded"))}
    assert set(times) == {"LatestDeliveryTime", "LatestDeliveryAttemptTime", "LatestDeliveryAttemptSucceeded"}
    assert all(time.endswith("Z") for time in times.values())
    assert row == {
        "Name": "one",
        "bucket": str(tmp_path / "one"),
        "IsLogging": True,
        "LatestDeliveryError": None,
        "LatestCloudWatchLogsDeliveryError": "ServiceUnavailable",
    }
    logs.trouble = None
    delivery(tmp_path).round(spool.folder)
    (row,) = read_trails(tmp_path / "state", [])
    assert (row["LatestCloudWatchLogsDeliveryError"], row["IsLogging"]) == (None, False)
    assert row["LatestCloudWatchLogsDeliveryTime"] >= times["LatestDeliveryTime"]


def test_the_status_of_trails_that_nobody_uses_is_forgotten_in_the_end(tmp_path, monkeypatch):
    monkeypatch.setattr("bototrail.deliver.totals.KEPT", 2)
    for name in ("one", "two", "one", "three"):
        note_logging(tmp_path, [trail(tmp_path, name)], "StartLoggingTime", 0.0)
    assert [row["Name"] for row in read_trails(tmp_path, [])] == ["one", "three"]


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


def test_an_account_whose_prefix_is_denied_holds_up_no_other(tmp_path, monkeypatch):
    other = Entry(Header(("one",), account="444455556666").encode(), orjson.dumps({"n": 2}))
    spool, real, denied = spool_of(tmp_path, [trail(tmp_path)], [entry(1), other], [other]), FolderBucket.put, [True]

    def put(self, key, body, arn):
        if "111122223333" in key and denied:
            raise DeliveryError("not yours", code="AccessDenied")
        return real(self, key, body, arn)

    monkeypatch.setattr(FolderBucket, "put", put)
    one = delivery(tmp_path)
    first = one.round(spool.folder)
    assert (in_bucket(tmp_path / "one"), first.errors, first.waiting) == ([2, 2], ["not yours"], 1)
    denied.clear()
    second = one.round(spool.folder)
    assert (in_bucket(tmp_path / "one"), len(second.files), second.waiting) == ([1, 2, 2], 1, 0)


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
