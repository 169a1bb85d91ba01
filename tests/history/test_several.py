"""Several buckets looked up as one."""

from __future__ import annotations

import threading

import pytest
from history.delivered import ACCOUNT, BASE, numbers, put, record

from bototrail.errors import BucketError
from bototrail.history.filters import Filter, parse
from bototrail.history.history import History
from bototrail.history.several import Histories


@pytest.fixture
def histories(tmp_path):
    """Opens buckets `a`, `b`, ... that were written before."""
    opened = []

    def make():
        found = Histories([History(p, cache=tmp_path / "cache") for p in sorted(tmp_path.glob("?"))])
        opened.append(found)
        found.refresh()
        return found

    yield make
    for each in opened:
        each.close()


def found_numbers(events):
    return numbers(event.event_id for event in events)


def paged(histories, limit, **options):
    found, after = [], None
    while page := histories.events(Filter(), limit, after=after, **options):
        assert len(page) <= limit
        found += found_numbers(page)
        after = page[-1].cursor
    return found


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_pages_have_every_event_once_and_in_order(limit, histories, tmp_path):
    """Also those that are in both buckets, or several times in one."""
    put(tmp_path / "a", "1", [record(n) for n in range(0, 40, 2)])
    put(tmp_path / "a", "2", [record(n) for n in range(0, 40, 4)])
    put(tmp_path / "a", "3", [record(n) for n in range(0, 40, 4)])
    put(tmp_path / "b", "1", [record(n) for n in range(0, 40, 3)])
    expected = sorted({*range(0, 40, 2), *range(0, 40, 3)})
    found = histories()
    assert paged(found, limit) == expected[::-1]
    assert paged(found, limit, reverse=True) == expected


def test_a_page_is_full_as_long_as_there_are_events(histories, tmp_path):
    for name in "123456":
        put(tmp_path / "a", name, [record(n) for n in range(8)])
    assert [len(histories().events(Filter(), limit)) for limit in (1, 5, 8, 9)] == [1, 5, 8, 8]


def test_counts_are_summed(histories, tmp_path):
    put(tmp_path / "a", "1", [record(0), record(30, "GetObject", errorCode="AccessDenied")])
    put(tmp_path / "b", "1", [record(1), record(2, "GetObject"), record(31, "GetObject")])
    found = histories()
    assert found.totals() == (2, 5)
    assert found.count(parse(["eventName=GetObject"], None)) == 3
    assert found.values(Filter(), "eventName") == [("GetObject", 3), ("ListBuckets", 2)]
    assert found.values(Filter(), "eventName", 1) == [("GetObject", 3)]
    assert sorted(found.timeline(Filter(), 1, "eventName")) == [
        (BASE, "GetObject", 1, 0),
        (BASE, "ListBuckets", 2, 0),
        (BASE + 10, "GetObject", 2, 1),
    ]
    assert found.event(record(31)["eventID"]).parsed() == record(31, "GetObject")
    assert found.event("none") is None
    assert found_numbers(found.every(Filter())) == [31, 30, 2, 1, 0]


def test_problems_are_named_with_their_bucket(histories, tmp_path):
    put(tmp_path / "a", "1", b"{")
    put(tmp_path / "b", "1", [record(0), 7])
    (a, broken), (b, partly) = histories().problems()
    assert a.startswith(f"{tmp_path}/a/AWSLogs/{ACCOUNT}/")
    assert b.startswith(f"{tmp_path}/b/AWSLogs/{ACCOUNT}/")
    assert broken.startswith("skipped: ")
    assert partly.startswith("skipped 1 of 2 records")


def test_the_version_changes_with_any_bucket(histories, tmp_path):
    put(tmp_path / "a", "1", [record(0)])
    put(tmp_path / "b", "1", [record(1)])
    found = histories()
    before = found.version()
    assert found.refresh().files == 0
    assert found.version() == before
    put(tmp_path / "b", "2", [record(2)])
    assert found.refresh()._replace(problems=()) == (1, 1, (), False)
    assert found.version() != before


def test_a_bucket_that_cannot_be_listed_hides_no_other(histories, tmp_path):
    put(tmp_path / "a", "1", [record(0)])
    put(tmp_path / "b", "1", [record(1)])
    found = histories()
    put(tmp_path / "b", "2", [record(2)])
    (tmp_path / "a").rename(tmp_path / "gone")
    (tmp_path / "a").symlink_to(tmp_path / "a")
    with pytest.raises(BucketError):
        found.refresh()
    assert found_numbers(found.events(Filter())) == [2, 1, 0]


def test_progress_is_of_all_and_a_stop_ends_it(histories, tmp_path):
    for name in "ab":
        put(tmp_path / name, "1", [record(0), record(1)])
    told, stop = [], threading.Event()
    found = Histories([History(tmp_path / name, cache=tmp_path / "other") for name in "ab"])
    found.refresh(told.append)
    assert told == [(1, 1, 2), (2, 2, 4)]
    put(tmp_path / "b", "2", [record(2)])
    stop.set()
    assert found.refresh(None, stop).files == 0
    found.close()


def test_no_bucket_has_no_events():
    with Histories([]) as none:
        assert none.refresh() == (0, 0, (), False)
        assert (none.events(Filter()), none.count(Filter()), none.values(Filter(), "eventName")) == ([], 0, [])
        assert (none.totals(), none.problems(), none.tidy(), none.event("x")) == ((0, 0), [], False, None)
