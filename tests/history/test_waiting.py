"""What waits in the spool is found before it is delivered, and once after that."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from history.buckets import Bucket, event, ids, key, wanted

from bototrail.errors import BucketError, ConfigError
from bototrail.history.waiting import Waiting
from bototrail.record.identity import Identity
from bototrail.settings import Settings
from bototrail.spool import Entry, Header, Spool
from bototrail.spool.entry import IDENTITY, new_mark, unknown_owner
from bototrail.spool.folder import seal
from bototrail.trails import Trail, default_trail


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def recorder(state, bucket):
    """Makes a recorder's spool, for a trail to the test's own bucket if no other is named."""
    made = []

    def make(*trails):
        trails = trails or (default_trail(str(bucket.folder)),)
        made.append(Spool(Settings(bucket="", state=state), trails))
        return made[-1]

    yield make
    for spool in made:
        if spool.folder is not None:
            spool.folder.forget()


def entry(record, **header):
    header.setdefault("trails", ("default",))
    header.setdefault("account", "111122223333")
    return Entry(Header(**header).encode(), record if isinstance(record, bytes) else orjson.dumps(record))


def segments(state):
    return sorted((state / "spool").glob("*/*.open"))


def test_a_call_made_a_moment_ago_is_found_and_the_next_one_too(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    history.refresh()
    for number in range(3):
        spool.append(entry(event(number)))
        history.refresh()
        assert ids(history) == [event(each)["eventID"] for each in range(number + 1)]
        assert history.count(wanted()) == number + 1
    assert ids(opened()) == []


def test_after_its_delivery_an_event_is_found_once(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    spool.append(entry(event(1)))
    spool.append(entry(event(2)))
    history.refresh()
    version = history.version()
    bucket.put(key("a"), [event(1)])  # but still in the spool, too
    history.refresh()
    assert (ids(history), history.count(wanted())) == ([event(n)["eventID"] for n in (1, 2)], 2)
    assert history.version() != version
    bucket.put(key("b"), [event(2)])
    opened().refresh()  # another process takes it in
    history.refresh()
    assert (history.count(wanted()), history.totals()) == (2, (2, 2))
    for path in segments(state):
        path.unlink()
    history.refresh()
    assert (ids(history), history.count(wanted())) == ([event(n)["eventID"] for n in (1, 2)], 2)


def test_what_waits_is_shown_while_another_process_writes(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    bucket.put(key("a"), [event(1)])
    history.refresh()
    spool.append(entry(event(2)))
    with history._catalogue.writing(wait=False):
        assert history.refresh().busy
        assert len(ids(history)) == 2
        bucket.put(key("b"), [event(2)])  # delivered, but not taken in by us
        for path in segments(state):
            path.unlink()
        assert history.refresh().busy
        assert len(ids(history)) == 2
    history.refresh()
    assert (len(ids(history)), history.count(wanted())) == (2, 2)


def test_what_waits_is_shown_while_the_bucket_cannot_be_reached(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    spool.append(entry(event(1)))
    bucket.folder.rename(bucket.folder.with_name("away"))
    with pytest.raises(BucketError):
        history.refresh()
    assert len(ids(history)) == 1


def test_the_spool_alone_can_be_looked_at(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    spool.append(entry(event(1)))
    bucket.put(key("a"), [event(2)])
    history.refresh(delivered=False)
    assert len(ids(history)) == 1


def test_what_a_program_that_was_killed_has_left_is_shown(bucket, opened, state):
    program = """
