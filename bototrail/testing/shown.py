"""Calls and values as texts: cut to a size that can be read, secrets hidden, whatever a value's own `repr` does."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from bototrail.record.shapes import is_named_secret, is_sensitive
from bototrail.testing.calls import Call

TEXT = 100
"""Characters or bytes of one text that are shown, alone."""
SHORT = 60
"""The same in the line of a call."""
ITEMS = 12
"""Members of one container that are shown."""
_DEEPEST = 5
_BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}
_LINE = 160


class Hidden:
    """Stands for a secret."""

    def __repr__(self) -> str:
        return "<hidden>"


HIDDEN = Hidden()


def line(call: Call) -> str:
    """`s3:PutObject(Bucket='b', Key='k')`, and how it failed."""
    arguments = ", ".join(f"{name}={shown(value, SHORT)}" for name, value in arguments_of(call).items())
    if len(arguments) > _LINE:
        arguments = f"{arguments[: _LINE - 3]}..."
    failed = f" -> {call.error.code}" if call.error else ""
    return f"{call.name}({arguments}){failed}"


def arguments_of(call: Call) -> dict[str, Any]:
    """The arguments, secrets hidden."""
    try:
        shape = call.service_model.operation_model(call.operation).input_shape
        return dict(_veiled(call.arguments, shape, 0)) if shape is not None else dict(call.arguments)
    except Exception:  # noqa: BLE001 a model or mapping of somebody's own
        return dict.fromkeys(map(str, call.arguments), HIDDEN)


def _veiled(value: Any, shape: Any, depth: int) -> Any:
    if shape is None or depth > _DEEPEST:
        return value
    if is_sensitive(shape):
        return HIDDEN
    if shape.type_name == "structure" and isinstance(value, dict):
        return {k: _member(k, v, shape.members.get(k), depth) for k, v in value.items()}
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [_veiled(item, shape.member, depth + 1) for item in value]
    if shape.type_name == "map" and isinstance(value, dict):
        return {k: _member(str(k), v, shape.value, depth) for k, v in value.items()}
    return value


def _member(name: str, value: Any, shape: Any, depth: int) -> Any:
    if shape is not None and is_named_secret(name, shape):
        return HIDDEN
    return _veiled(value, shape, depth + 1)


def shown(value: Any, size: int = TEXT, depth: int = 0) -> str:
    """Like `repr`, but short, and never raising.

    Args:
        value: anything.
        size: characters or bytes of a text that are shown.
        depth: of containers around it.
    """
    try:
        if isinstance(value, (str, bytes, bytearray)):
            return _text(value, size)
        if isinstance(value, dict):
            pairs = ((shown(k, size), shown(v, size, depth + 1)) for k, v in value.items())
            return _container("{", (f"{k}: {v}" for k, v in pairs), "}", depth, len(value))
        if type(value) in _BRACKETS:
            first, last = _BRACKETS[type(value)]
            return _container(first, (shown(item, size, depth + 1) for item in value), last, depth, len(value))
        text = repr(value)
        return text if len(text) <= 2 * size else f"{text[: 2 * size]}..."
    except Exception:  # noqa: BLE001 an object of the program's own
        return f"<{type(value).__name__} that cannot be shown>"


def _text(value: str | bytes | bytearray, size: int) -> str:
    if len(value) <= size:
        return repr(value)
    unit = "characters" if isinstance(value, str) else "bytes"
    return f"{value[:size]!r}... ({len(value)} {unit})"


def _container(first: str, items: Iterator[str], last: str, depth: int, length: int) -> str:
    if depth > _DEEPEST:
        return f"{first}...{last}"
    inside = list(islice(items, ITEMS))
    if length > ITEMS:
        inside.append(f"... {length - ITEMS} more")
    return f"{first}{', '.join(inside)}{last}"


def counted(number: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
