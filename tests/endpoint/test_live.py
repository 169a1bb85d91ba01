"""The events of served buckets, kept up to date in the background."""

from __future__ import annotations

import logging
import os
import shutil
import socket
import threading
import time

import pytest
from history.delivered import numbers, put, record

from bototrail.endpoint import keeper as keeper_module
from bototrail.endpoint.folders import are_as_before, folder_times
from bototrail.endpoint.library import Place
from bototrail.endpoint.live import PATIENCE, Live, State
from bototrail.history.filters import Filter
from bototrail.history.updating import Progress


@pytest.fixture
def live(tmp_path):
    """Makes one for folders or places, and ends it."""
    made = []

    def make(*where, **options):
        places = [each if isinstance(each, Place) else Place(str(each)) for each in where]
        made.append(Live(places, cache=tmp_path / "cache", **options))
        made[-1].start()
        return made[-1]

    yield make
    for each in made:
        each.close()


def until(true):
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def found(live):
    return numbers(event.event_id for event in live.history.events(Filter()))


def test_it_says_how_far_it_is(live, tmp_path, caplog):
    put(tmp_path / "a", "1", [record(0), record(1)])
    bad = put(tmp_path / "b", "1", b"{")
    one = live(tmp_path / "a", tmp_path / "b", tmp_path / "none")
    until(lambda: one.state().ready)
    (problem,) = one.state().problems
    assert one.state() == State(None, True, 2, 2, (problem,), ())
    assert (problem[0], problem[1].startswith("skipped: ")) == (str(bad), True)
    assert caplog.text.count(str(bad)) == 1


def test_what_comes_is_found_without_a_lookup(live, tmp_path):
    put(tmp_path / "a", "1", [record(0)])
    one = live(tmp_path / "a")
    until(lambda: found(one) == [0])
    put(tmp_path / "a", "2", [record(1)])
    until(lambda: found(one) == [1, 0])


def test_a_lookup_waits_for_what_is_there(live, tmp_path):
    (tmp_path / "a").mkdir()
    one = live(tmp_path / "a")
    for number in range(5):
        put(tmp_path / "a", str(number), [record(number)])
        one.catch_up(20)
        assert found(one)[0] == number


def test_an_index_that_is_thrown_away_is_made_anew_at_once(live, tmp_path):
    put(tmp_path / "a", "1", [record(0), record(1)])
    one = live(tmp_path / "a")
    until(lambda: found(one) == [1, 0])
    for index in (tmp_path / "cache").iterdir():
        shutil.rmtree(index, ignore_errors=True)
    one.catch_up(20)
    assert found(one) == [1, 0]


def test_a_file_that_is_written_anew_is_found(live, tmp_path, monkeypatch):
    """No folder's time tells of it, so it takes until all names are read again."""
    monkeypatch.setattr(keeper_module, "_WHOLE_SECONDS", 0.5)
    path = put(tmp_path / "a", "1", [record(0)])
    one = live(tmp_path / "a")
    until(lambda: found(one) == [0])
    before = path.parent.stat().st_mtime_ns
    put(tmp_path / "a", "1", [record(1), record(2)])
    assert path.parent.stat().st_mtime_ns == before
    until(lambda: found(one) == [2, 1])


def test_what_comes_and_goes_changes_the_times_of_folders(tmp_path):
    path = put(tmp_path / "a", "1", [record(0)])
    (tmp_path / "a" / "link").symlink_to(tmp_path)
    times = folder_times(tmp_path / "a")
    assert set(times) == {here for here, _, _ in os.walk(tmp_path / "a")}
    changes = [
        lambda: put(tmp_path / "a", "2", [record(1)]),
        lambda: put(tmp_path / "a", "3", [record(2)], region="us-east-1"),
        lambda: (tmp_path / "a" / "other").mkdir(),
        path.unlink,
        lambda: (tmp_path / "a").rename(tmp_path / "b"),
    ]
    for change in changes:
        times = folder_times(tmp_path / "a")
        assert are_as_before(times)
        time.sleep(0.02)  # the clock of file systems is no finer
        change()
        assert not are_as_before(times)
    assert folder_times(tmp_path / "a") is None


