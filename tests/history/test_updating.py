"""An index follows its bucket: what is new, changed and gone, and what is no log file."""

from __future__ import annotations

import shutil
import threading

import pytest
from history.buckets import Bucket, event, id_of, ids, key, packed, wanted

from bototrail.clock import event_time, now
from bototrail.errors import BucketError
from bototrail.history.listing import MOST_BYTES, loads
from bototrail.history.updating import Progress, Updated
from bototrail.store import Entry


def ago(days):
    return event_time(now() - days * 86_400)


def test_only_what_is_new_is_taken_in(bucket, opened):
    history = opened()
    bucket.put(key("a"), [event(1), event(2)])
    assert history.refresh() == Updated(1, 2)
    bucket.put(key("b"), [event(3)])
    assert history.refresh() == Updated(1, 1)
    assert history.refresh() == Updated(0, 0)
    assert ids(history) == id_of(1, 2, 3)
    assert history.totals() == (2, 3)


def test_progress_is_told_and_ends_when_asked(bucket, opened, monkeypatch):
    monkeypatch.setattr("bototrail.history.listing.MOST_FILES", 1)
    for number in range(4):
        bucket.put(key(f"a{number}"), [event(number)])
    history, told, stop = opened(), [], threading.Event()

    def report(progress):
        told.append(progress)
        if progress.files == 2:
            stop.set()

    assert history.refresh(report, stop) == Updated(2, 2)
    assert told == [Progress(1, 4, 1), Progress(2, 4, 2)]
    assert history.refresh() == Updated(2, 2)
    assert ids(history) == id_of(0, 1, 2, 3)


def test_a_file_that_has_changed_is_taken_in_anew_and_its_neighbours_stay(bucket, opened):
    changing = bucket.put(key("a"), [event(1), event(2)], seconds=1000)
    bucket.put(key("b"), [event(3)])
    history = opened()
    history.refresh()
    bucket.put(changing, [event(4)], seconds=2000)
    assert history.refresh() == Updated(2, 2)
    assert ids(history) == id_of(3, 4)
    assert history.count(wanted()) == 2
    assert history.refresh() == Updated()


def test_no_reader_sees_less_while_a_changed_file_is_taken_in(bucket, opened, monkeypatch):
    changing = bucket.put(key("a"), [event(1)], seconds=1000)
    bucket.put(key("b"), [event(2)])
    history, reader, seen = opened(), opened(), []
    history.refresh()
    bucket.put(changing, [event(3)], seconds=2000)
    write = history._catalogue.add

    def add(*arguments):
        seen.append(ids(reader))
        write(*arguments)
        seen.append(ids(reader))

    monkeypatch.setattr(history._catalogue, "add", add)
    history.refresh()
    assert seen == [id_of(1, 2), id_of(2, 3)]


@pytest.mark.parametrize("body", [[event(5)], b"no log file", []])
def test_a_file_that_was_skipped_or_empty_is_taken_in_when_it_has_changed(bucket, opened, body):
    changing = bucket.put(key("a"), packed(b"{") if body else [], seconds=1000)
    history = opened()
    history.refresh()
    bucket.put(changing, body, seconds=2000)
    done = history.refresh()
    assert (done.files, done.records) == (1, 1 if body == [event(5)] else 0)
    assert history.refresh() == Updated()


def test_what_is_gone_from_the_bucket_is_gone_from_the_index(bucket, opened):
    gone = [bucket.put(key("a"), [event(1)]), bucket.put(key("empty"), []), bucket.put(key("bad"), b"no")]
    bucket.put(key("b"), [event(2)])
    history = opened()
    history.refresh()
    for each in gone:
        (bucket.folder / each).unlink()
    assert history.refresh() == Updated(1, 1)
    assert (ids(history), history.totals(), history.problems()) == (id_of(2), (1, 1), [])
    shutil.rmtree(bucket.folder / "AWSLogs")
    history.refresh()
    assert (ids(history), history.totals()) == ([], (0, 0))


