"""Arguments and answers for any operation, made from its model alone, with a mark in whatever must never be written."""

from __future__ import annotations

import io
import json
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from types import MappingProxyType
from typing import Any

from bototrail.record.rules import Service, row
from bototrail.record.shapes import is_named_secret

MARK = "s3ns1t1ve"
MARK_NUMBER = 731029344
MARK_DATE = datetime.fromtimestamp(MARK_NUMBER, timezone.utc)
PLAIN_DATE = datetime(2023, 11, 14, 22, 13, 20, tzinfo=timezone.utc)
DEEP = 3  # below this only what is required, and one way to every mark

ABSENT = object()
ACCOUNT = "111122223333"
ARN = f"arn:aws:iam::{ACCOUNT}:user/value"


def _base64(text: str) -> list[str]:
    """What is always there of the base64 of a text, wherever it stands in what was encoded."""
    found = []
    for before, cut in (0, 0), (1, 2), (2, 3):
        whole = b64encode(b"-" * before + text.encode()).decode().rstrip("=")
        found.append(whole[cut : -2 if (before + len(text)) % 3 else None])
    return found


MARKS = re.compile(
    "|".join(
        [
            f"(?i:{MARK})",
            *_base64(MARK),
            str(MARK_NUMBER),
            f"{MARK_DATE:%Y-%m-%d}",
            f"{MARK_DATE:%b} {MARK_DATE.day}, {MARK_DATE:%Y}",
        ]
    ).encode()
)
"""A mark as it is, percent-encoded (which changes nothing), in base64, as a number or as a date."""


