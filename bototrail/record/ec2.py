"""EC2's two dialects.

Operations of before 2015 ("flat") are written in the words of EC2's old SOAP interface: lists become
`{"items": [...]}` under a name that ends in `Set`, an empty list is `{}`. Newer ones are the query itself as JSON under
`<Operation>Request`, and the answer's XML as JSON under `<Operation>Response`. [rules.md §5]
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bototrail.record.converters import Fields, Shape, convert_structure, with_defaults
from bototrail.record.rules import Gather, Service, row
from bototrail.record.shapes import Spelling, lower_first
from bototrail.record.values import Converter, millisecond_date, type_text
from bototrail.record.xml import QuerySpelling, XmlSpelling

XMLNS: Final = "http://ec2.amazonaws.com/doc/2016-11-15/"


class FlatSpelling(Spelling):
    """The older dialect."""

    def date(self, shape: Shape, *, as_sent: bool = False) -> Converter:  # noqa: ARG002 - one form for all
        """Milliseconds since 1970."""
        return millisecond_date

    def key(self, shape: Shape, name: str, member: Shape) -> str:
        """The element's name in the SOAP interface, as far as the model still knows it."""
        wire = str(member.serialization.get("name") or name)
        if self.answer:  # rows for every shape are about requests
            return self.rules.renames.get(f"{shape.name}.{name}", "_return" if wire == "return" else wire)
        renamed = row(self.rules.renames, shape.name, name)
        if renamed is not None:
            return str(renamed)
        if member.type_name == "list" and wire[0].isupper() and not wire.endswith("Set"):
            wire += "Set"
        return lower_first(wire)

    def field(self, shape: Shape, name: str, member: Shape) -> tuple[str, Converter] | None:
        """A list gets its `items` here, where the name of its member is known."""
        found = super().field(shape, name, member)
        if found is None or member.type_name != "list":
            return found
        key, convert = found
        wire = lower_first(str(member.serialization.get("name") or name))
        item = row(self.rules.items, shape.name, name, None if self.answer else wire)
        if member.member.type_name == "structure":
            item = item if item == "" else None
        return key, _items(convert, item, "item" if f"{shape.name}.{name}" in self.rules.single else "items")

    def structure(self, shape: Shape) -> Converter:
        """A structure, its members hoisted, gathered and filled as its rows say."""
        fields = self.fields(shape)
        convert = convert_structure(fields)
        if self.answer:
            return self.finish(shape, convert)
        hoisted = frozenset(
            fields[name][0] for name in shape.members if f"{shape.name}.{name}" in self.rules.hoists and name in fields
        )
        gather = self.rules.gathers.get(shape.name)
        if hoisted or gather:
            convert = _rearranged(convert, hoisted, gather)
        empty = self._empty_lists(shape, fields)
        return self.finish(shape, with_defaults(convert, empty) if empty else convert)

    def _empty_lists(self, shape: Shape, fields: Fields) -> dict[str, Any]:
        """The lists that are written even when the caller did not name them: all of a Describe, else by row."""
        lists = {f"{shape.name}.{name}": name for name, member in shape.members.items() if member.type_name == "list"}
        of_a_describe = shape.name.startswith("Describe")
        written = lists.keys() - self.rules.unfilled if of_a_describe else lists.keys() & self.rules.filled
        return {fields[name][0]: {} for row, name in lists.items() if row in written and name in fields}


def _items(convert: Converter, name: str | None, wrapper: str) -> Converter:
    """Wrap a converted list: `{"items": [{name: x}]}`; an empty name leaves it bare."""

    def wrapped(value: Any) -> Any:
        out = convert(value)
        if type(out) is not list or name == "":
            return out
        if not out:
            return {}
        return {wrapper: [{name: x} for x in out] if name else out}

    return wrapped


def _rearranged(convert: Converter, hoisted: frozenset[str], gather: Gather | None) -> Converter:
    def moved(value: Any) -> Any:
        out = convert(value)
        if type(out) is not dict:
            return out
        for key in hoisted & out.keys():
            inner = out.pop(key)
            if type(inner) is dict:
                out.update(inner)
        if gather:
            out[gather.into] = {"items": [{key: out.pop(key) for key in tuple(out) if key in gather.keys}]}
        return out

    return moved


class Ec2:
    """Both dialects, for one service model."""

    def __init__(self, rules: Service, protocol: str) -> None:
        self.rules = rules
        self.flat = FlatSpelling(rules, protocol, answer=False)
        self.flat_answer = FlatSpelling(rules, protocol, answer=True)
        self.query = QuerySpelling(rules, protocol, answer=False)
        self.xml_answer = XmlSpelling(rules, protocol, answer=True)

    def request(self, operation: str, shape: Shape | None) -> Converter:
        """Converter of the arguments of an operation."""
        if operation in self.rules.flat:
            return self.flat.of(shape) if shape is not None else dict
        convert = self.query.of(shape) if shape is not None else type_text
        name = f"{operation}Request"
        return lambda value: {name: convert(value) if value else ""}

    def answer(self, operation: str, shape: Shape | None) -> Any:
        """Converter of the result of an operation: a function of result and request id."""
        # An operation without a result in the model answers that it went well, and nothing else.
        returns = shape is None or "Return" in shape.members
        if operation in self.rules.flat:
            return _flat_answer(self.flat_answer.of(shape) if shape is not None else None, returns=returns)
        convert = self.xml_answer.of(shape) if shape is not None else None
        return _xml_answer(f"{operation}Response", convert, returns=returns)


def _flat_answer(convert: Converter | None, *, returns: bool) -> Any:
    def answer(parsed: Mapping[str, Any], request_id: str | None) -> Any:
        out: dict[str, Any] = {"requestId": request_id} if request_id else {}
        out.update(convert(parsed) if convert else {})
        if returns:
            out.setdefault("_return", True)
        return out

    return answer


def _xml_answer(name: str, convert: Converter | None, *, returns: bool) -> Any:
    def answer(parsed: Mapping[str, Any], request_id: str | None) -> Any:
        out: dict[str, Any] = {"xmlns": XMLNS}
        if request_id:
            out["requestId"] = request_id
        out.update((convert(parsed) or {}) if convert else {})
        if returns:
            out.setdefault("return", True)
        return {name: out}

    return answer
