"""All events of a lookup, page by page."""

from __future__ import annotations

import pytest
from history.buckets import event, key, wanted

from bototrail.history.event import Cursor, Stored
from bototrail.history.paging import paged
from bototrail.history.several import Histories

SOME = [Stored(Cursor(number, "id"), "{}") for number in range(5000)]


@pytest.mark.parametrize("length", [0, 1, 1999, 2000, 2001, 2999, 3000, 5000])
def test_pages_are_together_what_there_is(length):
    asked = []

    def lookup(limit, after):
        start = 0 if after is None else after.time + 1
        asked.append(limit)
        return SOME[start : min(start + limit, length)]

    assert list(paged(lookup, 3000)) == SOME[:length]
    assert asked == [2000, 3000, 3000][: 1 if length < 2000 else 2 if length < 5000 else 3]


def test_large_records_are_read_in_smaller_pages(bucket, opened):
    bucket.put(key("small"), [event(number) for number in range(300)])
    history = opened()
    history.refresh()
    small = history.page_size()
    bucket.put(key("large"), [event(number, userAgent="a" * 250_000) for number in range(1000, 1150)])
    history.refresh()
    assert (small, history.page_size(), Histories([history, history]).page_size()) == (20_000, *_pages(history))
    assert len(list(history.every_stored(wanted()))) == 450


def _pages(history):
    size = sum(part.bytes for part in history._catalogue.parts())
    return 64 * 1024 * 1024 * 450 // size, 64 * 1024 * 1024 * 450 // size // 2