import os, sys
from pathlib import Path
from bototrail.settings import Settings
from bototrail.spool import Spool, Entry, Header
from bototrail.trails import default_trail
spool = Spool(Settings(bucket="", state=Path(sys.argv[1])), [default_trail(sys.argv[2])])
spool.append(Entry(Header(("default",), account="111122223333").encode(), sys.argv[3].encode()))
os.kill(os.getpid(), 9)
"""
    words = [sys.executable, "-c", program, str(state), str(bucket.folder), orjson.dumps(event(1)).decode()]
    subprocess.run(words, env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))})
    history = opened(state=state)
    history.refresh()
    assert len(ids(history)) == 1


def test_a_caller_who_becomes_known_is_named(bucket, opened, recorder, state):
    spool, history, mark = recorder(), opened(state=state), new_mark()
    owner = unknown_owner(mark)
    record = orjson.dumps({**event(1), "userIdentity": 0, "recipientAccountId": owner.account.decode()})
    record = record.replace(b'"userIdentity":0', b'"userIdentity":' + owner.identity)
    spool.append(entry(record, account=None, caller="AKIAEXAMPLE", mark=mark))
    history.refresh()
    assert ids(history, "user=alice") == []
    assert len(ids(history)) == 1
    alice = Identity.from_dict({"type": "IAMUser", "userName": "alice", "accountId": "111122223333"})
    spool.note(Entry(Header(kind=IDENTITY, caller="AKIAEXAMPLE").encode(), alice.json()))
    history.refresh()
    assert [found.account for found in history.events(wanted("user=alice"))] == ["111122223333"]


def test_a_segment_that_is_sealed_meanwhile_is_read_and_one_that_is_gone_is_left_out(bucket, recorder, state):
    spool, waiting = recorder(), Waiting(state, str(bucket.folder))
    spool.append(entry(event(1)))
    mark = waiting.mark()
    (path,) = segments(state)
    seal(path)
    assert [row[1] for row in waiting.rows(mark)] == [event(1)["eventID"]]
    (sealed,) = (state / "spool").glob("*/*.sealed")
    assert waiting.mark() != mark
    sealed.unlink()
    assert (waiting.rows(mark), waiting.mark()) == ([], ())


def test_what_is_torn_or_broken_is_left_out(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    for record in (event(1), b'{"eventTime": }', b'{"x": "\xff"}', b'{"eventName": "no time"}', event(2)):
        spool.append(entry(record))
    with segments(state)[0].open("ab") as file:
        file.write(entry(event(3)).line()[:-20])
    history.refresh()
    assert ids(history) == [event(n)["eventID"] for n in (1, 2)]


def test_only_what_goes_to_this_bucket_is_shown(tmp_path, bucket, opened, recorder, state):
    other = Bucket(tmp_path / "other")
    recorder(default_trail(str(other.folder))).append(entry(event(1)))
    one, two = Trail("one", str(bucket.folder)), Trail("two", str(other.folder))
    both = recorder(one, two)
    both.append(entry(event(2), trails=("one",)))
    both.append(entry(event(3), trails=("two",)))
    both.append(entry(event(4), trails=("one", "two")))
    both.append(entry(event(5), trails=("gone",)))
    found = []
    for folder in (bucket.folder, other.folder):
        history = opened(folder, state=state)
        history.refresh()
        found.append([int(each[:8]) for each in ids(history)])
    assert found == [[2, 4], [1, 3, 4]]


def test_what_a_trail_may_want_is_asked_of_its_selectors(bucket, opened, recorder, state):
    reads = (
        {
            "FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "readOnly", "Equals": ["true"]},
            ]
        },
    )
    spool = recorder(Trail("reads", str(bucket.folder), AdvancedEventSelectors=reads))
    for number, read_only in enumerate((True, False)):
        record = event(number, readOnly=read_only, eventCategory="Management", managementEvent=True)
        spool.append(entry(record, trails=(), maybe=("reads",)))
    history = opened(state=state)
    history.refresh()
    assert [int(each[:8]) for each in ids(history)] == [0]


@pytest.mark.parametrize(
    ("trail", "prefix", "read", "shown"),
    [
        ("BUCKET", "", "BUCKET", True),
        ("BUCKET", "", "BUCKET/", True),
        ("BUCKET/", "", "BUCKET", True),
        ("BUCKET/deep", "", "BUCKET", True),
        ("BUCKET", "deep", "BUCKET", True),
        ("BUCKET", "deep", "BUCKET/deep", True),
        ("BUCKET", "deeper", "BUCKET/deep", False),
        ("BUCKET", "", "BUCKET/deep", False),
        ("s3://b", "", "s3://b/", True),
        ("s3://b?endpoint_url=http://x", "", "s3://b?endpoint_url=http://x&profile_name=p", True),
        ("s3://b?endpoint_url=http://x", "", "s3://b", True),
        ("s3://b?endpoint_url=http://x", "", "s3://b?endpoint_url=http://y", False),
        ("s3://b/p/", "", "s3://b", True),
        ("s3://b", "p", "s3://b/p/", True),
        ("s3://bb", "", "s3://b", False),
    ],
)
def test_a_bucket_is_known_however_it_is_spelt(bucket, recorder, state, trail, prefix, read, shown):
    trail, read = (text.replace("BUCKET", str(bucket.folder)) for text in (trail, read))
    recorder(dataclasses.replace(default_trail(trail), S3KeyPrefix=prefix)).append(entry(event(1)))
    waiting = Waiting(state, read)
    assert len(waiting.rows(waiting.mark())) == shown


def test_a_folder_that_is_a_link_is_known(tmp_path, bucket, opened, recorder, state, monkeypatch):
    (tmp_path / "link").symlink_to(bucket.folder)
    recorder().append(entry(event(1)))
    monkeypatch.chdir(tmp_path)
    for spelt in ("link", "./bucket/"):
        history = opened(spelt, state=state)
        history.refresh()
        assert len(ids(history)) == 1


def test_a_reader_leaves_nothing_of_its_own_behind(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    for number in range(10):
        spool.append(entry(event(number)))
        history.refresh()
    folder = history._catalogue.waiting_folder
    assert len(list(folder.iterdir())) == 2 * 3  # the one before, for who has begun with it
    history.close()
    assert list(folder.iterdir()) == []


def test_what_is_taken_away_or_broken_of_its_own_is_made_anew(bucket, opened, recorder, state):
    spool, history = recorder(), opened(state=state)
    bucket.put(key("a"), [event(1)])
    spool.append(entry(event(2)))
    for harm in (Path.unlink, lambda path: path.write_bytes(b"broken")):
        history.refresh()
        assert len(ids(history)) == 2
        for path in history._catalogue.waiting_folder.iterdir():
            harm(path)
        assert len(ids(history)) >= 1
        history.refresh()
        assert len(ids(history)) == 2


def test_a_state_directory_that_is_none_has_nothing(bucket, opened, tmp_path):
    (tmp_path / "file").write_text("")
    for state in (tmp_path / "nowhere", tmp_path / "file"):
        history = opened(state=state)
        history.refresh()
        assert ids(history) == []


def test_a_full_disk_is_said(bucket, opened, recorder, state, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("bototrail.history.recent.write_part", full)
    recorder().append(entry(event(1)))
    with pytest.raises(ConfigError, match="No space left on device"):
        opened(state=state).refresh()
