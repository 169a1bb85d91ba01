"""Which IAM actions a record's operation needs: the action of its name, or what the table of exceptions says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from bototrail.history.prefixes import operation_of, prefixes_of
from bototrail.policy.catalogue import action, prefixes
from bototrail.policy.exceptions import ALSO, INSTEAD, Row

_UNKNOWN: Final = object()


class Wanted(NamedTuple):
    """An action that an operation needs.

    Attributes:
        action: its name, `s3:PutObject`.
        verified: whether the Service Authorization Reference has it.
        arn: template of the resource, empty where the parameters' names tell it.
        parameters: what the template is filled from.
    """

    action: str
    verified: bool
    arn: str
    parameters: Mapping[str, Any]


def wanted(record: Mapping[str, Any]) -> list[Wanted]:
    """The actions that a record's call needed, the operation's own first."""
    head, operation = operation_of(record)
    given = record.get("requestParameters")
    parameters: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    key = f"{head}:{operation}"
    rows = INSTEAD.get(key)
    out = [Wanted(_named(head, operation, parameters), True, "", parameters)] if rows is None else []
    out += _held(rows or (), parameters)
    if rows and not out:
        out = _by_default(rows, parameters)
    out += _held(ALSO.get(key, ()), parameters)
    return [one._replace(verified=action(one.action) is not None) for one in out]


def _by_default(rows: tuple[Row, ...], parameters: Mapping[str, Any]) -> list[Wanted]:
    """A call that was refused has no parameters to choose by: then it is the ordinary form, or any."""
    ordinary = [row for row in rows if row.when.startswith("!")] or list(rows)
    return [Wanted(name, True, row.arn, parameters) for row in ordinary for name in row.actions]


def _held(rows: tuple[Row, ...], parameters: Mapping[str, Any]) -> list[Wanted]:
    return [
        Wanted(name, True, row.arn, given)
        for row in rows
        for given in _elements(row, parameters)
        if _holds(row.when, given)
        for name in row.actions
    ]


def _elements(row: Row, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if not row.each:
        yield parameters
        return
    elements = parameters.get(row.each)
    for element in elements if isinstance(elements, list) else ():
        if isinstance(element, Mapping):
            yield element


def _holds(when: str, parameters: Mapping[str, Any]) -> bool:
    absent, path = when.startswith("!"), when.removeprefix("!")
    if not path:
        return True
    name, _, expected = path.partition("=")
    value = at(parameters, name)
    if value is _UNKNOWN or not expected:
        return (value is _UNKNOWN) is absent
    return (re.search(expected, str(value), re.DOTALL) is None) is absent


def at(parameters: Any, path: str) -> Any:
    """The value at a path with dots in it; something that equals nothing when there is none."""
    for key in path.split("."):
        if not isinstance(parameters, Mapping) or key not in parameters:
            return _UNKNOWN
        parameters = parameters[key]
    return parameters


def text_at(parameters: Any, path: str) -> str:
    """The text at a path, empty when there is none."""
    value = at(parameters, path)
    return value if isinstance(value, str) else ""


def _named(head: str, operation: str, parameters: Mapping[str, Any]) -> str:
    candidates = prefixes_of(head)
    if "serviceNamespace" in parameters:  # both services of Auto Scaling log to one eventSource
        candidates = tuple(reversed(candidates))
    for prefix in candidates:
        if (found := action(f"{prefix}:{operation}")) is not None:
            return found.name
    known = [prefix for prefix in candidates if prefix in prefixes()]
    return f"{(known or candidates)[0]}:{operation}"
