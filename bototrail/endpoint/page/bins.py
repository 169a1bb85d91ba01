"""The timeline: how many events there were in each stretch of time, and of what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from bototrail.clock import now
from bototrail.history.filters import Filter
from bototrail.history.several import Histories

MOST_BINS: Final = 500
MOST_SERIES: Final = 12

FIELDS: Final = ("eventSource", "eventName", "userName", "awsRegion", "recipientAccountId", "errorCode")
"""What stretches can be told apart by: fields with not too many values."""

_DAY: Final = 86_400
_PRECISE: Final = 50  # stretches in a range that is known well enough

# Seconds that clocks and calendars have names for; stretches begin at multiples of them.
_WIDTHS: Final = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200),
    *(_DAY, 2 * _DAY, 7 * _DAY, 30 * _DAY, 365 * _DAY, 3650 * _DAY, 36_500 * _DAY),
)


class Span(NamedTuple):
    """A range of time, seconds since 1970; the end is exclusive."""

    start: int
    end: int


def width_for(span: Span, bins: int) -> int:
    """The seconds of a stretch, so that a range has so many of them at most."""
    for width in _WIDTHS:
        if -(span.start // width) + -(-span.end // width) <= bins:
            return width
    return -(-(span.end - span.start) // max(bins - 1, 1))


def span_of(history: Histories, query: Filter) -> Span | None:
    """The range that a timeline shows: what the filter says, else from the first event or to the last.

    A filter that says since when shows up to now, even if nothing has happened since.
    """
    if query.start is not None:
        return Span(query.start, max(query.start, query.end if query.end is not None else int(now())) + 1)
    found = _extent(history, query)
    return found and Span(found.start, query.end + 1 if query.end is not None else found.end)


def _extent(history: Histories, query: Filter) -> Span | None:
    """From when to when there are events, about."""
    extent = history.extent(query)
    if extent is None:
        return None
    found, width = Span(0, 0), _DAY
    while width:
        first, last = (time // width * width for time in extent)
        found = Span(first, last + width)
        finer = width_for(found, MOST_BINS)
        width = finer if found.end - found.start < _PRECISE * width and finer < width else 0
    return found


def timeline(history: Histories, query: Filter, field: str, bins: int, top: int) -> dict[str, Any]:
    """A filter's events as stretches of time.

    Args:
        history: what is asked.
        query: which events.
        field: what is told apart in a stretch, one of `FIELDS`.
        bins: at most so many stretches.
        top: the most frequent values are told apart, the others are one.

    Returns:
        start and end, seconds since 1970; width of a stretch in seconds; series, the values; others, how many values
        are in the last count; bins, of each that has events: start, events that failed, and those that did not, of
        each of the series and of the others.
    """
    span = span_of(history, query)
    if span is None:
        return {"start": None, "end": None, "width": 1, "field": field, "series": [], "others": 0, "bins": []}
    width = width_for(span, bins)
    rows = history.timeline(query.within(span.start, span.end - 1), width, field)
    totals = Counter[str]()
    for _, value, events, _ in rows:
        totals[value] += events
    ranked = sorted(totals, key=lambda value: (-totals[value], value))
    return {
        "start": span.start,
        "end": span.end,
        "width": width,
        "field": field,
        "series": ranked[:top],
        "others": len(ranked[top:]),
        "bins": _stacked(rows, ranked[:top]),
    }


def _stacked(rows: Sequence[tuple[int, str, int, int]], series: Sequence[str]) -> list[list[int]]:
    places = {value: place + 2 for place, value in enumerate(series)}
    found: dict[int, list[int]] = {}
    for start, value, events, failed in rows:
        stack = found.setdefault(start, [start, 0, *[0] * (len(series) + 1)])
        stack[1] += failed
        stack[places.get(value, len(series) + 2)] += events - failed
    return [found[start] for start in sorted(found)]