def test_a_folder_that_is_not_there_any_more_takes_nothing_with_it(bucket, opened):
    bucket.put(key("a"), [event(1)])
    history = opened()
    history.refresh()
    bucket.folder.rename(bucket.folder.with_name("elsewhere"))
    with pytest.raises(BucketError, match="nothing there"):
        history.refresh()
    assert ids(history) == id_of(1)


@pytest.mark.parametrize(
    "at",
    [
        key("a", prefix="some/prefix/"),
        key("a", organization="o-abc123/"),
        key("a", prefix="p/", organization="o-abc123/"),
        key("a", kind="CloudTrail-Insight"),
        key("a", kind="CloudTrail-NetworkActivity"),
        key("a", kind="CloudTrail-Aggregated"),
        key("ä\N{SNOWMAN}\N{GRINNING FACE}", prefix="\N{GREEK SMALL LETTER ALPHA}/"),
        key("new\nline\x1b[31m'\"%_*?"),
    ],
)
def test_every_layout_of_cloudtrail_is_read(bucket, opened, at):
    bucket.put(at, [event(1)])
    history = opened()
    assert (history.refresh(), ids(history), history.refresh()) == (Updated(1, 1), id_of(1), Updated())


def test_a_file_that_is_not_packed_is_read(bucket, opened):
    bucket.put(key("a").removesuffix(".gz"), b'{"Records": [{"eventTime": "%s", "eventID": "x"}]}' % ago(0).encode())
    history = opened()
    history.refresh()
    assert ids(history) == ["x"]


@pytest.mark.parametrize(
    "at",
    [
        key("a", kind="CloudTrail-Digest"),
        key("a").replace("CloudTrail/", "Config/"),
        key("a") + ".tmp",
        key("a").replace("AWSLogs", "awslogs"),
        key("a", organization="x-abc123/"),
        key("a").replace("111122223333/", "1111/"),
        key("a") + "/more.txt",
        "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/99/99/x.json.gz",
        "AWSLogs/111122223333/CloudTrail/eu-central-1/x.json.gz",
        key("a", prefix="p" * 150 + "/" + "q" * 100 + "/"),
        "notes.json",
        "result_1.csv.gz",
    ],
)
def test_what_only_looks_like_a_log_file_is_not_looked_at(bucket, opened, at):
    bucket.put(at, b"whatever")
    history = opened()
    assert (history.refresh(), history.totals()) == (Updated(), (0, 0))


def test_an_event_of_two_files_is_one_in_lookups(bucket, opened):
    bucket.put(key("a"), [event(1), event(2)])
    bucket.put(key("b"), [event(2), event(3)])
    bucket.put(key("a", prefix="copy/"), [event(3), event(3)])
    history = opened()
    history.refresh()
    assert ids(history) == id_of(1, 2, 3)
    assert ids(history, limit=2) == id_of(1, 2)
    assert [found.event_id for found in history.every(wanted())] == id_of(3, 2, 1)


def test_events_without_an_id_are_told_apart_by_what_they_say(bucket, opened):
    one, two = event(1, eventID=None), event(1, eventID="", eventName="Other")
    bucket.put(key("a"), [one, two])
    bucket.put(key("b"), [one])
    history = opened()
    history.refresh()
    found = history.events(wanted(), 10)
    assert sorted(each.event_name for each in found) == ["ListBuckets", "Other"]
    assert [history.event(each.event_id) for each in found] == found
    assert [
        each for page in range(2) for each in history.events(wanted(), 1, after=found[0].cursor if page else None)
    ] == found


# ---- the window of days
def test_events_older_than_the_days_are_left_out_and_go_when_they_grow_old(bucket, opened, monkeypatch):
    bucket.put(key("old", days_ago=11), [event(1, eventTime=ago(11))])
    bucket.put(key("new", days_ago=1), [event(2, eventTime=ago(10.5)), event(3, eventTime=ago(1))])
    bucket.put(key("middle", days_ago=9), [event(4, eventTime=ago(9))])
    history = opened(days=10)
    assert history.refresh() == Updated(2, 2)
    assert ids(history) == id_of(4, 3)
    for module in ("updating", "history"):
        monkeypatch.setattr(f"bototrail.history.{module}.now", lambda: now() + 5 * 86_400)
    assert history.refresh() == Updated()
    assert ids(history) == id_of(3)
    monkeypatch.setattr("bototrail.history.updating.now", lambda: now() + 50 * 86_400)
    history.refresh()
    assert history.totals() == (0, 0)


