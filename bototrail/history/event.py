"""An event as lookups give it."""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

import orjson

from bototrail.history.facts import Fact, facts
from bototrail.history.resources import resources


class Cursor(NamedTuple):
    """A place among events: right behind this one, in whatever direction they are read.

    Attributes:
        time: its eventTime, seconds since 1970.
        event_id: its eventID.
    """

    time: int
    event_id: str


class Stored(NamedTuple):
    """An event as it stands in the index, nothing told of it.

    Attributes:
        cursor: its place.
        record: the record as JSON text.
    """

    cursor: Cursor
    record: str


class Event(NamedTuple):
    """An event: the values of `columns.COLUMNS`, and the record as JSON text."""

    event_time: int
    event_id: str
    event_name: str
    event_source: str
    user_name: str
    access_key_id: str
    read_only: bool | None
    error_code: str
    source_ip: str
    region: str
    account: str
    category: str
    role: str
    session: str
    principal: str
    resource_name: str
    resource_type: str
    record: str

    @property
    def cursor(self) -> Cursor:
        """Its place."""
        return Cursor(self.event_time, self.event_id)

    def parsed(self) -> dict[str, Any]:
        """The record."""
        found: dict[str, Any] = orjson.loads(self.record)
        return found

    def resources(self) -> list[tuple[str, str]]:
        """What it was done to: types (`AWS::S3::Bucket`, empty when unknown) and names."""
        return resources(self.parsed())


Row = tuple[Fact, ...]
"""The values of COLUMNS, and the record as JSON text."""


def row_of(record: dict[str, Any]) -> Row | None:
    """What the index keeps of a record; None when that is no event, or is nested deeper than it can be written.

    Args:
        record: any JSON object.
    """
    try:
        found = facts(record)
        return None if found is None else _row(found, orjson.dumps(record).decode())
    except Exception:  # noqa: BLE001 records are hostile
        return None


def _row(found: tuple[Fact, ...], record: str) -> Row:
    if found[1]:
        return (*found, record)
    # Without an eventID, the same record is the same event, and any other is another one.
    return (found[0], hashlib.sha256(record.encode()).hexdigest()[:32], *found[2:], record)


def event_of(record: str) -> Event:
    """The event of a record that is in the index, so that it has an eventTime."""
    found = facts(orjson.loads(record))
    assert found is not None
    return Event(*_row(found, record))  # type: ignore[arg-type] # COLUMNS and Event are in the same order