class Body(io.BytesIO):
    """What a program uploads: notes who reads how much of it."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.reads: list[int | None] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.reads.append(size)
        return super().read(size)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Body) and self.getvalue() == other.getvalue()

    __hash__ = None  # type: ignore[assignment]


class Values:
    """Makes a value of a shape: every member, lists and maps with something in them.

    Args:
        rules: what bototrail's tables say of the service: a member that a row hides is marked too, one that is `shown`
            is not.
        turn: which member of a union is chosen; another one with each number.
        fixed: values that botocore insists on, by member name.
    """

    def __init__(self, rules: Service, turn: int = 0, fixed: Mapping[str, Any] = MappingProxyType({})) -> None:
        self.rules, self.turn, self.fixed = rules, turn, fixed
        self._marked: dict[str, bool] = {}
        self._gone: set[str] = set()

    def of(self, shape: Any) -> dict[str, Any]:
        """The arguments or the result of an operation; equal ones every time."""
        self._gone.clear()
        return {} if shape is None else self._structure(shape, _sensitive(shape), ())

    def _any(self, shape: Any, marked: bool, above: tuple[str, ...]) -> Any:
        make = getattr(self, f"_{shape.type_name}", None)
        return make(shape, marked or _sensitive(shape), above) if make else _scalar(shape, marked or _sensitive(shape))

    def _structure(self, shape: Any, marked: bool, above: tuple[str, ...]) -> dict[str, Any]:
        if getattr(shape, "is_document_type", False):
            return {"key": [MARK if marked else "value", 1, True]}
        names = list(shape.members)
        if shape.serialization.get("eventstream"):  # never looked into; of errors that come as events there are none
            marked, names = True, [name for name in names if not shape.members[name].metadata.get("exception")]
        if _is_union(shape):
            names = [_chosen(shape, names, self.turn + len(above))]
        above = (*above, shape.name)
        made = {name: self._member(shape, name, marked, above) for name in names}
        return {name: value for name, value in made.items() if value is not ABSENT}

    def _member(self, shape: Any, name: str, marked: bool, above: tuple[str, ...]) -> Any:
        member = shape.members[name]
        needed = name in shape.required_members or _is_union(shape)
        if not needed and (member.name in above or (len(above) > DEEP and not self._new_way_to_a_mark(shape, name))):
            return ABSENT
        if len(above) == 1 and name in self.fixed:
            return self.fixed[name]
        if member.serialization.get("location") == "statusCode":
            return 200
        form = row(self.rules.forms, shape.name, name)
        if form in FORMED:
            return FORMED[form](self, member, above)
        hidden, shown = self._row(shape.name, name)
        if hidden or marked or (is_named_secret(name, member) and not shown):
            # A name of a host cannot be hidden: the record's Host says it.
            return self._any(member, not member.serialization.get("hostLabel"), above)
        if shown and _sensitive(member):
            return _unmarked(self, member, above)
        known = _known(name) if member.type_name == "string" and not _sensitive(member) else None
        return known.ljust(member.metadata.get("min", 0), "-") if known else self._any(member, False, above)

    def _row(self, shape: str, name: str) -> tuple[bool, bool]:
        hidden = row(self.rules.hidden, shape, name, ABSENT) is not ABSENT
        return hidden, f"{shape}.{name}" in self.rules.shown or f"*.{name}" in self.rules.shown

    def _new_way_to_a_mark(self, shape: Any, name: str) -> bool:
        """Whether there is a mark at the end of a member that the value so far does not have."""
        key = f"{shape.name}.{name}"
        if key in self._gone:
            return False
        if key not in self._marked:
            self._marked[key] = self._row(shape.name, name)[0] or self._reaches_a_mark(shape.members[name])
        self._gone.add(key)
        return self._marked[key]

    def _reaches_a_mark(self, start: Any) -> bool:
        todo, seen = [start], set()
        while todo:
            shape = todo.pop()
            if _sensitive(shape):
                return True
            if shape.type_name == "structure" and shape.name not in seen:
                seen.add(shape.name)
                if any(self._row(shape.name, name)[0] for name in shape.members):
                    return True
                todo += shape.members.values()
            elif shape.type_name == "list":
                todo.append(shape.member)
            elif shape.type_name == "map":
                todo += [shape.key, shape.value]
        return False

    def _list(self, shape: Any, marked: bool, above: tuple[str, ...]) -> list[Any]:
        least = shape.metadata.get("min", 0)
        if shape.member.name in above and not least:
            return []
        return [self._any(shape.member, marked, above) for _ in range(max(1, least))]

    def _map(self, shape: Any, marked: bool, above: tuple[str, ...]) -> dict[str, Any]:
        if shape.value.name in above:
            return {}
        keys = (f"{self._any(shape.key, marked, above)}{n or ''}" for n in range(max(1, shape.metadata.get("min", 0))))
        return {key: self._any(shape.value, marked, above) for key in keys}


def _valued(values: Values, member: Any, above: tuple[str, ...]) -> Any:
    """A map of which the keys may be shown; the same row may be about a list elsewhere."""
    if member.type_name != "map":
        return values._any(member, True, above)
    return {"key": values._any(member.value, True, above)}


# Forms that keep a part of a value and write nothing of the rest.
FORMED: Mapping[str, Callable[[Values, Any, tuple[str, ...]], Any]] = {
    "names": _valued,
    "partiql": lambda *_: f"SELECT a FROM t WHERE b = '{MARK}'",
    "redacted": lambda *_: [{"name": "value", "value": MARK}],
    "veiled": _valued,
}


def _known(name: str) -> str | None:
    """What bototrail reads out of arguments and results must look as it does."""
    if name.lower().endswith("arn"):
        return ARN
    return ACCOUNT if name.lower() in ("account", "accountid") else None


def _sensitive(shape: Any) -> bool:
    return bool(shape.metadata.get("sensitive"))


# DynamoDB's, a union that its model does not call one. Keys of items are texts.
_ATTRIBUTE = "AttributeValue"


def _is_union(shape: Any) -> bool:
    return getattr(shape, "is_tagged_union", False) or shape.name == _ATTRIBUTE


def _chosen(shape: Any, names: list[str], turn: int) -> str:
    return names[0] if shape.name == _ATTRIBUTE else names[turn % len(names)]


def _unmarked(values: Values, member: Any, above: tuple[str, ...]) -> Any:
    if member.type_name in ("list", "map", "structure"):
        return getattr(values, f"_{member.type_name}")(member, False, above)
    return _scalar(member, False)


def _scalar(shape: Any, marked: bool) -> Any:
    kind, traits = shape.type_name, shape.serialization
    if traits.get("streaming"):
        return Body(MARK.encode())
    if kind == "blob":
        return (MARK if marked else "value").encode()
    if kind == "timestamp":
        return MARK_DATE if marked else PLAIN_DATE
    if kind == "boolean":
        return True
    if kind in ("integer", "long", "float", "double"):
        number = MARK_NUMBER if marked else max(60, shape.metadata.get("min", 0))
        return float(number) if kind in ("float", "double") else int(number)
    if traits.get("jsonvalue"):
        made = {"key": MARK if marked else "value"}
        return made if traits.get("location") == "header" else json.dumps(made)
    text = MARK if marked else (getattr(shape, "enum", None) or ["value"])[0]
    return text.ljust(shape.metadata.get("min", 0), "-")
