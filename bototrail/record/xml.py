"""Spelling of what AWS turns from XML into JSON: one element is an object, several are an array, nothing is ''.

S3 does so with the bodies of its requests, EC2's newer operations with requests and answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bototrail.record.converters import Shape, convert_structure
from bototrail.record.rules import Service
from bototrail.record.shapes import Spelling
from bototrail.record.values import Converter, blob, iso_date, type_text, xml_value


class XmlSpelling(Spelling):
    """Elements by their names on the wire."""

    def __init__(self, rules: Service, protocol: str, *, answer: bool) -> None:
        super().__init__(rules, protocol, answer=answer)
        scalars = ("boolean", "character", "double", "float", "integer", "long", "string")
        self.scalars = dict.fromkeys(scalars, xml_value) | {"blob": blob}

    def date(self, shape: Shape, *, as_sent: bool = False) -> Converter:  # noqa: ARG002 - one form for all
        """With milliseconds."""
        return iso_date

    def key(self, shape: Shape, name: str, member: Shape) -> str:  # noqa: ARG002 - the general one has rows for shapes
        """Name of the element."""
        return str(member.serialization.get("name") or name)

    def identity(self, shape: Shape) -> str:
        """The same list may be flattened in one place and not in another."""
        return f"{shape.name} flattened" if shape.serialization.get("flattened") else str(shape.name)

    def structure(self, shape: Shape) -> Converter:
        """An element with elements inside."""
        convert = convert_structure(self.fields(shape))
        namespace = shape.serialization.get("xmlNamespace", {})
        if "prefix" not in namespace:
            return lambda value: convert(value) or ""
        attribute = {f"xmlns:{namespace['prefix']}": namespace["uri"]}
        return lambda value: {**out, **attribute} if type(out := convert(value)) is dict else out

    def many(self, shape: Shape) -> Converter:
        """A list: flattened into its own name, or inside an element of its own."""
        item = self.of(shape.member)
        flattened = shape.serialization.get("flattened")
        inner = "" if flattened else shape.member.serialization.get("name", "member")

        def convert(value: Any) -> Any:
            if not isinstance(value, (list, tuple)):
                return type_text(value)
            if not value:
                return ""
            out = [item(x) for x in value]
            content = out[0] if len(out) == 1 else out
            return {inner: content} if inner else content

        return convert


class QuerySpelling(XmlSpelling):
    """EC2's `<Operation>Request`: the query's names in UpperCamel, list elements numbered by `tag`."""

    def key(self, shape: Shape, name: str, member: Shape) -> str:  # noqa: ARG002 - as above
        """Name of the parameter in the query."""
        traits = member.serialization
        if "queryName" in traits:
            return str(traits["queryName"])
        wire = str(traits.get("name") or name)
        return wire[:1].upper() + wire[1:]

    def many(self, shape: Shape) -> Converter:
        """A numbered list."""
        item = self.of(shape.member)

        def convert(value: Any) -> Any:
            if not isinstance(value, (list, tuple)):
                return type_text(value)
            out = [_numbered(item(x), n) for n, x in enumerate(value, 1)]
            return out[0] if len(out) == 1 else out

        return convert


def _numbered(element: Any, number: int) -> dict[str, Any]:
    if isinstance(element, Mapping):
        return {**element, "tag": number}
    return {"tag": number, "content": element}
