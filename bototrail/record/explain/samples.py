"""Sample values for the shapes of a service model: what `explain` gives to the converters to see what they write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any, Final

from bototrail.record.converters import Shape

KEY: Final = "<key>"
"""Stands for the keys of a map."""

EXAMPLE_KEY: Final = "key"
_MOMENT: Final = datetime(2023, 7, 9, 13, 5, 3, tzinfo=timezone.utc)
_DEPTH: Final = 2
_DEEPEST: Final = 6

Leaf = Callable[[Shape, str], Any]


def kind(shape: Shape) -> str:
    """The type of a shape; free JSON is a `document`."""
    return "document" if getattr(shape, "is_document_type", False) else str(shape.type_name)


def probe(shape: Shape, variant: int) -> Any:
    """A value of a leaf that can be told from that of another variant (0 or 1)."""
    text = f"probe-{variant}"
    values: Mapping[str, Any] = {
        "blob": text.encode(),
        "boolean": not variant,
        "double": 7.5 + variant,
        "float": 7.5 + variant,
        "integer": 7 + variant,
        "long": 7 + variant,
        "timestamp": _MOMENT + timedelta(days=variant),
    }
    return values.get(kind(shape), text)


def sample(shape: Shape, variant: int = 0, depth: int = _DEPTH) -> Any:
    """A value to see what is written for it, with every member down to `depth` structures."""
    return whole(shape, lambda leaf, _: probe(leaf, variant), KEY, depth=depth)


def whole(shape: Shape, leaf: Leaf, key: str, name: str = "", depth: int = _DEPTH) -> Any:
    """A value with every member, down to `depth` structures; what lies deeper is empty.

    Args:
        shape: what the value is for.
        leaf: makes the value of a leaf, of its shape and the name of its member.
        key: the one key of every map.
        name: the member.
        depth: how many structures may lie in one another.
    """
    shape_kind = kind(shape)
    if shape_kind == "structure":
        members = shape.members.items() if depth else ()
        return {inner: whole(member, leaf, key, inner, depth - 1) for inner, member in members}
    if shape_kind == "list":
        return [whole(shape.member, leaf, key, name, depth)] if depth else []
    if shape_kind == "map":
        return {key: whole(shape.value, leaf, key, name, depth)} if depth else {}
    return leaf(shape, name)


def likely(shape: Shape, leaf: Leaf, name: str = "", depth: int = _DEEPEST, *, lean: bool = False) -> Any:
    """A value such as a program might give: every member of the outermost structure, of inner ones the necessary.

    Args:
        shape: what the value is for.
        leaf: makes the value of a leaf, of its shape and the name of its member.
        name: the member.
        depth: how many structures may lie in one another.
        lean: whether inner structures that need no member have one member only.

    Returns:
        The value; otherwise inner structures that need no member have those that are leaves.
    """
    shape_kind = kind(shape)
    if shape_kind == "structure":
        members = list(shape.members.items()) if depth == _DEEPEST else _necessary(shape, depth, lean)
        return {n: likely(member, leaf, n, depth - 1, lean=lean) for n, member in members}
    if shape_kind == "list":
        return [likely(shape.member, leaf, name, depth, lean=lean)] if depth > 0 else []
    if shape_kind == "map":
        return {EXAMPLE_KEY: likely(shape.value, leaf, name, depth, lean=lean)} if depth > 0 else {}
    return leaf(shape, name)


def _necessary(shape: Shape, depth: int, lean: bool) -> list[tuple[str, Shape]]:
    members = list(shape.members.items()) if depth > 0 else []
    if getattr(shape, "is_tagged_union", False):
        return members[:1]
    needed = [(name, member) for name, member in members if name in shape.required_members]
    simple = [(name, member) for name, member in members if _is_simple(member)]
    return needed or (simple[:1] if lean else simple) or members[:1]


def _is_simple(shape: Shape) -> bool:
    shape = shape.member if kind(shape) == "list" else shape
    return kind(shape) not in ("structure", "list", "map")


def placeholder(shape: Shape, name: str) -> Any:
    """The value of a leaf in an example: the first of an enum, else something that tells the member's name and type."""
    values: Mapping[str, Any] = {
        "blob": b"bytes",
        "boolean": True,
        "double": 1.5,
        "float": 1.5,
        "integer": _least(shape),
        "long": _least(shape),
        "timestamp": _MOMENT,
    }
    found = values.get(kind(shape))
    if found is not None:
        return found
    return next(iter(getattr(shape, "enum", None) or ()), None) or _text(name)


def _least(shape: Shape) -> int:
    least = shape.metadata.get("min")
    return least if isinstance(least, int) else 1


def _text(name: str) -> str:
    if name.lower().endswith("rolearn"):
        return "arn:aws:iam::111122223333:role/example"
    return f"arn:aws:service:us-east-1:111122223333:{name}" if name.lower().endswith("arn") else f"example-{name}"
