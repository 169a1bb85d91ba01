"""Events that were delivered twice count once."""

from __future__ import annotations

import shutil

import pytest
from history.buckets import BASE, event, id_of, ids, key, wanted


def counted(history, *words):
    """Everything that counts, of a filter: events, names, and the timeline."""
    query = wanted(*words)
    return (
        history.count(query),
        history.values(query, "eventName"),
        sum(events for _, _, events, _ in history.timeline(query, 60)),
    )


def these(number):
    return number, [("ListBuckets", number)], number


def test_an_event_in_two_files_of_one_part_counts_once(bucket, opened):
    bucket.put(key("a"), [event(1), event(2)])
    bucket.put(key("b"), [event(2), event(3)])
    history = opened()
    history.refresh()
    assert counted(history) == these(3)


def test_an_event_that_is_delivered_again_later_counts_once(bucket, opened):
    history = opened()
    for name, numbers in (("a", (1, 2, 3)), ("b", (3, 4)), ("c", (1, 3, 4, 5)), ("d", (6,))):
        bucket.put(key(name), [event(number) for number in numbers])
        history.refresh()
    assert counted(history) == these(6)
    assert counted(history, f"eventID={id_of(3)[0]}") == these(1)
    assert counted(opened()) == these(6)


def test_the_same_eventid_at_another_time_is_another_event(bucket, opened):
    bucket.put(key("a"), [event(1), event(2, eventID=id_of(1)[0])])
    history = opened()
    history.refresh()
    assert counted(history) == these(2)


def test_an_event_still_counts_when_parts_are_merged_or_gone(bucket, opened):
    history = opened()
    for number in range(9):
        bucket.put(key(f"{number}"), [event(number), event(number + 1)])
        history.refresh()
    before = counted(history)
    parts = history._catalogue.parts()
    history.tidy()
    assert (before, counted(history), len(parts), len(history._catalogue.parts())) == (these(10), these(10), 9, 1)
    bucket.put(key("again"), [event(3), event(10)])
    history.refresh()
    assert counted(history) == these(11)
    history._catalogue.forget_parts([part.name for part in history._catalogue.parts()][:1])
    history.refresh()
    assert (counted(history), len(ids(history))) == (these(11), 11)


def test_a_whole_bucket_can_be_there_twice(bucket, opened):
    records = [event(number) for number in range(3000)]
    for name, days_ago in (("a", 0), ("b", 1)):
        bucket.put(key(name, days_ago=days_ago), records)
        bucket.put(key(f"{name}2", prefix="other/"), records[1000:2000])
        history = opened()
        history.refresh()
    assert counted(history) == these(3000)
    assert counted(history, f"since={_text(BASE + 500)}", f"until={_text(BASE + 1499)}") == these(1000)


def _text(time):
    from bototrail.clock import event_time

    return event_time(time)


@pytest.mark.parametrize("harm", ["gone", "garbled"])
def test_what_is_known_of_doubles_is_found_out_again_when_it_is_broken(bucket, opened, harm):
    history = opened()
    for name in "ab":
        bucket.put(key(name), [event(1), event(2)])
        history.refresh()
    assert counted(history) == these(2)
    marks = list(history._catalogue.parts_folder.glob("*.doubles"))
    assert any(path.stat().st_size for path in marks)
    for path in marks:
        path.unlink() if harm == "gone" else path.write_bytes(b"PAR1 and so on PAR1")
    bucket.put(key("c"), [event(3)])
    history.refresh()
    assert (counted(history), counted(opened())) == (these(3), these(3))


def test_doubles_cost_nothing_where_there_are_none(bucket, opened, monkeypatch):
    history = opened()
    for name, numbers in (("a", (1, 2)), ("b", (3, 4))):
        bucket.put(key(name), [event(number) for number in numbers])
        history.refresh()
    history.count(wanted())
    asked = []
    rows = type(history._engine).rows
    monkeypatch.setattr(type(history._engine), "rows", lambda *a: asked.append(a[1]) or rows(*a))
    assert (counted(history, "event=List*"), counted(opened(), "event=List*")) == (these(4), these(4))
    assert [sql for sql in asked if "hash(" in sql or "ANTI" in sql] == []
    shutil.rmtree(history._catalogue.parts_folder)
