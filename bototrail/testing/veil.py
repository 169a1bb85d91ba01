"""Which parts of arguments are secrets: by the shapes of the operation, and where it has none, by their names."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from decimal import Decimal
from inspect import isroutine
from typing import Any

from bototrail.record.rules import names_a_secret
from bototrail.record.shapes import is_named_secret, is_sensitive
from bototrail.testing.matchers import Absent, Missing, containing

DEEPEST = 5
"""Containers around a value that is looked at."""
_PLAIN = (str, bytes, bytearray, int, float, complex, Decimal, date, set, frozenset, type(None))
_FREE = ("string", "blob", "map")


class Hidden:
    """Stands for a secret."""

    def __repr__(self) -> str:
        return "<hidden>"


class Elided:
    """Stands for what lies too deep to be looked at."""

    def __repr__(self) -> str:
        return "..."


HIDDEN = Hidden()
ELIDED = Elided()


class Veil:
    """What is known of a place in arguments.

    Args:
        shapes: those that a value there may have; none when nothing is known of it.
        hidden: whether all of it is secret, whatever the shapes say.
    """

    def __init__(self, shapes: Sequence[Any] = (), *, hidden: bool = False) -> None:
        self._shapes = shapes
        self.hidden = hidden or any(map(is_sensitive, shapes))

    def member(self, key: Any) -> Veil:
        """Of what stands under a key."""
        name = key if isinstance(key, str) else ""
        found = [member for shape in self._shapes if (member := _member(shape, name)) is not None]
        secret = any(is_named_secret(name, member) for member in found) if found else names_a_secret(name)
        return Veil(found, hidden=self.hidden or secret)

    def item(self) -> Veil:
        """Of what stands in a list."""
        return Veil([shape.member for shape in self._shapes if shape.type_name == "list"], hidden=self.hidden)

    def over(self, value: Any) -> Any:
        """The value, its secrets hidden. Of one that cannot be looked at nothing is told."""
        try:
            return self._over(value, 0)
        except Exception:  # noqa: BLE001 a mapping or a model of somebody's own
            return ELIDED

    def hides(self, value: Any) -> bool:
        """Whether there is, or may be, a secret in the value."""
        return _is_veiled(self.over(value))

    def _over(self, value: Any, depth: int) -> Any:
        if isinstance(value, (Absent, Missing)):
            return value
        if self.hidden:
            return HIDDEN
        if isinstance(value, containing):
            return containing(self._over(value.part, depth))
        if isinstance(value, (dict, list, tuple)):
            return ELIDED if depth > DEEPEST else self._inside(value, depth + 1)
        return HIDDEN if self._is_opaque(value) else value

    def _inside(self, value: Any, depth: int) -> Any:
        if isinstance(value, dict):
            return {k: self.member(k)._over(v, depth) for k, v in value.items()}
        item = self.item()
        found = [item._over(each, depth) for each in value]
        return tuple(found) if type(value) is tuple else found

    def _is_opaque(self, value: Any) -> bool:
        """Whether the value may show a secret that cannot be taken out of it."""
        if isinstance(value, (set, frozenset)):
            return self.item().hidden
        return not isinstance(value, _PLAIN) and not isroutine(value) and any(map(_may_hide, self._shapes))


def veil_of(model: Any, operation: str) -> Veil:
    """Of the arguments of an operation; all are hidden when its model cannot be read."""
    try:
        return Veil(input_shapes(model, operation))
    except Exception:  # noqa: BLE001 a model of somebody's own
        return Veil(hidden=True)


def input_shapes(model: Any, operation: str) -> list[Any]:
    """The shape of an operation's arguments, if it has any."""
    shape = model.operation_model(operation).input_shape
    return [] if shape is None else [shape]


def _member(shape: Any, name: str) -> Any:
    """The shape of a member, by its name in the model or in the record; None when there is none."""
    if shape.type_name == "map":
        return shape.value
    if shape.type_name != "structure":
        return None
    if name in shape.members:
        return shape.members[name]
    return next((member for each, member in shape.members.items() if each.lower() == name.lower()), None)


def _may_hide(shape: Any, seen: tuple[str, ...] = ()) -> bool:
    """Whether there may be a secret in values of this shape."""
    if is_sensitive(shape):
        return True
    if shape.type_name == "list":
        return _may_hide(shape.member, seen)
    if shape.type_name == "map":
        return shape.value.type_name in _FREE or _may_hide(shape.value, seen)
    if shape.type_name != "structure" or shape.name in seen:
        return False
    seen = (*seen, shape.name)
    return any(is_named_secret(name, member) or _may_hide(member, seen) for name, member in shape.members.items())


def _is_veiled(value: Any) -> bool:
    if isinstance(value, containing):
        value = value.part
    with suppress(Exception):  # a container of the program's own
        if isinstance(value, dict):
            return any(map(_is_veiled, value.values()))
        if isinstance(value, (list, tuple)):
            return any(map(_is_veiled, value))
    return value is HIDDEN or value is ELIDED