def test_a_bucket_that_is_served_later_is_taken_in(tmp_path):
    put(tmp_path / "a", "1", [record(0)])
    put(tmp_path / "b", "1", [record(1)])
    places = [Place(str(tmp_path / "a"))]
    with Live(places, cache=tmp_path / "cache") as one:
        one.catch_up(20)
        assert found(one) == [0]
        places.append(Place(str(tmp_path / "b")))
        one.catch_up(20)
        assert found(one) == [1, 0]


def test_a_failure_is_logged_once_and_what_is_known_is_found(live, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(keeper_module, "_URL_SECONDS", 0.05)
    put(tmp_path / "a", "1", [record(0)])
    one = live(tmp_path / "a")
    until(lambda: one.state().ready)
    (tmp_path / "a").rename(tmp_path / "gone")
    (tmp_path / "a").symlink_to("a")
    until(lambda: one.state().failures)
    for _ in range(3):
        one.catch_up(20)
    ((location, why),) = one.state().failures
    assert (location, "Too many levels of symbolic links" in why) == (str(tmp_path / "a"), True)
    assert [r.levelno for r in caplog.records if "not up to date" in r.message] == [logging.WARNING]
    one.check()
    assert found(one) == [0]
    (tmp_path / "a").unlink()
    (tmp_path / "gone").rename(tmp_path / "a")
    until(lambda: not one.state().failures)


def test_a_cache_that_cannot_be_written_is_a_failure(live, tmp_path, caplog):
    (tmp_path / "cache").write_text("a file")
    put(tmp_path / "a", "1", [record(0)])
    one = live(tmp_path / "a")
    until(lambda: one.state().failures and "expected a cache directory that can be written" in caplog.text)


def test_many_skipped_files_are_not_all_named(live, tmp_path, caplog):
    for number in range(25):
        put(tmp_path / "a", str(number), b"{")
    one = live(tmp_path / "a")
    until(lambda: one.state().ready)
    assert len(one.state().problems) == 25
    assert caplog.text.count("skipped: ") == 20
    assert "5 more log files of this kind" in caplog.text


def test_small_parts_are_merged_when_there_is_time(live, tmp_path, monkeypatch):
    monkeypatch.setattr(keeper_module, "_TIDY_SECONDS", 0.0)
    monkeypatch.setattr(keeper_module, "_FOLDER_SECONDS", 0.01)
    (tmp_path / "a").mkdir()
    one = live(tmp_path / "a")
    seen = set()
    for number in range(20):
        put(tmp_path / "a", str(number), [record(number)])
        one.catch_up(20)
        history = one.history.histories[0]
        seen.add(len(history._catalogue.parts()))
    assert max(seen) < 12
    assert found(one) == list(range(20))[::-1]


def test_nothing_is_left_behind(tmp_path):
    before = set(threading.enumerate())
    put(tmp_path / "a", "1", [record(0)])
    with Live([Place(str(tmp_path / "a")), Place(str(tmp_path / "none"))], cache=tmp_path / "cache") as one:
        one.catch_up(20)
        own = [history._catalogue.waiting_folder for history in one.history.histories]
    assert set(threading.enumerate()) == before
    assert [path for folder in own for path in folder.iterdir()] == []
    assert not one.hangs


def test_a_bucket_that_does_not_answer_holds_nobody_up(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    put(tmp_path / "a", "1", [record(0)])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"s3://silent?endpoint_url=http://127.0.0.1:{silent.getsockname()[1]}"
        begin = time.monotonic()
        with Live([Place(str(tmp_path / "a")), Place(url)], cache=tmp_path / "cache") as one:
            one.catch_up()
            assert time.monotonic() - begin < PATIENCE + 1
            for _ in range(20):
                one.catch_up()
            assert time.monotonic() - begin < PATIENCE + 2
            assert (found(one), one.state().ready) == ([0], False)
        assert (time.monotonic() - begin < PATIENCE + 6, one.hangs) == (True, True)
    until(lambda: all(thread.name != "bototrail-history" for thread in threading.enumerate()))


def test_progress_is_told_while_it_is_read(live, tmp_path):
    for number in range(2500):  # more than are taken in at a time
        put(tmp_path / "a", str(number), [record(number)])
    one = live(tmp_path / "a")
    seen = []

    def ready():
        seen.append(one.state())
        return seen[-1].ready

    until(ready)
    told = [state for state in seen if state.indexing is not None]
    assert Progress(1000, 2500, 1000) in [state.indexing for state in told]
    assert {state.events for state in told} >= {1000}
    assert seen[-1] == State(None, True, 2500, 2500, (), ())
