"""Events as they come: each once, whatever becomes of the parts that they stand in."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from history.logged import event, put

from bototrail.history.filters import Filter, parse
from bototrail.history.history import History

NOW = datetime(2026, 11, 21, tzinfo=timezone.utc)


def at(minute, event_id, name="GetObject"):
    return event(name, f"2026-09-21T12:{minute:02}:00Z", event_id)


@pytest.fixture
def bucket(tmp_path):
    put(tmp_path / "bucket", at(10, "a"), at(11, "b"), at(12, "c", "PutObject"))
    return tmp_path / "bucket"


@pytest.fixture
def history(tmp_path, bucket):
    with History(bucket, days=36_500, cache=tmp_path / "cache") as found:
        found.refresh()
        yield found


def ids(events):
    return [found.event_id for found in events]


def taken(history, arrivals):
    history.refresh()
    return ids(arrivals.take())


def test_the_last_ones_come_first_and_the_oldest_of_them_before(history):
    assert ids(history.arrivals(Filter()).first(2)) == ["b", "c"]
    assert ids(history.arrivals(Filter()).first(0)) == []
    assert ids(history.arrivals(parse(["eventName=Get*"], NOW)).first(9)) == ["a", "b"]


def test_what_is_new_comes_once_in_the_order_of_time(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(1)
    assert taken(history, arrivals) == []
    put(bucket, at(14, "e"), at(13, "d"))
    put(bucket, at(15, "f"))
    assert taken(history, arrivals) == ["d", "e", "f"]
    assert taken(history, arrivals) == []


def test_what_is_delivered_late_comes_too(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(0)
    put(bucket, at(1, "late"))
    assert taken(history, arrivals) == ["late"]


def test_only_what_the_filter_wants_comes(history, bucket):
    arrivals = history.arrivals(parse(["eventName=Put*"], NOW))
    arrivals.first(10)
    put(bucket, at(13, "d"), at(14, "e", "PutObject"))
    assert taken(history, arrivals) == ["e"]


def test_what_is_delivered_twice_comes_once(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(0)
    put(bucket, at(11, "b"), at(13, "d"))
    put(bucket, at(13, "d"), at(14, "e"))
    assert taken(history, arrivals) == ["d", "e"]
    put(bucket, at(13, "d"), at(14, "e"), at(15, "f"))
    assert taken(history, arrivals) == ["f"]


def test_what_is_merged_does_not_come_again(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(0)
    for number in range(10):
        put(bucket, at(20 + number, f"n{number}"))
        history.refresh()
    put(bucket, at(5, "other"))
    history.refresh()
    before = len(history._catalogue.parts())
    assert history.tidy()
    assert len(history._catalogue.parts()) < before
    assert taken(history, arrivals) == ["other", *(f"n{number}" for number in range(10))]
    for number in range(10):
        put(bucket, at(40 + number, f"m{number}"))
        history.refresh()
    assert ids(arrivals.take()) == [f"m{number}" for number in range(10)]
    assert history.tidy()
    assert taken(history, arrivals) == []


def test_of_an_index_that_is_made_anew_comes_what_is_newer(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(0)
    history._catalogue.wipe()
    put(bucket, at(13, "d"))
    assert taken(history, arrivals) == ["d"]
    put(bucket, at(3, "late"))
    assert taken(history, arrivals) == ["late"]


def test_many_come_in_pages(history, bucket):
    arrivals = history.arrivals(Filter())
    arrivals.first(0)
    put(bucket, *(at(13 + number % 40, f"{number:05}") for number in range(4_100)))
    found = taken(history, arrivals)
    assert found == sorted((f"{number:05}" for number in range(4_100)), key=lambda text: (int(text) % 40, text))


def test_what_waits_comes_when_the_call_is_made_and_not_again_when_it_is_delivered(tmp_path, client):
    import bototrail

    moto = pytest.importorskip("moto")
    with moto.mock_aws():
        bototrail.start(tmp_path / "bucket", flush_seconds=600)
        sts = client("sts")
        sts.get_caller_identity()
        with History(tmp_path / "bucket", state=tmp_path / "state", cache=tmp_path / "cache") as history:
            history.refresh()
            arrivals = history.arrivals(Filter())
            assert arrivals.first(0) == []
            before = ids(history.every(Filter()))
            sts.get_caller_identity()
            history.refresh(delivered=False)
            first = ids(arrivals.take())
            sts.get_caller_identity()
            second = taken(history, arrivals)
            bototrail.flush()
            third = taken(history, arrivals)
            everything = ids(history.every(Filter(), reverse=True))
    assert [len(found) for found in (before, first, second, third)] == [1, 1, 1, 0]
    assert sorted(before + first + second) == sorted(everything)
