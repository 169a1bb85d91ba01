"""The `resources` of a record, filled in from its own parameters and results."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from bototrail.record.identity import is_account
from bototrail.record.rules import Resource, Service

# Stands for the account number until it is put in as bytes; nothing else in a record can be equal to it.
ACCOUNT: Final = "\x7faccount\x7f"

Tree = Mapping[str, Any]
Entry = dict[str, str]


class Source(NamedTuple):
    """What the entries of a record are made from.

    Attributes:
        partition: botocore's name, such as `aws`.
        region: the record's.
        request: requestParameters.
        response: responseElements.
        answer: the result as the program got it.
    """

    partition: str
    region: str
    request: Tree
    response: Tree
    answer: Tree


Entries = Callable[[Source], list[Entry]]
Part = Callable[[Source], "str | None"]

_FIELD = re.compile(r"\{((?:request|response|answer)\.[^}|?]+)(\?)?(?:\|(\w+))?\}")
_INDEXED = re.compile(r"""\bFROM\s+"?([\w.-]+?)"?\."?([\w-]+)"?(?=\s|$|;)""", re.IGNORECASE)
_STATEMENT = re.compile(r"""\b(?:FROM|INTO|UPDATE)\s+"?([\w.-]+)""", re.IGNORECASE)


def _queue(url: str) -> str:
    """Account and name of a queue, out of its URL; other servers than AWS have URLs without an account."""
    *_, account, name = ("", "", *url.split("/"))
    return f"{account if is_account(account) else ACCOUNT}:{name}"


def _from_index(statement: str) -> str | None:
    """Table and index that a statement of PartiQL selects from."""
    found = _INDEXED.search(statement)
    return f"{found[1]}/index/{found[2]}" if found else None


def _source(copied: str) -> list[str]:
    """Bucket and key of what is copied, which is quoted and may name a version; of an access point nothing is known."""
    path = unquote(copied.partition("?versionId=")[0]).lstrip("/")
    return ["", ""] if path.startswith("arn:") else [path.partition("/")[0], path]


def _unqualified(function: str) -> str:
    """ARN or name of a function, without version or alias."""
    name = function.rpartition(":function:")[2].partition(":")[0]
    return ":".join(function.split(":")[:7]) if function[:4] == "arn:" else name


_FILTERS: Final[Mapping[str, Callable[[str], str | None]]] = {
    # `Ann <ann@example.com>`
    "address": lambda value: value.rpartition("<")[2].partition(">")[0],
    "bare": lambda value: value.lstrip("/"),
    "from": lambda value: found[1] if (found := _STATEMENT.search(value)) else None,
    "function": lambda value: value if value[:4] == "arn:" else value.rpartition(":function:")[2].partition(":")[0],
    "from_index": _from_index,
    "qualified": lambda value: value if value[:4] == "arn:" else value.rpartition(":function:")[2],
    "queue": _queue,
    "source_bucket": lambda value: _source(value)[0] or None,
    "source_object": lambda value: _source(value)[1] or None,
    "stream": lambda value: value.partition("|")[0],
    "table": lambda value: value.partition("/stream/")[0],
    "unqualified": _unqualified,
}


def compile_entries(rules: Service, operation: str) -> Entries | None:
    """The function that makes the entries for calls of `operation`; None when its records have none."""
    rows = _rows(rules, operation)
    if not rows:
        return None
    made = tuple(_compile(row) for row in rows)

    def entries(source: Source) -> list[Entry]:
        found: list[Entry] = []
        for make in made:
            found += make(source)
        return found

    return entries


def reads_answer(rules: Service, operation: str) -> bool:
    """Whether an entry has a field of the result itself."""
    fields = (found[1] for row in _rows(rules, operation) for found in _FIELD.finditer(row.arn))
    return any(path.startswith("answer.") for paths in fields for path in paths.split(","))


def _rows(rules: Service, operation: str) -> tuple[Resource, ...]:
    return tuple(rules.resources.get(operation, rules.resources.get("*", ())))


ArnMaker = Callable[[Source], list[str]]


def arn_maker(template: str) -> ArnMaker:
    """What makes the ARNs of one template (`rules.Resource`); the caller's account stands in them as `ACCOUNT`."""
    entries = _compile(Resource("", template, account=False))
    return lambda source: [entry["ARN"] for entry in entries(source)]


def _compile(row: Resource) -> Entries:
    """The entries of one row: one, none, or one for each value where its path has a `*`."""
    star = next((found for found in _FIELD.finditer(row.arn) if "*" in found[1]), None)
    if star is None:
        make = _single(row)
        return lambda source: [entry] if (entry := make(source)) else []
    path = star[1].split(".")[1:]
    make = _single(replace(row, arn=row.arn.replace(star[1], "request.each", 1)))

    def many(source: Source) -> list[Entry]:
        values = dict.fromkeys(_values(source.request, path))
        made = (make(source._replace(request={"each": value})) for value in values)
        return [entry for entry in made if entry]

    return many


def _values(value: Any, path: list[str]) -> Iterator[str]:
    """The texts at the end of a path; `*` stands for the elements of a list, or the keys of a map if it is the last."""
    if not path:
        if type(value) is str:
            yield value
    elif path[0] != "*":
        yield from _values(value.get(path[0]) if type(value) is dict else None, path[1:])
    elif isinstance(value, (dict, list)):
        inner = value.values() if isinstance(value, dict) and path[1:] else value
        for item in inner:
            yield from _values(item, path[1:])


def _single(row: Resource) -> Callable[[Source], Entry | None]:
    head, parts = _parts(row.arn)
    heads: dict[tuple[str, str], str] = {}
    skip, only = row.skip, row.only
    start: Entry = {"accountId": ""} if row.account else {}
    if row.type:
        start["type"] = row.type

    def make(source: Source) -> Entry | None:
        place = source[:2]
        arn = heads.get(place)
        if arn is None:
            partition, region = place
            arn = head.replace("{partition}", partition).replace("{region}", region).replace("{account}", ACCOUNT)
            heads[place] = arn
        first = True
        for part in parts:
            if type(part) is str:
                arn += part
                continue
            value = part(source)  # type: ignore[operator] # a function then
            if value is None or (skip and value.startswith(skip)) or not value.startswith(only):
                return None
            # An ARN that the caller gave as the name takes the place of what stands before it.
            arn = value if first and value[:4] == "arn:" and value.count(":") >= 5 else arn + value
            first = False
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
    if not texts:
        return template, []
    return texts[0], [part for part in [*parts[1:], template[end:]] if part != ""]


def _field(paths: str, optional: str | None, name: str | None) -> Part:
    readers = [_reader(*path.split(".")) for path in paths.split(",")]
    change = _FILTERS[name] if name else None
    missing = "" if optional else None

    def read(source: Source) -> str | None:
        for reader in readers:
            value = reader(source)
            if value is not None:
                return change(value) if change else value
        return missing

    return read


def _reader(root: str, *path: str) -> Part:
    index, only_arns = Source._fields.index(root), root == "answer"

    def read(source: Source) -> str | None:
        value: Any = source[index]
        for key in path:
            if type(value) is not dict:
                return None
            value = value.get(key)
        if type(value) is not str or not value or (only_arns and value[:4] != "arn:"):
            return None
        return value

    return read
