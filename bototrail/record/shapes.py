"""Compiles the shapes of a service model into functions that spell values as CloudTrail does.

This is the general spelling; `ec2.py` and `s3.py` have the dialects. Every shape is compiled once, so that a call costs
one dictionary look-up for each of its arguments. Shapes are botocore's, told apart by their `type_name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from threading import get_ident
from typing import Any

from bototrail.record.rules import HIDDEN, Envelope, Service, row
from bototrail.record.values import (
    DATES,
    Converter,
    blob,
    document,
    encoded,
    names,
    parsed_json,
    partiql,
    plain,
    text,
    type_text,
    untyped,
)

Shape = Any  # botocore.model.Shape; this package knows nothing of botocore
Fields = dict[str, tuple[str, Converter]]

_NO_ROW = object()
_IN_URL = ("uri", "querystring")


def lower_first(name: str) -> str:
    """`DBInstanceIdentifier` -> `dBInstanceIdentifier`: AWS lowers the first letter only."""
    return name[:1].lower() + name[1:]


_EMPTY: dict[type, Any] = {str: "", bytes: "", dict: {}, list: []}


def hiding(marker: str) -> Converter:
    """A converter that looks no further than whether there is a value at all."""

    def hide(value: Any) -> Any:
        kind = type(value)
        return copy(_EMPTY[kind]) if kind in _EMPTY and not value else marker

    return hide


def is_sensitive(shape: Shape) -> bool:
    """Whether the model marks this shape, or this use of it, as sensitive."""
    return bool(shape.metadata.get("sensitive"))


def is_stream(shape: Shape) -> bool:
    """Whether the value is read from elsewhere, or read later by the program."""
    traits = shape.serialization
    return bool(traits.get("streaming") or traits.get("eventstream"))


class Spelling:
    """The general spelling of one service's shapes, either of its requests or of its answers.

    Args:
        rules: what is special about the service.
        protocol: botocore's name of its protocol.
        answer: whether results are spelt and not arguments.
    """

    def __init__(self, rules: Service, protocol: str, *, answer: bool) -> None:
        self.rules, self.protocol, self.answer = rules, protocol, answer
        self.defaults = rules.answer_defaults if answer else rules.defaults
        self.scalars: dict[str, Converter] = {"blob": blob}
        self._known: dict[str, Converter] = {}
        self._open: set[tuple[int, str]] = set()

    def of(self, shape: Shape, *, shown: bool = False) -> Converter:
        """The converter of a shape; `shown` when a row says that the service logs it although it is sensitive."""
        if is_sensitive(shape) and not shown:
            return hiding(HIDDEN)
        name = self.identity(shape)
        known = self._known.get(name)
        if known is not None:
            return known
        # Threads may compile the same shape twice; what each meets of itself is its own recursion.
        mine = (get_ident(), name)
        if mine in self._open:
            return self._later(name)
        self._open.add(mine)
        try:
            known = self._known[name] = self._compile(shape)
        finally:
            self._open.discard(mine)
        return known

    def whole(self, shape: Shape) -> Converter:
        """The converter of all arguments or of a result; where the whole is sensitive, its members stay by name."""
        if not is_sensitive(shape):
            return self.of(shape)
        names = {name: (key, hiding(HIDDEN)) for name, (key, _) in self.fields(shape).items()}
        return self.finish(shape, convert_structure(names))

    def identity(self, shape: Shape) -> str:
        """What tells one converter from another."""
        return str(shape.name)

    def _later(self, name: str) -> Converter:
        known = self._known

        def later(value: Any) -> Any:
            return known[name](value)

        return later

    def _compile(self, shape: Shape) -> Converter:
        kind = shape.type_name
        if kind == "structure":
            return document if getattr(shape, "is_document_type", False) else self.structure(shape)
        if kind == "list":
            return self.many(shape)
        if kind == "map":
            return self.mapping(shape)
        if kind == "timestamp":
            return self.date(shape)
        return self.scalars.get(kind, plain)

    def date(self, shape: Shape) -> Converter:
        """How a timestamp is written: as Java does, but as on the wire by REST services whose wire has texts.

        [rules.md §13; records of API Gateway v2, Bedrock, Chime, Connect, IAM Roles Anywhere]
        """
        as_sent = self.protocol == "rest-json" and shape.serialization.get("timestampFormat") == "iso8601"
        return DATES[self.rules.dates or ("iso" if as_sent else "locale")]

    def key(self, shape: Shape, name: str, member: Shape) -> str:
        """How a member is called in the record."""
        renamed = row(self.rules.renames, shape.name, name)
        if renamed is not None:
            return str(renamed)
        traits = member.serialization
        location = traits.get("location")
        if self.protocol == "rest-json" and (location is None or (self.rules.wire_names and location in _IN_URL)):
            name = traits.get("name", name)
        return name if self.rules.keys == "model" else lower_first(name)

    def field(self, shape: Shape, name: str, member: Shape) -> tuple[str, Converter] | None:
        """Key and converter of a member; None when it is never written."""
        if member.serialization.get("location") == "statusCode":
            return None
        hidden = row(self.rules.hidden, shape.name, name, _NO_ROW)
        # Of results botocore hands on every blob that is the whole body as a stream, whatever the model says.
        body = self.answer and member.type_name == "blob" and shape.serialization.get("payload") == name
        if hidden is None or (hidden is _NO_ROW and (body or is_stream(member))):
            return None
        key = self.key(shape, name, member)
        if hidden is not _NO_ROW:
            return key, hiding(hidden)
        form = row(self.rules.forms, shape.name, name)
        if form is not None:
            return key, FORMS[form]
        if member.serialization.get("jsonvalue") and not is_sensitive(member):
            return key, document  # a string in the model, an object in the program's hands
        shown = f"{shape.name}.{name}" in self.rules.shown or f"*.{name}" in self.rules.shown
        return key, self.of(member, shown=shown)

    def fields(self, shape: Shape) -> Fields:
        """The table of a structure: member -> key and converter."""
        found = ((name, self.field(shape, name, member)) for name, member in shape.members.items())
        return {name: row for name, row in found if row is not None}

    def structure(self, shape: Shape) -> Converter:
        """Compile a structure."""
        convert = convert_structure(self.fields(shape))
        key = self.rules.choices.get(shape.name)
        return self.finish(shape, _chosen(convert, key) if key else convert)

    def enveloped(self, envelope: Envelope, operation: str, shape: Shape) -> Converter:
        """The converter of an operation's arguments, its body wrapped as the service's `envelope` says."""
        convert, wrapper = self.whole(shape), envelope.body.format(lower_first(operation))
        body = {name for name, member in shape.members.items() if member.serialization.get("location") is None}
        inside = {key for name, (key, _) in self.fields(shape).items() if name in body}

        def wrapped(value: Any) -> Any:
            out = convert(value)
            if type(out) is not dict:
                return out
            if inside:
                out[wrapper] = {key: out.pop(key) for key in tuple(out) if key in inside}
            return {**out, **envelope.beside}

        return wrapped

    def finish(self, shape: Shape, convert: Converter) -> Converter:
        """Add to a structure what the service writes on its own."""
        defaults = self.defaults.get(shape.name)
        return with_defaults(convert, defaults) if defaults else convert

    def many(self, shape: Shape) -> Converter:
        """Compile a list."""
        return convert_list(self.of(shape.member))

    def mapping(self, shape: Shape) -> Converter:
        """Compile a map: its keys stay as they are."""
        if is_sensitive(shape.key):
            return hiding(HIDDEN)
        item = self.of(shape.value)

        def convert(value: Any) -> Any:
            if type(value) is not dict and not isinstance(value, Mapping):
                return type_text(value)
            return {k if type(k) is str else text(k): item(v) for k, v in value.items()}

        return convert


def convert_structure(fields: Fields) -> Converter:
    """A converter that renames and converts by a table, and drops what the table does not know."""
    get = fields.get

    def convert(value: Any) -> Any:
        if type(value) is not dict and not isinstance(value, Mapping):
            return type_text(value)
        out = {}
        for name, item in value.items():
            found = get(name)
            if found is not None and item is not None:
                out[found[0]] = found[1](item)
        return out

    return convert


def convert_list(item: Converter) -> Converter:
    """A converter for each element; iterators are left to the program."""

    def convert(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            return type_text(value)
        return [item(x) for x in value]

    return convert


def with_defaults(convert: Converter, defaults: Mapping[str, Any]) -> Converter:
    """A converter that adds what the caller did not say."""

    def finished(value: Any) -> Any:
        out = convert(value)
        if type(out) is dict:
            for key, default in defaults.items():
                if key not in out:
                    out[key] = document(default)
        return out

    return finished


def _chosen(convert: Converter, key: str) -> Converter:
    """A converter for a structure of which one member is given: that member, and its name under `key`."""

    def chosen(value: Any) -> Any:
        out = convert(value)
        given = [name for name in value if value[name] is not None] if type(out) is dict else []
        inner = next(iter(out.values()), None) if len(given) == 1 else None
        return {key: given[0], **inner} if type(inner) is dict else out

    return chosen


FORMS: Mapping[str, Converter] = {
    "encoded": encoded,
    "json": parsed_json,
    "names": names,
    "partiql": partiql,
    "text": text,
    "untyped": untyped,
}
