"""What `bototrail lookup` can show of an event: fields of the filter language, and paths into the record."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import orjson

from bototrail.clock import event_time
from bototrail.errors import ConfigError
from bototrail.history.columns import COLUMNS
from bototrail.history.columns import Column as Indexed
from bototrail.history.event import Event
from bototrail.history.filters import FIELDS, TEXT

FAILED: Final = "red"
QUIET: Final = "dim"

_TIME: Final = "eventTime"
# Fields of records that are no fields of the filter language. [facts §1.2]
RECORD_FIELDS: Final = (
    "additionalEventData",
    "addendum",
    "apiVersion",
    "edgeDeviceDetails",
    "errorMessage",
    "eventContext",
    "eventType",
    "eventVersion",
    "insightDetails",
    "managementEvent",
    "requestID",
    "requestParameters",
    "resources",
    "responseElements",
    "serviceEventDetails",
    "sessionCredentialFromConsole",
    "sharedEventID",
    "tlsDetails",
    "userAgent",
    "userIdentity",
    "vpcEndpointAccountId",
    "vpcEndpointId",
)


class Column(NamedTuple):
    """A column of the output.

    Attributes:
        name: its heading.
        value: its value for JSON.
        style: how its text is painted, for rich.
    """

    name: str
    value: Callable[[Event], Any]
    style: Callable[[Event], str] = lambda _: ""

    def text(self, event: Event) -> str:
        """The value as text; empty when the event has none."""
        return as_text(self.value(event))


def as_text(value: Any) -> str:
    """A value out of a record as text."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return orjson.dumps(value).decode()


def columns(names: str) -> list[Column]:
    """The columns of a list such as `eventTime,user,requestParameters.bucketName`.

    Raises:
        ConfigError: there is none of a name; the message tells all.
    """
    words = [word.strip() for word in names.split(",")]
    return [_column(word) for word in words]


def by_default() -> list[Column]:
    """The columns of CSV."""
    names = ("eventTime", "eventSource", "eventName", "userName", "role", "resourceName", "awsRegion")
    return [_column(name) for name in (*names, "sourceIPAddress", "accessKeyId", "readOnly", "errorCode", "eventID")]


def _column(name: str) -> Column:
    start, *rest = name.split(".")
    start = _IN_RECORDS.get(_plain(start), start)
    if rest and start in RECORD_FIELDS and all(rest):
        path = [start, *rest]
        return Column(".".join(path), lambda event: _at(event.parsed(), path))
    field = _FIELDS.get(_plain(name), "")
    if field in _INDEXED:
        return _indexed(_INDEXED[field])
    if _plain(name) in _IN_RECORDS:
        whole = _IN_RECORDS[_plain(name)]
        return Column(whole, lambda event: event.parsed().get(whole))
    raise ConfigError(f"columns among {', '.join((*_INDEXED, *RECORD_FIELDS))}, or a path in one of the latter such as "
                      "requestParameters.bucketName", repr(name), _near(name))  # fmt: skip


def _plain(name: str) -> str:
    return re.sub(r"[._-]", "", name).lower()


def _near(name: str) -> str:
    found = difflib.get_close_matches(name, (*_INDEXED, *RECORD_FIELDS), 1)
    return f"did you mean {found[0]}?" if found else "correct it"


_IN_RECORDS: Final = {_plain(name): name for name in RECORD_FIELDS}
_INDEXED: Final[Mapping[str, Indexed]] = {column.field: column for column in COLUMNS}
_FIELDS: Final = {
    **{name: field for name, field in FIELDS.items() if field != TEXT},
    _TIME.lower(): _TIME,
    "time": _TIME,
}


def _indexed(column: Indexed) -> Column:
    at = column.name
    if column.field == _TIME:
        return Column(_TIME, time_of)
    if column.many:
        return Column(column.field, lambda event: getattr(event, at).split("\n")[1:-1])
    if column.field == "errorCode":
        return Column("errorCode", lambda event: event.error_code or None, lambda _: FAILED)
    return Column(column.field, lambda event: None if getattr(event, at) == "" else getattr(event, at))


def time_of(event: Event) -> str:
    """When it was, as records write it."""
    return event_time(event.event_time)


def _at(value: Any, path: list[str]) -> Any:
    """What is at a path; a number is a place in a list, any other name goes for each of its elements."""
    for number, name in enumerate(path):
        if isinstance(value, list):
            if not name.isdecimal():
                found = [_at(each, path[number:]) for each in value]
                return [each for each in found if each is not None] or None
            value = value[int(name)] if len(name) < 7 and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value
