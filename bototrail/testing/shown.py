"""Calls and values as texts: cut to a size that can be read, secrets hidden, whatever a value's own `repr` does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from bototrail.testing.calls import Call
from bototrail.testing.veil import DEEPEST, veil_of

TEXT = 100
"""Characters or bytes of one text that are shown, alone."""
SHORT = 60
"""The same in the line of a call."""
ITEMS = 12
"""Members of one container that are shown."""
_BRACKETS: dict[type, tuple[str, str]] = {list: ("[", "]"), tuple: ("(", ")"), set: ("{", "}")}
_LINE = 160
# C0 but LF, DEL, C1, and what turns the direction of writing.
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def line(call: Call) -> str:
    """`s3:PutObject(Bucket='b', Key='k')`, and how it failed."""
    arguments = ", ".join(f"{name}={shown(value, SHORT)}" for name, value in arguments_of(call).items())
    if len(arguments) > _LINE:
        arguments = f"{arguments[: _LINE - 3]}..."
    failed = f" -> {plainly(call.error.code)}" if call.error else ""
    return f"{call.name}({arguments}){failed}"


def arguments_of(call: Call) -> dict[str, Any]:
    """The arguments, secrets hidden."""
    veil = veil_of(call.service_model, call.operation)
    return {str(name): veil.member(name).over(value) for name, value in call.arguments.items()}


def brief(error: BaseException, *, named_only: bool = False) -> str:
    """`ValueError: why` in one line; without the message where that may quote a secret."""
    name = type(error).__name__
    try:
        message = "" if named_only else plainly(" ".join(str(error).split()))
    except Exception:  # noqa: BLE001 an error of the program's own
        message = ""
    return f"{name}: {message[: 2 * TEXT]}" if message else name


def plainly(text: str) -> str:
    """A text of somebody else's for a terminal: its control characters, but line feeds, are spelt out."""
    return _CONTROLS.sub(lambda found: ascii(found[0])[1:-1], text)


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
    if depth > DEEPEST:
        return f"{first}...{last}"
    inside = list(islice(items, ITEMS))
    if length > ITEMS:
        inside.append(f"... {length - ITEMS} more")
    return f"{first}{', '.join(inside)}{last}"


def counted(number: int, noun: str) -> str:
    """`1 call`, `2 calls`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
