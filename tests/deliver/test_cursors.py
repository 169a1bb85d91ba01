"""Several destinations of the same records: none holds up, repeats or loses for another, whatever happens to it."""

from __future__ import annotations

import shutil
from pathlib import Path

import orjson
from deliver.spooled import GROUP, delivery, down, entry, in_bucket, spool_of, trail

from bototrail.deliver import courier, to_logs
from bototrail.deliver.buckets import FolderBucket
from bototrail.deliver.parcel import Parcel
from bototrail.errors import DeliveryError
from bototrail.record.identity import from_caller
from bototrail.spool import Entry, Folder, Header
from bototrail.spool.entry import IDENTITY, unknown_owner
from bototrail.trails import Trail

NOBODY = [{"FieldSelectors": [{"Field": "userIdentity.arn", "Equals": ["nobody"]}]}]


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
