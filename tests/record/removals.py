"""The facts about a service with one of them taken away, for each there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from typing import Any

from bototrail.record.rules import Service


def removals(rules: Service) -> Iterator[tuple[str, Service]]:
    """Name of the row that is gone, and the rules without it."""
    for name, value, default in _stated(rules):
        if not isinstance(value, (Mapping, frozenset)):
            yield name, replace(rules, **{name: default})
        for path, rest in _smaller(value):
            yield f"{name}{path}", replace(rules, **{name: rest})


def _stated(value: Any) -> Iterator[tuple[str, Any, Any]]:
    """The fields of a dataclass that are not as they are by default; those without a default only for their parts."""
    for field in fields(value):
        default = field.default if field.default_factory is MISSING else field.default_factory()
        stated = getattr(value, field.name)
        if stated != default:
            yield field.name, stated, default


def _smaller(value: Any) -> Iterator[tuple[str, Any]]:
    """The value without each of its parts, and without each part of its parts."""
    if isinstance(value, frozenset):
        yield from ((f" {part}", value - {part}) for part in sorted(value))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield f" {key}", {k: v for k, v in value.items() if k != key}
            yield from ((f" {key}{path}", {**value, key: rest}) for path, rest in _smaller(item))
    elif isinstance(value, tuple):
        for n, item in enumerate(value):
            yield f" [{n}]", value[:n] + value[n + 1 :]
            yield from ((f" [{n}]{path}", (*value[:n], rest, *value[n + 1 :])) for path, rest in _smaller(item))
    elif is_dataclass(value) and not isinstance(value, type):
        for name, part, default in _stated(value):
            if default is not MISSING:
                yield f" {name}", replace(value, **{name: default})
            yield from ((f" {name}{path}", replace(value, **{name: rest})) for path, rest in _smaller(part))
