"""Compiles the shapes of a service model into functions that spell values as CloudTrail does.

This is the general spelling; `ec2.py` and `s3.py` have the dialects. Every shape is compiled once, so that a call costs
one dictionary look-up for each of its arguments. Shapes are botocore's, told apart by their `type_name`.
"""

from __future__ import annotations

from collections.abc import Mapping
from threading import get_ident
from typing import Any

from bototrail.record.converters import (
    FORMS,
    Fields,
    Shape,
    chosen,
    convert_list,
    convert_structure,
    hiding,
    with_defaults,
)
from bototrail.record.rules import Envelope, Service, names_a_secret, row
from bototrail.record.values import DATES, Converter, blob, document, plain, text, type_text

_NO_ROW = object()
_IN_URL = ("uri", "querystring")


def lower_first(name: str) -> str:
    """`DBInstanceIdentifier` -> `dBInstanceIdentifier`: AWS lowers the first letter only."""
    return name[:1].lower() + name[1:]


def is_sensitive(shape: Shape) -> bool:
    """Whether the model marks this shape, or this use of it, as sensitive."""
    return bool(shape.metadata.get("sensitive"))


def is_named_secret(name: str, shape: Shape) -> bool:
    """Whether a member is a secret by its name: texts, bytes or a map, no choice between known words."""
    while shape.type_name == "list":
        shape = shape.member
    free = shape.type_name in ("string", "blob", "map") and not getattr(shape, "enum", None)
    return free and names_a_secret(name)


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
            return hiding(self.rules.marker, shape)
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
        hidden = {name: hiding(self.rules.marker, member) for name, member in shape.members.items()}
        names = {name: (key, hidden[name]) for name, (key, _) in self.fields(shape).items()}
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

    def date(self, shape: Shape, *, as_sent: bool = False) -> Converter:
        """How a timestamp is written: as Java prints it, but by REST services with a JSON body as it was on the wire.

        Args:
            shape: the timestamp.
            as_sent: whether the key it stands under is the one on the wire. Services that rename keys rename dates.

        [rules.md §13; texts: API Gateway v2, Bedrock, Chime, Connect, IAM Roles Anywhere; seconds: Amplify, CodeGuru,
        DevOps Guru, EKS, Grafana, Lex, Route 53 Profiles, Synthetics; as Java: Backup, Elasticsearch, OpenSearch]
        """
        if self.rules.dates is None and self.protocol == "rest-json":
            if shape.serialization.get("timestampFormat") == "iso8601":
                return DATES["iso"]
            if as_sent:
                return DATES["epoch"]
        return DATES[self.rules.dates or "locale"]

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
            return key, hiding(hidden, member)
        return key, self._written(shape, name, member, key)

    def _written(self, shape: Shape, name: str, member: Shape, key: str) -> Converter:
        """The converter of a member that is written in one way or another."""
        form = row(self.rules.forms, shape.name, name)
        if form is not None:
            return FORMS[form]
        shown = f"{shape.name}.{name}" in self.rules.shown or f"*.{name}" in self.rules.shown
        if not shown and is_named_secret(name, member):
            return hiding(self.rules.marker, member)
        if shown or not is_sensitive(member):
            if member.serialization.get("jsonvalue"):
                return document  # a string in the model, an object in the program's hands
            if member.type_name == "timestamp":
                return self.date(member, as_sent=key == member.serialization.get("name", name))
        return self.of(member, shown=shown)

    def fields(self, shape: Shape) -> Fields:
        """The table of a structure: member -> key and converter."""
        found = ((name, self.field(shape, name, member)) for name, member in shape.members.items())
        return {name: row for name, row in found if row is not None}

    def structure(self, shape: Shape) -> Converter:
        """Compile a structure."""
        convert = convert_structure(self.fields(shape))
        key = self.rules.choices.get(shape.name)
        return self.finish(shape, chosen(convert, key) if key else convert)

    def enveloped(self, envelope: Envelope, operation: str, shape: Shape) -> Converter:
        """The converter of an operation's arguments, its body wrapped as the service's `envelope` says."""
        convert, wrapper = self.whole(shape), envelope.body.format(lower_first(operation))
        payload = shape.serialization.get("payload")
        body = {n for n, member in shape.members.items() if n != payload and not member.serialization.get("location")}
        inside = {key for name, (key, _) in self.fields(shape).items() if name in body}

        def wrapped(value: Any) -> Any:
            out = convert(value)
            if type(out) is not dict:
                return out
            found = {key: out.pop(key) for key in tuple(out) if key in inside}
            return {**out, **({wrapper: found} if found else {}), **envelope.beside}

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
            return hiding(self.rules.marker, shape)
        item, hide = self.of(shape.value), hiding(self.rules.marker, shape.value)
        may_hide = shape.value.type_name == "string"

        def convert(value: Any) -> Any:
            if type(value) is not dict and not isinstance(value, Mapping):
                return type_text(value)
            out = {k if type(k) is str else text(k): v for k, v in value.items()}
            return {k: hide(v) if may_hide and names_a_secret(k) else item(v) for k, v in out.items()}

        return convert
