"""An index that is broken, locked, asked by many and written by several is one that can be used."""

from __future__ import annotations

import contextlib
import os
import random
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from history.buckets import event, id_of, ids, key, wanted

from bototrail.errors import ConfigError
from bototrail.history import catalogue
from bototrail.history.filters import Filter
from bototrail.history.updating import Updated


@pytest.fixture
def files(bucket):
    for number in range(3):
        bucket.put(key(f"a{number}"), [event(number)])
    return bucket


@pytest.fixture
def indexed(files, opened):
    """A history of three events in three parts."""
    history = opened()
    for number in range(3):
        hidden = [files.folder / key(f"a{other}") for other in range(number + 1, 3)]
        for path in hidden:
            path.rename(path.with_suffix(".hidden"))
        history.refresh()
        for path in hidden:
            path.with_suffix(".hidden").rename(path)
    assert len(history._catalogue.parts()) == 3
    return history


ALL = id_of(0, 1, 2)


# ---- parts that are broken
def parts(history, kind):
    return sorted(history._catalogue.parts_folder.glob(f"*{kind}"))


def truncated(path):
    os.truncate(path, path.stat().st_size // 2)


def zeroed(path):
    path.write_bytes(bytes(path.stat().st_size))


def zeroed_inside(path):
    content = path.read_bytes()
    path.write_bytes(content[:4] + bytes(len(content) - 8) + content[-4:])


def empty(path):
    path.write_bytes(b"")


def another(path):
    shutil.copyfile(next(each for each in path.parent.iterdir() if each.stat().st_size != path.stat().st_size), path)


@pytest.mark.parametrize("harm", [Path.unlink, truncated, zeroed, zeroed_inside, empty])
@pytest.mark.parametrize("kind", [".records.parquet", ".names.parquet", "[0-9a-f].parquet"])
@pytest.mark.parametrize("known", [False, True], ids=["fresh reader", "reader that knows it"])
def test_a_part_that_is_broken_is_made_anew(indexed, opened, harm, kind, known):
    history = indexed if known else opened()
    if known:
        assert ids(history) == ALL
    harm(parts(indexed, kind)[1])
    history._engine.revive(history._engine._fatal[0]("forget what was read"))
    assert [sorted(ids(history, *words)) for words in ([], ["text=ListBuckets"], ["event=*Buckets"])] == [ALL] * 3
    assert history.count(wanted("event=ListBuckets")) == 3
    assert history.event(ALL[1]).event_id == ALL[1]


def test_no_garbled_byte_does_more_harm_than_to_its_own_part(indexed, opened, tmp_path):
    dice, folder = random.Random(1), indexed._catalogue.folder
    shutil.copytree(folder, tmp_path / "whole")
    for _ in range(60):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "whole", folder)
        path = dice.choice(sorted(indexed._catalogue.parts_folder.glob("*[0-9a-fs].parquet")))
        content = bytearray(path.read_bytes())
        for _ in range(dice.choice([1, 3, 20])):
            content[dice.randrange(len(content))] = dice.randrange(256)
        path.write_bytes(content)
        history = opened()
        for words in ([], ["text=Buckets"], ["event=List*"]):
            found = history.events(wanted(*words), 10)
            assert len({each.event_id for each in found} & set(ALL)) >= 2
            assert all(each.parsed()["eventVersion"] for each in found)
        history.close()


def test_all_parts_can_be_gone(indexed):
    shutil.rmtree(indexed._catalogue.parts_folder)
    assert ids(indexed) == ALL


def test_the_whole_index_can_be_gone(indexed):
    shutil.rmtree(indexed._catalogue.folder)
    assert ids(indexed) == []
    assert (indexed.refresh(), ids(indexed)) == (Updated(3, 3), ALL)


def test_small_parts_are_merged_even_when_one_is_broken(bucket, opened):
    history = opened()
    for number in range(10):
        bucket.put(key(f"a{number}"), [event(number)])
        history.refresh()
    truncated(parts(history, ".records.parquet")[4])
    assert history.tidy()
    history.refresh()
    while history.tidy():
        pass
    assert (ids(history), history.refresh()) == (id_of(*range(10)), Updated())


# ---- a catalogue that is broken
def garbled(path):
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)


@pytest.mark.parametrize(
    "harm", [Path.unlink, truncated, zeroed, garbled, empty, lambda path: path.write_text("x" * 9999)]
)
def test_a_catalogue_that_is_broken_is_made_anew(indexed, opened, harm):
    harm(indexed._catalogue.folder / "catalogue.sqlite")
    for history in (indexed, opened()):
        history.events(Filter())
        history.totals()
        history.refresh()
        assert (ids(history), history.problems(), history.totals()) == (ALL, [], (3, 3))


