"""All events of a filter as a file, written as they are read."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any, Final, TypeVar

from bototrail.history.columns import COLUMNS
from bototrail.history.event import Event, Stored

_AT_A_TIME: Final = 500
_Event = TypeVar("_Event")

# A cell that begins so is a formula for spreadsheets, which may run programs and send what stands in other cells.
_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def as_json(events: Iterable[Event | Stored]) -> Iterator[bytes]:
    """A log file as CloudTrail writes them, one record a line; events as they are stored will do."""
    before = '{"Records": [\n'
    for some in _portions(events):
        yield (before + ",\n".join(event.record for event in some)).encode()
        before = ",\n"
    yield b'{"Records": []}\n' if before != ",\n" else b"\n]}\n"


def as_csv(events: Iterable[Event]) -> Iterator[bytes]:
    """What the index knows of each event; several resources stand in one cell, with `; ` between them."""
    yield _lines([[column.field for column in COLUMNS]])
    for some in _portions(events):
        yield _lines(_cells(event) for event in some)


FORMATS: Final[dict[str, tuple[str, Callable[[Iterable[Any]], Iterator[bytes]]]]] = {
    "json": ("application/json", as_json),
    "csv": ("text/csv; charset=utf-8", as_csv),
}
"""Content type, and what makes it of events, by the ending of the file's name."""


def _portions(events: Iterable[_Event]) -> Iterator[list[_Event]]:
    some = list[_Event]()
    for event in events:
        some.append(event)
        if len(some) == _AT_A_TIME:
            yield some
            some = []
    if some:
        yield some


def _lines(rows: Iterable[list[str]]) -> bytes:
    file = io.StringIO()
    csv.writer(file, lineterminator="\r\n").writerows(rows)
    return file.getvalue().encode()


def _cells(event: Event) -> list[str]:
    found = [_stamp(event.event_time)]
    for column, value in zip(COLUMNS[1:], event[1:], strict=False):
        if isinstance(value, str):
            found.append(_harmless("; ".join(each for each in value.split("\n") if each) if column.many else value))
        else:
            found.append("" if value is None else str(value).lower())
    return found


def _stamp(time: int) -> str:
    return datetime.fromtimestamp(time, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _harmless(text: str) -> str:
    """The csv module takes care of quotes; that a cell stays text, an apostrophe before it does."""
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_FORMULAS) else text
