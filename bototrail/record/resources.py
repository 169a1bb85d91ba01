"""The `resources` of a record, filled in from its own parameters and results."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bototrail.record.rules import Resource, Service

# Stands for the account number until it is put in as bytes; nothing else in a record can be equal to it.
ACCOUNT: Final = "\x7faccount\x7f"

Tree = Mapping[str, Any]
Entry = dict[str, str]
Entries = Callable[[str, str, Tree, Tree], list[Entry]]  # of partition, region, parameters, results
Part = Callable[[Tree, Tree], "str | None"]

_FIELD = re.compile(r"\{(request|response)\.([^}|?]+)(\?)?(?:\|(\w+))?\}")
_FILTERS: Final[Mapping[str, Callable[[str], str]]] = {
    "bare": lambda value: value.lstrip("/"),
    "head": lambda value: value.lstrip("/").partition("/")[0],
    "table": lambda value: value.partition("/stream/")[0],
    "tail": lambda value: value.rpartition("/")[2],
}


def compile_entries(rules: Service, operation: str) -> Entries | None:
    """The function that makes the entries for calls of `operation`; None when its records have none."""
    rows = rules.resources.get(operation, rules.resources.get("*", ()))
    if not rows:
        return None
    made = tuple(_compile(row) for row in rows)

    def entries(partition: str, region: str, request: Tree, response: Tree) -> list[Entry]:
        found = []
        for make in made:
            entry = make(partition, region, request, response)
            if entry is not None:
                found.append(entry)
        return found

    return entries


def _compile(row: Resource) -> Callable[[str, str, Tree, Tree], Entry | None]:
    head, parts = _parts(row.arn)
    heads: dict[tuple[str, str], str] = {}
    skip = row.skip
    start: Entry = {"accountId": ""} if row.account else {}
    if row.type:
        start["type"] = row.type

    def make(partition: str, region: str, request: Tree, response: Tree) -> Entry | None:
        arn = heads.get((partition, region))
        if arn is None:
            arn = head.replace("{partition}", partition).replace("{region}", region).replace("{account}", ACCOUNT)
            heads[partition, region] = arn
        for part in parts:
            value = part if type(part) is str else part(request, response)  # type: ignore[operator] # a function then
            if value is None or (skip and value.startswith(skip)):
                return None
            # An ARN that the caller gave takes the place of what stands before it.
            arn = value if value[:4] == "arn:" and value.count(":") >= 5 else arn + value
        entry = {**start, row.key: arn}
        if row.account:
            fields = arn.split(":", 5)
            entry["accountId"] = (fields[4] if len(fields) > 5 else "") or ACCOUNT
        return entry

    return make


def _parts(template: str) -> tuple[str, list[str | Part]]:
    """The template up to its first field, then fields and the text between them."""
    texts: list[str] = []
    parts: list[str | Part] = []
    end = 0
    for found in _FIELD.finditer(template):
        texts.append(template[end : found.start()])
        parts += [texts[-1], _field(*found.groups())]
        end = found.end()
    return texts[0], [part for part in [*parts[1:], template[end:]] if part != ""]


def _field(root: str, path: str, optional: str | None, name: str | None) -> Part:
    *above, last = path.split(".")
    change = _FILTERS[name] if name else None
    missing = "" if optional else None

    def read(request: Tree, response: Tree) -> str | None:
        value: Any = request if root == "request" else response
        for key in above:
            value = value.get(key)
            if type(value) is not dict:
                return missing
        value = value.get(last)
        if type(value) is not str or not value:
            return missing
        return change(value) if change else value

    return read