def test_the_catalogue_of_another_version_is_made_anew(indexed, opened, monkeypatch):
    monkeypatch.setattr(catalogue, "VERSION", 1000)
    history = opened()
    assert (history.refresh(), ids(history)) == (Updated(3, 3), ALL)


def test_a_catalogue_that_stays_locked_is_said(indexed, monkeypatch):
    monkeypatch.setattr(catalogue, "_WAIT_SECONDS", 0.1)
    other = sqlite3.connect(indexed._catalogue.folder / "catalogue.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ConfigError, match="database is locked"):
        indexed.events(Filter())
    other.close()
    assert ids(indexed) == ALL


# ---- the cache directory
@pytest.mark.parametrize("mask", [0, 0o022, 0o077])
def test_nobody_else_may_read_any_of_it(bucket, opened, tmp_path, mask):
    before = os.umask(mask)
    try:
        (tmp_path / "cache").mkdir()
        bucket.put(key("a"), [event(1)])
        history = opened()
        history.refresh()
        history.tidy()
    finally:
        os.umask(before)
    inside = list((tmp_path / "cache").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in inside if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in inside if path.is_file()} == {0o600}


def test_an_index_that_others_could_read_is_closed_to_them(indexed, opened):
    indexed._catalogue.folder.chmod(0o755)
    opened()
    assert stat.S_IMODE(indexed._catalogue.folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["region=eu", "event_id=3", "a[b]c", "st*r", "quo'te", "100%", "ünï", "two words"])
def test_the_cache_directory_may_have_any_name(bucket, opened, tmp_path, name):
    bucket.put(key("a"), [event(1, resources=[{"ARN": "arn:aws:s3:::x"}])])
    history = opened(cache=tmp_path / name)
    history.refresh()
    wants = ["region=eu-central-1", f"id={event(1)['eventID']}", "text=ListBuckets", "resource=arn:aws:s3:::x"]
    assert [ids(history, want) for want in wants] == [id_of(1)] * 4


def test_the_cache_directory_may_be_a_link_or_relative(bucket, opened, tmp_path, monkeypatch):
    bucket.put(key("a"), [event(1)])
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path)
    opened(cache=Path("link")).refresh()
    monkeypatch.setenv("BOTOTRAIL_CACHE", "real")
    history = opened(cache=None)
    monkeypatch.chdir("/")
    assert (history.refresh(), ids(history)) == (Updated(), id_of(1))


@pytest.mark.parametrize(
    "made", [lambda path: path.write_text("a file"), lambda path: path.symlink_to("/proc/nowhere/x")]
)
def test_a_cache_directory_that_cannot_be_made_is_said(bucket, opened, tmp_path, made):
    made(tmp_path / "cache")
    with pytest.raises(ConfigError, match=r"expected a cache directory that can be written; found .*cache/history-"):
        opened()


def test_a_cache_directory_whose_name_is_no_text_is_said(bucket, opened, tmp_path):
    with pytest.raises(ConfigError, match=r"expected a cache directory that can be written; found .*\\udcff"):
        opened(cache=tmp_path / os.fsdecode(b"\xff"))


def test_nothing_is_left_in_the_working_directory(bucket, opened, tmp_path, monkeypatch):
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    bucket.put(key("a"), [event(number, userAgent=str(number)) for number in range(2000)])
    history = opened()
    history.refresh()
    history.values(Filter(), "eventID", 2000)
    assert list((tmp_path / "empty").iterdir()) == []


def in_child(work):
    """The exit code of a child that does some work."""
    pid = os.fork()
    if pid == 0:
        code = 3
        with contextlib.suppress(BaseException):
            code = work()
        os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_full_disk_is_said_and_what_was_there_stays(indexed, bucket):
    bucket.put(key("b"), [event(3, requestParameters=random.Random(1).randbytes(300_000).hex())])

    def work():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        try:
            indexed.refresh()
        except ConfigError as error:
            return 0 if "make room" in str(error) and ids(indexed) == ALL else 1
        return 2

    assert in_child(work) == 0
    assert (indexed.refresh(), ids(indexed)) == (Updated(1, 1), id_of(0, 1, 2, 3))


# ---- many at a time
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_of_a_reader_can_read(indexed):
    assert ids(indexed) == ALL
    assert in_child(lambda: 0 if ids(indexed) == ALL else 1) == 0
    assert ids(indexed) == ALL


def test_who_cannot_write_because_another_does_reads_on(indexed, opened, bucket):
    bucket.put(key("b"), [event(3)])
    with indexed._catalogue.writing(wait=False) as mine:
        other = opened()
        assert (mine, other.refresh(), other.busy(), other.tidy()) == (True, Updated(busy=True), True, False)
        assert ids(other) == ALL
    assert (other.refresh(), other.busy()) == (Updated(1, 1), False)


