"""What a request of the page asks for: parameters, checked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Final
from urllib.parse import parse_qsl

from bototrail.clock import now
from bototrail.errors import BototrailError, ConfigError
from bototrail.history.columns import COLUMNS
from bototrail.history.event import Cursor
from bototrail.history.filters import Filter, parse, split

MOST_CHARACTERS: Final = 8_000
"""Characters of a filter."""

FIELDS: Final = tuple(column.field for column in COLUMNS)
_MOST_PARAMETERS: Final = 20


class AskedError(BototrailError):
    """A request that cannot be answered.

    Args:
        field: the parameter, `q` for the filter.
        message: what was expected, what was found, what to do.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


def parameters(query: str) -> dict[str, str]:
    """The parameters of a query string; of several of one name the last.

    Raises:
        AskedError: it is no UTF-8, or there are too many.
    """
    try:
        return dict(parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        raise AskedError("", f"expected at most {_MOST_PARAMETERS} parameters in UTF-8; found others") from None


def query_of(given: Mapping[str, str]) -> Filter:
    """The filter, from its line `q`.

    Raises:
        AskedError: it cannot be understood.
    """
    line = given.get("q", "")
    if len(line) > MOST_CHARACTERS:
        raise AskedError("q", f"expected at most {MOST_CHARACTERS} characters; found {len(line)}; leave terms out")
    try:
        return parse(split(line), datetime.fromtimestamp(now(), timezone.utc))
    except ConfigError as error:
        raise AskedError("q", str(error)) from None


def number(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    """A number from 1 on.

    Raises:
        AskedError: it is none, or too big.
    """
    text = given.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 12 and 1 <= int(text) <= most):
        raise AskedError(name, f"expected a number from 1 to {most} for {name}; found {text[:100]!r}; correct it")
    return int(text)


def choice(given: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    """One of some words; the first when nothing is said.

    Raises:
        AskedError: it is none of them.
    """
    text = given.get(name) or choices[0]
    if text not in choices:
        raise AskedError(name, f"expected one of {', '.join(choices)} for {name}; found {text[:100]!r}; correct it")
    return text


def fields(given: Mapping[str, str]) -> list[str]:
    """The `fields` whose values are wanted.

    Raises:
        AskedError: there is none of that name.
    """
    names = list(dict.fromkeys(given.get("fields", "").split(",")))
    for name in names:
        choice({"fields": name or "nothing"}, "fields", FIELDS)
    return names


def cursor(given: Mapping[str, str]) -> Cursor | None:
    """The place behind which to go on, as `cursor_text` wrote it.

    Raises:
        AskedError: it is none.
    """
    text = given.get("after", "")
    if not text:
        return None
    time, dot, event_id = text.partition(".")
    if not dot or not (time.isascii() and time.isdigit() and len(time) < 16):
        raise AskedError("after", f"expected TIME.EVENTID for after; found {text[:100]!r}; begin with the first page")
    return Cursor(int(time), event_id)


def cursor_text(place: Cursor) -> str:
    """A place among events, for the next request."""
    return f"{place.time}.{place.event_id}"
