"""The forms that `bototrail lookup` prints events in."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, Protocol, TextIO

import orjson

from bototrail.cli.lookup_columns import Column, by_default
from bototrail.cli.painting import json_shown, one_line
from bototrail.history.event import Event, Stored


class Form(Protocol):
    """Prints events as they come.

    Attributes:
        only_records: whether it prints nothing but records, so that events as they are stored will do.
    """

    only_records: bool

    def rows(self, events: Iterable[Any]) -> None:
        """Print some."""

    def end(self) -> None:
        """Print what stands below the last one."""


class Jsonl:
    """A JSON object a line: the record as it stands in its log file, or columns of it.

    Args:
        out: where it goes.
        columns: which ones.
        follows: it makes no difference.
    """

    def __init__(self, out: TextIO, columns: Sequence[Column] | None = None, *, follows: bool = False) -> None:  # noqa: ARG002
        self._out, self._text, self.only_records = out, _json(out, columns), columns is None

    def rows(self, events: Iterable[Event | Stored]) -> None:
        """See `Form`."""
        for event in events:
            self._out.write(self._text(event) + "\n")

    def end(self) -> None:
        """See `Form`."""


class Json:
    """A log file, `{"Records": [...]}`; with columns, an array of objects.

    Args:
        out: where it goes.
        columns: which ones.
        follows: it makes no difference.
    """

    def __init__(self, out: TextIO, columns: Sequence[Column] | None = None, *, follows: bool = False) -> None:  # noqa: ARG002
        self._out, self._text, self.only_records = out, _json(out, columns), columns is None
        self._between, self._close = ('{"Records":[\n', "\n]}\n") if columns is None else ("[\n", "\n]\n")
        self._open = self._between

    def rows(self, events: Iterable[Event | Stored]) -> None:
        """See `Form`."""
        for event in events:
            self._out.write(self._between + self._text(event))
            self._between = ",\n"

    def end(self) -> None:
        """See `Form`."""
        self._out.write(self._close if self._between != self._open else self._open.rstrip() + self._close.lstrip())


class Csv:
    """Comma-separated values, with a line of headings.

    Args:
        out: where it goes.
        columns: which ones.
        follows: it makes no difference.
    """

    def __init__(self, out: TextIO, columns: Sequence[Column] | None = None, *, follows: bool = False) -> None:  # noqa: ARG002
        self._columns = columns or by_default()
        self._writer = csv.writer(out, lineterminator="\n")
        self._safe: Callable[[str], str] = one_line if out.isatty() else str
        self._begun = False
        self.only_records = False

    def rows(self, events: Iterable[Event]) -> None:
        """See `Form`."""
        self._begin()
        for event in events:
            self._writer.writerow([self._safe(column.text(event)) for column in self._columns])

    def end(self) -> None:
        """See `Form`."""
        self._begin()

    def _begin(self) -> None:
        if not self._begun:
            self._writer.writerow([column.name for column in self._columns])
            self._begun = True


def _json(out: TextIO, columns: Sequence[Column] | None) -> Callable[[Any], str]:
    """How an event becomes a line of JSON."""

    def record(event: Event | Stored) -> str:
        return event.record

    def chosen(event: Event) -> str:
        found: dict[str, Any] = {column.name: column.value(event) for column in columns or ()}
        return orjson.dumps(found).decode()

    make = record if columns is None else chosen
    return (lambda event: json_shown(make(event))) if out.isatty() else make


FORMS: Final = ("table", "json", "jsonl", "csv")


def form_of(name: str, out: TextIO, columns: Sequence[Column] | None, *, follows: bool) -> Form:
    """The form of a name.

    Raises:
        MissingExtraError: a package is not installed.
    """
    if name == "table":
        from bototrail.cli.lookup_table import Table

        return Table(out, columns, follows=follows)
    kinds: dict[str, type[Json | Jsonl | Csv]] = {"json": Json, "jsonl": Jsonl, "csv": Csv}
    return kinds[name](out, columns, follows=follows)
