"""Where two trees of JSON differ."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

Path = tuple[Any, ...]

MISSING: Final = object()
_TYPE_TEXT = re.compile(r"<(dict|list|str)>")


def changes(old: Any, new: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """What is in `new` and not, or not so, in `old`: paths and values."""
    if type(new) is dict and (type(old) is dict or old == ""):  # an empty XML element is ''
        old = old or {}
        for key, value in new.items():
            yield from changes(old.get(key, MISSING), value, (*path, key))
    elif type(old) is list and type(new) is list:
        for index, value in enumerate(new):
            yield from changes(old[index] if index < len(old) else MISSING, value, (*path, index))
    elif type(old) is not type(new) or old != new:
        yield path, new


def leaves(changed: Any) -> Iterator[tuple[Path, Any]]:
    """The same down to what holds nothing else."""
    for path, value in changed:
        if value and isinstance(value, (dict, list)):
            inner = value.items() if isinstance(value, dict) else enumerate(value)
            yield from leaves(((*path, step), item) for step, item in inner)
        else:
            yield path, value


def found(tree: Any, path: Path) -> Any:
    """What stands at the end of a path, `MISSING` when there is nothing."""
    for step in path:
        if isinstance(tree, dict):
            tree = tree.get(step, MISSING)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return MISSING
    return tree


def dotted(path: Path) -> str:
    """`instancesSet.items[].imageId`."""
    return "".join("[]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def own_place(before: Any, base: Any, fallback: Path) -> Path:
    """Where an empty container stands."""
    changed = list(changes(before, base))
    if not changed and len(lost := list(changes(base, before))) == 1:
        return lost[0][0][:-1]  # it took the place of what is written by default
    if len(changed) != 1:
        return fallback
    path, value = changed[0]
    if not isinstance(value, (dict, list)) and value != "" and not is_type_text(value):
        return fallback  # a value of its own, not what is around it
    while isinstance(value, (dict, list)) and len(value) == 1:
        step, value = next(iter(value.items() if isinstance(value, dict) else enumerate(value)))
        if not isinstance(value, (dict, list)) and value != "":
            break
        path = (*path, step)
    return path


def becomes_list(one: Any, two: Any, path: Path = ()) -> Path:
    """Where the second has a list and the first has none."""
    if type(two) is list and type(one) is not list:
        return path
    if type(one) is dict and type(two) is dict:
        for key in one.keys() & two.keys():
            if place := becomes_list(one[key], two[key], (*path, key)):
                return place
    return ()


def is_type_text(value: Any) -> bool:
    """Whether the value is what converters write for one of a type that they do not expect."""
    return type(value) is str and _TYPE_TEXT.fullmatch(value) is not None