def test_more_days_bring_what_was_too_old_without_reading_the_rest_again(bucket, opened):
    bucket.put(key("a", days_ago=20), [event(1, eventTime=ago(20))])
    bucket.put(key("b", days_ago=9), [event(2, eventTime=ago(9)), event(3, eventTime=ago(12))])
    opened(days=10).refresh()
    bucket.put(key("c", days_ago=5), [event(4, eventTime=ago(5))])
    opened(days=10).refresh()
    wide = opened(days=30)
    assert wide.refresh() == Updated(2, 3)  # `a`, and `b` again
    assert ids(wide) == id_of(1, 3, 2, 4)
    assert wide.refresh() == Updated()


def test_who_asks_for_fewer_days_takes_nothing_from_others(bucket, opened):
    bucket.put(key("a", days_ago=20), [event(1, eventTime=ago(20))])
    bucket.put(key("b"), [event(2, eventTime=ago(0.1))])
    wide, narrow = opened(days=30), opened(days=2)
    wide.refresh()
    assert narrow.refresh() == Updated()
    assert (ids(narrow), ids(wide)) == (id_of(2), id_of(1, 2))
    assert wide.refresh() == Updated()


def test_days_that_nobody_asks_for_any_more_go_after_a_week_and_can_come_back(bucket, opened, monkeypatch):
    wide, narrow = opened(days=60), opened(days=10)
    bucket.put(key("a", days_ago=20), [event(1, eventTime=ago(20))])
    wide.refresh()
    bucket.put(key("b"), [event(2, eventTime=ago(0.1))])
    wide.refresh()
    with monkeypatch.context() as patch:
        patch.setattr("bototrail.history.updating.now", lambda: now() + 8 * 86_400)
        narrow.refresh()
        assert narrow.totals() == (1, 1)
    wide.refresh()
    assert ids(wide) == id_of(1, 2)


# ---- what is not read at once
def test_a_long_list_of_files_is_taken_in_by_processes(bucket, opened, monkeypatch):
    monkeypatch.setattr("bototrail.history.listing.MOST_FILES", 3)
    monkeypatch.setattr("bototrail.history.updating._FEW_BYTES", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    for number in range(20):
        bucket.put(key(f"a{number}"), [event(number)] if number != 7 else packed(b"[]"))
    history = opened()
    done = history.refresh()
    assert (done.files, done.records) == (20, 19)
    assert done.problems == ((key("a7"), "skipped: it has no list of Records"),)
    assert ids(history) == id_of(*(number for number in range(20) if number != 7))


def test_two_buckets_have_two_indexes_and_one_bucket_has_one_however_it_is_spelt(tmp_path, bucket, opened, monkeypatch):
    bucket.put(key("a"), [event(1)])
    Bucket(tmp_path / "other").put(key("a"), [event(2)])
    (tmp_path / "link").symlink_to(bucket.folder)
    monkeypatch.chdir(tmp_path)
    opened().refresh()
    for spelt in ("bucket", "bucket/", "./bucket//", "other/../bucket", f"file://{bucket.folder}", "link"):
        history = opened(spelt)
        assert (history.refresh(), ids(history)) == (Updated(), id_of(1))
    other = opened("other")
    assert (other.refresh(), ids(other)) == (Updated(1, 1), id_of(2))
    assert len(list((tmp_path / "cache").iterdir())) == 2


@pytest.mark.parametrize(("megabytes", "portions"), [(1, 1), (7, 1), (8, 2), (15, 4), (29, 6)])
def test_processes_have_as_much_to_do_as_each_other(megabytes, portions, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    files = [Entry(key(f"{number:04}"), 64 * 1024, 1.0) for number in range(megabytes * 16)]
    found = list(loads(files))
    sizes = [load.bytes for load in found]
    assert (len(found), max(sizes) - min(sizes) < MOST_BYTES // 10) == (portions, True)
    assert [each for load in found for each, _ in load.keys] == [file.key for file in files]
