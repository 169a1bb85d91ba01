"""The converters that the spellings are made of: structures and lists by table, what is hidden, forms of values."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from bototrail.record.values import (
    Converter,
    document,
    encoded,
    names,
    parsed_json,
    partiql,
    redacted,
    text,
    type_text,
    untyped,
    veiled,
)

Shape = Any  # botocore.model.Shape; this package knows nothing of botocore
Fields = dict[str, tuple[str, Converter]]

_EMPTY: dict[type, Any] = {str: "", bytes: "", dict: {}, list: []}


def hiding(marker: str, shape: Shape) -> Converter:
    """A converter that writes `marker` for any value; of the value itself only an empty one is told.

    An empty list, text or structure is logged as it is [RDS PendingModifiedValues, RDS Data parameters], an empty map
    by the services that write `***` [API Gateway CreateStage]; of others no record is known.
    """
    empty = shape.type_name != "map" or marker == "***"

    def hide(value: Any) -> Any:
        kind = type(value)
        return copy(_EMPTY[kind]) if empty and kind in _EMPTY and not value else marker

    return hide


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


def chosen(convert: Converter, key: str) -> Converter:
    """A converter for a structure of which one member is given: that member, and its name under `key`."""

    def convert_chosen(value: Any) -> Any:
        out = convert(value)
        given = [name for name in value if value[name] is not None] if type(out) is dict else []
        inner = next(iter(out.values()), None) if len(given) == 1 else None
        return {key: given[0], **inner} if type(inner) is dict else out

    return convert_chosen


FORMS: Mapping[str, Converter] = {
    "encoded": encoded,
    "json": parsed_json,
    "names": names,
    "partiql": partiql,
    "redacted": redacted,
    "text": text,
    "untyped": untyped,
    "veiled": veiled,
}