def test_who_comes_when_the_first_index_is_made_waits_for_it_or_is_stopped(files, opened):
    one, two, stop, done = opened(), opened(), threading.Event(), []
    with one._catalogue.writing(wait=False):
        waiting = threading.Thread(target=lambda: done.append(two.refresh(stop=stop)))
        waiting.start()
        waiting.join(0.3)
        assert waiting.is_alive()
        stop.set()
        waiting.join(10)
    assert done == [Updated(busy=True)]


def test_files_that_are_not_needed_any_more_go_when_no_reader_can_have_them(indexed, monkeypatch):
    folder = indexed._catalogue.parts_folder
    (folder / "0123.parquet").write_bytes(b"never finished")
    (folder / ".4567.parquet").write_bytes(b"never finished")
    monkeypatch.setattr("bototrail.history.tidying._SMALL", 2)
    for path in folder.iterdir():
        os.utime(path, (1000, 1000))
    before = set(folder.iterdir())
    assert indexed.tidy()
    merged = set(folder.iterdir()) - before
    indexed.refresh()
    assert len(set(folder.iterdir())) == 3 * 4  # three were merged just now
    monkeypatch.setattr("bototrail.history.tidying._KEPT_SECONDS", -1)
    indexed.refresh()
    assert set(folder.iterdir()) == merged
    assert ids(indexed) == ALL


def test_a_reader_that_has_begun_goes_on_when_parts_are_merged_and_gone(indexed, monkeypatch):
    monkeypatch.setattr("bototrail.history.tidying._SMALL", 2)
    monkeypatch.setattr("bototrail.history.tidying._KEPT_SECONDS", -1)
    places, merged = indexed._engine._places, []

    def slowly(*arguments, **options):
        found = places(*arguments, **options)
        if not merged:
            merged.append(indexed.tidy())
            indexed.refresh()
        return found

    monkeypatch.setattr(indexed._engine, "_places", slowly)
    assert ids(indexed) == ALL
    assert merged == [True]


def test_sixteen_threads_use_one_history(bucket, opened, monkeypatch):
    monkeypatch.setattr("bototrail.history.history._REMEMBERED", 3)
    monkeypatch.setattr("bototrail.history.tidying._SMALL", 3)
    monkeypatch.setattr("bototrail.history.tidying._KEPT_SECONDS", 0.2)
    history, ended, interval = opened(), threading.Event(), sys.getswitchinterval()
    bucket.put(key("first"), [event(0)])
    history.refresh()

    def write():
        for number in range(1, 25):
            bucket.put(key(f"a{number}"), [event(number)])
            history.refresh()
            history.tidy()
        ended.set()

    def read(thread):
        least = 1
        while not ended.is_set():
            found = ids(history)
            assert found == id_of(*range(len(found)))
            assert len(found) >= least
            least = len(found)
            assert history.count(wanted(f"event!=X{thread}")) >= least
            history.values(Filter(), "eventName", thread + 1)
            history.refresh() if thread == 3 else history.version()
        return least

    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(17) as pool:
            writing, reading = pool.submit(write), [pool.submit(read, thread) for thread in range(16)]
            writing.result()
            assert [each.result() for each in reading]
    finally:
        ended.set()
        sys.setswitchinterval(interval)
    assert ids(history) == id_of(*range(25))


READER = """
import sys
from pathlib import Path
from bototrail.history.filters import Filter
from bototrail.history.history import History

location, cache, ended = map(Path, sys.argv[1:])
least = 0
with History(location, cache=cache) as history:
    while not ended.exists():
        found = [int(event.event_id[:8]) for event in history.events(Filter(), 10_000, reverse=True)]
        assert found == list(range(len(found))) and len(found) >= least, (least, found)
        least = len(found)
"""
WRITER = """
import sys
from pathlib import Path
from bototrail.history import tidying
from bototrail.history.history import History

location, cache, ended = map(Path, sys.argv[1:])
tidying._SMALL, tidying._KEPT_SECONDS = 3, 0.5
with History(location, cache=cache) as history:
    while not ended.exists():
        history.refresh()
        history.tidy()
"""


def test_processes_that_read_never_see_less_nor_an_error_while_two_write_and_merge(bucket, opened, tmp_path):
    opened().refresh()
    ended = tmp_path / "ended"
    arguments = [str(bucket.folder), str(tmp_path / "cache"), str(ended)]
    programs = [READER] * 3 + [WRITER] * 2
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    processes = [subprocess.Popen([sys.executable, "-c", program, *arguments], env=paths) for program in programs]
    try:
        for number in range(60):
            path = bucket.folder / key(f"a{number:02}")
            bucket.put(key(f"a{number:02}") + ".part", [event(number)])
            path.with_name(path.name + ".part").rename(path)
            time.sleep(0.05)
        time.sleep(1)
    finally:
        ended.touch()
        codes = [process.wait(60) for process in processes]
    assert codes == [0] * 5
    history = opened()
    history.refresh()
    assert ids(history) == id_of(*range(60))
