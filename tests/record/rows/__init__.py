"""What AWS writes, service by service: one file beside each of `bototrail/record/services/`, one row a fact of it.

The tables of a file, each sorted by operation:

- EVENTS: lines of operation, eventName where it is another, category, `read` or `write`;
- REQUESTS: operation, arguments, requestParameters;
- UNSAID: lines of operation and the keys of requestParameters of a call without arguments;
- RESULTS: operation, result (of S3 the headers of the answer), responseElements;
- RESOURCES: operation, arguments, result, the entries of `resources` as their values with blanks between them;
- RECORDS: operation, what was seen of the call, fields of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from record.calls import record_by

from bototrail.record import Plan

FILES = {path.stem: path for path in Path(__file__).parent.glob("[a-z]*.py")}
HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS"
NOON = datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)


class Row(NamedTuple):
    """One row of a table."""

    table: str
    operation: str
    given: tuple[Any, ...]
    expected: Any

    def found(self, plan: Plan) -> Any:
        """What the record has in place of `expected`."""
        return FOUND[self.table](plan, self)


def _record(plan: Plan, row: Row) -> dict[str, Any]:
    made = record_by(plan, **row.given[0])
    return {field: made.get(field) for field in row.expected}


def _resources(plan: Plan, row: Row) -> list[str]:
    entries = record_by(plan, *row.given).get("resources", ())
    return [" ".join(value if key != "ARNPrefix" else f"{value}*" for key, value in entry.items()) for entry in entries]


FOUND: dict[str, Callable[[Plan, Row], Any]] = {
    "EVENTS": lambda plan, row: [plan.event_name, plan.event_category, "read" if plan.read_only else "write"],
    "REQUESTS": lambda plan, row: plan.request_parameters(*row.given),
    "UNSAID": lambda plan, row: sorted(plan.request_parameters({}) or ()),
    "RESULTS": lambda plan, row: plan.response_elements(row.given[0], row.given[0]),
    "RESOURCES": _resources,
    "RECORDS": _record,
}


def rows_of(file: str) -> list[Row]:
    """The rows of one file."""
    module = import_module(f"record.rows.{file}")
    return [row for table in FOUND if hasattr(module, table) for row in _read(table, getattr(module, table))]


def _read(table: str, rows: Any) -> Iterator[Row]:
    for row in rows.strip().splitlines() if isinstance(rows, str) else rows:
        operation, *rest = row.split() if isinstance(row, str) else row
        if table == "EVENTS":
            yield Row(table, operation, (), rest if len(rest) == 3 else [operation, *rest])
        elif table == "UNSAID":
            yield Row(table, operation, (), rest)
        else:
            yield Row(table, operation, tuple(rest[:-1]), rest[-1])
