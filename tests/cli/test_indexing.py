"""What is said while an index is made."""

from __future__ import annotations

import io
import json
import threading

import pytest
from click.testing import CliRunner
from history.logged import ALWAYS, event, put

from bototrail.cli import main
from bototrail.cli.indexing import Bar
from bototrail.cli.progress import Line
from bototrail.history.history import History
from bototrail.history.updating import Progress

BARS = [
    (Progress(0, 5000, 0), 1.0, "[------------------------] 0 of 5000 log files, 0 events"),
    (Progress(1250, 5000, 250_000), 2.0, "[######------------------] 1250 of 5000 log files, 250000 events, 6 s left"),
    (Progress(5000, 5000, 10**6), 8.0, "[########################] 5000 of 5000 log files, 1000000 events, 0 s left"),
]


@pytest.mark.parametrize(("progress", "seconds", "text"), BARS)
def test_the_bar_tells_how_far_it_is(progress, seconds, text):
    assert Bar.text(progress, seconds) == text


def test_nothing_is_drawn_where_there_is_no_terminal():
    out = io.StringIO()
    with Line(out) as line:
        Bar(line).show(Progress(1, 2, 3))
    assert out.getvalue() == ""


@pytest.fixture
def held(tmp_path, monkeypatch):
    """Holds the index of a bucket as another process does, for a while."""
    monkeypatch.setenv("BOTOTRAIL_CACHE", str(tmp_path / "cache"))
    let_go, holds = threading.Event(), threading.Event()
    threads = []

    def hold(seconds):
        def run():
            with History(tmp_path / "bucket", days=36_500) as history, history._catalogue.writing(wait=True) as mine:
                assert mine
                holds.set()
                let_go.wait(seconds)

        threads.append(threading.Thread(target=run))
        threads[-1].start()
        holds.wait(30)

    yield hold
    let_go.set()
    for thread in threads:
        thread.join()


def look_up(tmp_path):
    done = CliRunner().invoke(main, ["lookup", "--bucket", str(tmp_path / "bucket"), *ALWAYS, "--columns", "eventID"])
    return [json.loads(line)["eventID"] for line in done.stdout.splitlines()], done.stderr


def test_what_is_there_is_used_while_another_process_takes_something_in(tmp_path, held):
    put(tmp_path / "bucket", event(event_id="a"))
    with History(tmp_path / "bucket", days=36_500, cache=tmp_path / "cache") as history:
        history.refresh()
    put(tmp_path / "bucket", event(event_id="b"))
    held(60)
    assert look_up(tmp_path) == (
        ["a"], "another process is taking log files in; what it has not come to yet is missing\n",
    )  # fmt: skip


def test_the_first_index_of_another_process_is_waited_for(tmp_path, held):
    put(tmp_path / "bucket", event(event_id="a"))
    held(1)
    assert look_up(tmp_path) == (["a"], "another process is making the index of this bucket; waiting until it has\n")


def test_who_is_busy_for_a_moment_is_not_spoken_of(tmp_path, held):
    put(tmp_path / "bucket", event(event_id="a"))
    with History(tmp_path / "bucket", days=36_500, cache=tmp_path / "cache") as history:
        history.refresh()
    put(tmp_path / "bucket", event("Put", "2026-09-21T12:30:00Z", event_id="b"))
    held(0.3)
    assert look_up(tmp_path) == (["b", "a"], "")
