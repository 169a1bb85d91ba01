"""How `explain` says what is written."""

from __future__ import annotations

import re
from base64 import b64encode
from typing import Any, Final

import orjson

REQUEST_ID: Final = "<requestID>"
"""Stands for the request id in samples of a result."""

_TYPES: Final = {
    "character": "string",
    "document": "any JSON",
    "double": "number",
    "float": "number",
    "long": "integer",
}
_JSON_TYPES: Final = {"bool": "boolean", "dict": "object", "float": "number", "int": "integer", "str": "string"}
_MARKER = re.compile(r"\*|hidden|removed|redacted|omitted", re.IGNORECASE)


def spelt(value: Any) -> str:
    """The value as it stands in a record."""
    return orjson.dumps(value).decode()


def type_name(kind: str) -> str:
    """What the type of a model is called in JSON."""
    return _TYPES.get(kind, kind)


def describe(kind: str, sent: Any, written: Any) -> str:
    """What is written for a value of a type, as seen in one example."""
    if kind == "timestamp":
        return f"timestamp, such as {spelt(written)}"
    if kind == "blob":
        return "bytes in base64" if written == b64encode(sent).decode() else "bytes as a string"
    if type(written) is not type(sent):
        kind_of_written = type(written).__name__
        return f"{type_name(kind)} as {_JSON_TYPES.get(kind_of_written, kind_of_written)}"
    return type_name(kind)


def always(values: list[Any]) -> str:
    """What is said of a key that the service writes unasked; of several values one is written."""
    if REQUEST_ID in values:
        return "the requestID"
    shown = [spelt(value) for value in values]
    return f"always {shown[0]}" if len(shown) == 1 else f"one of {', '.join(shown)}"


def hidden(value: Any) -> str:
    """What is said of a value that stands for whatever the caller gives."""
    return f"hidden as {spelt(value)}" if value == "" or _MARKER.search(str(value)) else f"always {spelt(value)}"
