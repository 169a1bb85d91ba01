"""S3's dialect: requestParameters are the HTTP request (path, query, headers, XML body), not the arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from bototrail.record.converters import Fields, Shape, convert_structure, hiding
from bototrail.record.rules import Service, row
from bototrail.record.shapes import Spelling, is_named_secret, is_sensitive, is_stream
from bototrail.record.values import Converter, iso_date, text, type_text
from bototrail.record.xml import XmlSpelling

_HEADERS: Final = "x-amz-"
_GRANTS: Final = "x-amz-grant-"
# Answer headers that S3 writes into responseElements of the calls that store something. [rules.md §6]
_ANSWER_HEADERS: Final = (
    "x-amz-expiration",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-server-side-encryption-context",
    "x-amz-server-side-encryption-customer-algorithm",
    "x-amz-version-id",
)


class S3(Spelling):
    """Requests of S3."""

    def __init__(self, rules: Service, protocol: str) -> None:
        super().__init__(rules, protocol, answer=False)
        self.body = XmlSpelling(rules, protocol, answer=False)

    def request(self, shape: Shape | None, uri: str, *, with_body: bool) -> Converter:
        """Converter of the arguments of an operation whose path is `uri`."""
        flags = {k: v for k, v in parse_qsl(uri.partition("?")[2], keep_blank_values=True) if k != "x-id"}
        if shape is None:
            return lambda _: dict(flags)
        payload = shape.serialization.get("payload")
        fields: Fields = {}
        for name, member in shape.members.items():
            in_body = name == payload or member.serialization.get("location") is None
            if in_body and not with_body:
                continue
            found = self._body(shape, name, member) if in_body else self._http(shape, name, member)
            if found is not None:
                fields[name] = found
        convert = convert_structure(fields)
        may_grant = any(key.startswith(_GRANTS) for key, _ in fields.values())
        return _with_flags(convert if payload else self._rooted(shape, fields, convert), flags, may_grant=may_grant)

    def _rooted(self, shape: Shape, fields: Fields, convert: Converter) -> Converter:
        """Without a payload, the members that are nowhere else are the body, under the name of the whole."""
        inside = {fields[name][0] for name in fields if shape.members[name].serialization.get("location") is None}
        if not inside:
            return convert
        root = str(shape.serialization.get("name", shape.name))
        namespace = {"xmlns": uri} if (uri := shape.serialization.get("xmlNamespace", {}).get("uri")) else {}

        def rooted(value: Any) -> Any:
            out = convert(value)
            if type(out) is dict:
                body = {key: out.pop(key) for key in tuple(out) if key in inside}
                out[root] = {**body, **namespace}
            return out

        return rooted

    def _body(self, shape: Shape, name: str, member: Shape) -> tuple[str, Converter] | None:
        found = self.field(shape, name, member)
        if found is None or member.type_name != "structure":
            wire = str(row(self.rules.renames, shape.name, name) or member.serialization.get("name", name))
            return (wire, found[1]) if found else None
        namespace = member.serialization.get("xmlNamespace", {}).get("uri")
        convert = self.body.of(member)

        def body(value: Any) -> Any:
            out = convert(value) or {}
            if namespace and type(out) is dict:
                out["xmlns"] = namespace
            return out

        return str(member.serialization.get("name", name)), body

    def _http(self, shape: Shape, name: str, member: Shape) -> tuple[str, Converter] | None:
        """A path, query or header member. Of the headers only S3's own are written."""
        traits = member.serialization
        wire, location = str(traits.get("name", name)), traits.get("location")
        hidden = row(self.rules.hidden, shape.name, name, self.rules.marker)
        if hidden is None or is_stream(member) or location == "headers":
            return None
        if location == "header" and not wire.lower().startswith(_HEADERS):
            return None
        renamed = row(self.rules.renames, shape.name, name)
        if location == "uri" and renamed is None:
            return None
        shown = f"*.{name}" in self.rules.shown or f"{shape.name}.{name}" in self.rules.shown
        secret = is_sensitive(member) or is_named_secret(name, member)
        if (secret and not shown) or row(self.rules.hidden, shape.name, name) is not None:
            return str(renamed or wire), hiding(hidden, member)
        return str(renamed or wire), _http_value


def _http_value(value: Any) -> Any:
    if type(value) is str:
        return value
    if isinstance(value, (list, tuple)):
        return ",".join(text(x) for x in value)
    if isinstance(value, Mapping):  # CopySource may be spelt as a mapping
        if not isinstance(value.get("Bucket"), str):
            return type_text(value)
        version = f"?versionId={text(value['VersionId'])}" if value.get("VersionId") else ""
        return f"{value['Bucket']}/{text(value.get('Key', ''))}{version}"
    return iso_date(value) if hasattr(value, "astimezone") else text(value)


def _with_flags(convert: Converter, flags: Mapping[str, str], *, may_grant: bool) -> Converter:
    """Add the sub-resource of the path, and put grants where S3 has them."""

    def request(value: Any) -> Any:
        out = convert(value)
        if type(out) is not dict:
            return out
        if may_grant and (grants := {key: out.pop(key) for key in tuple(out) if key.startswith(_GRANTS)}):
            out["accessControlList"] = grants
        for key, flag in flags.items():
            out.setdefault(key, flag)
        return out

    return request


def stored(headers: Mapping[str, str]) -> dict[str, str] | None:
    """The responseElements of a call that stored something."""
    return {name: headers[name] for name in _ANSWER_HEADERS if name in headers} or None
