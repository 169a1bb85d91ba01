"""What the converters of an operation make of its arguments or of its result, member by member.

Nothing here knows how a service spells: every member is given to the compiled converter, alone, and what changes in its
output is where and how the member is written. So a skeleton cannot say anything else than what is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from bototrail.record.converters import Shape
from bototrail.record.explain.changes import (
    MISSING,
    Path,
    becomes_list,
    changes,
    dotted,
    found,
    is_type_text,
    leaves,
    own_place,
)
from bototrail.record.explain.samples import KEY, kind, probe, sample
from bototrail.record.explain.tree import REQUIRED, Member, Node, Skeleton
from bototrail.record.explain.words import describe, hidden

Build = Callable[[Any], Any]
Facts = Callable[[Shape, str], tuple[str, ...]]

_CONTAINERS: Final = ("structure", "list", "map")
_WRAPPERS: Final = ("item", "items", "tag", KEY)
_AROUND = re.compile(r"^x-amz-|-|(es|s)?(set)?$")


@dataclass(frozen=True)
class _Spot:
    """A place in the model: its shape, how to give a value for it, and what is written without it."""

    shape: Shape
    build: Build
    base: Any = field(default_factory=dict)
    own: Path = ()
    member: str = ""
    within: str = ""
    level: int = 0
    facts: tuple[str, ...] = ()
    required: bool = False
    shapes: tuple[str, ...] = ()


def skeleton(shape: Shape | None, convert: Build, depth: int, facts: Facts, *, given: bool = True) -> Skeleton:
    """Find out what a converter writes.

    Args:
        shape: the structure that it converts; None for operations that have none.
        convert: the converter, of a value to what is written.
        depth: how many structures may lie in one another in the tree.
        facts: what else is to say about a member, of its structure and name.
        given: whether it is the caller who gives the members, who must give those that are required.
    """
    walk = _Walk(convert, depth, facts, given=given)
    if shape is not None:
        walk.structure(_Spot(shape, lambda value: value))
    else:
        walk.constants({}, walk.written({}), walk.written({}), ())
    return Skeleton(walk.tree, tuple(walk.members.values()))


class _Walk:
    def __init__(self, convert: Build, depth: int, facts: Facts, *, given: bool) -> None:
        self._convert, self._depth, self._facts, self._given = convert, depth, facts, given
        self.tree = Node()
        self.members: dict[str, Member] = {}
        self._visited: set[str] = set()
        self._placed: list[Path] = []

    def written(self, value: Any) -> Any:
        return self._convert(value) or {}

    def structure(self, spot: _Spot) -> None:
        """Each member of a structure on its own, then what the service writes unasked."""
        base, full = self.written(spot.build({})), self.written(spot.build(sample(spot.shape)))
        own = own_place(spot.base, base, spot.own) if spot.member else ()
        # A structure without a key of its own, or whose key is there without it, is named beside what it leaves out.
        within = f"{spot.member.rpartition('.')[2]}." if spot.member and own == spot.own else ""
        above, self._placed = self._placed, []
        for name, member in spot.shape.members.items():
            self._place(
                _Spot(
                    member,
                    lambda value, name=name: spot.build({name: value}),  # type: ignore[misc]
                    base,
                    own,
                    f"{spot.member}.{name}" if spot.member else name,
                    within,
                    spot.level + 1,
                    self._facts(spot.shape, name),
                    self._given and name in spot.shape.required_members,
                    (*spot.shapes, spot.shape.name),
                )
            )
        if spot.level < self._depth:
            self.constants(spot.base, base, full, own)
        self._placed += above

    def constants(self, before: Any, base: Any, full: Any, own: Path) -> None:
        """What is written whatever the caller gives."""
        for path, value in leaves(changes(before, base)):
            covered = any(path[: len(p)] == p or p[: len(path)] == path for p in self._placed)
            if len(path) > len(own) and not covered and found(full, path) == value:
                self._always(path, value)

    def _always(self, path: Path, value: Any) -> None:
        node = self.tree.at(path)
        if path[-1] == "tag" and value == 1:
            node.say("integer, which element it is")
        elif value not in node.constants:
            node.constants.append(value)

    def _place(self, spot: _Spot) -> None:
        first, second = (self._changed(spot, sample(spot.shape, variant)) for variant in (0, 1))
        if not first and not second:
            self._left_out(spot)
            return
        self._placed += [path for path, _ in first or second]
        if spot.level <= self._depth:
            self._defaults(spot, first or second)
        if kind(spot.shape) not in _CONTAINERS:
            self._leaf(spot, dict(leaves(first)), dict(leaves(second)))
        elif first == second and all(_stands_for(value) for _, value in first):
            self._hidden(spot, first)
        else:
            self._container(spot, first)

    def _changed(self, spot: _Spot, value: Any) -> list[tuple[Path, Any]]:
        return list(changes(spot.base, self.written(spot.build(value))))

    def _left_out(self, spot: _Spot) -> None:
        if is_type_text(found(spot.base, spot.own)):
            return
        self._remember(spot, None)
        if spot.level <= self._depth and not spot.member.endswith(("[]", KEY)):
            node = self.tree.at((*spot.own, spot.within + spot.member.rpartition(".")[2]))
            node.omitted = True
            node.say("left out")

    def _defaults(self, spot: _Spot, changed: list[tuple[Path, Any]]) -> None:
        """What stands, without the member, where its value goes, or is empty around it."""
        for path, _ in changed:
            for at in (path, path[:-1]):
                default = found(spot.base, at)
                if len(at) <= len(spot.own) or type(at[-1]) is not str or is_type_text(default):
                    continue
                if (at is path and default is not MISSING) or (at is not path and default in ({}, "")):
                    self.tree.at(at).default = default

    def _leaf(self, spot: _Spot, first: dict[Path, Any], second: dict[Path, Any]) -> None:
        sent = probe(spot.shape, 0)
        varied = {path: value for path, value in first.items() if second.get(path, MISSING) != value}
        if not varied:
            self._hidden(spot, [(path, value) for path, value in first.items() if not is_type_text(value)])
            return
        for path, value in first.items():
            if path in varied:
                self._say(spot, path, describe(kind(spot.shape), sent, value))
            elif spot.level <= self._depth:
                self._always(path, value)
        path, value = next(iter(varied.items()))
        self._remember(spot, path, describe(kind(spot.shape), sent, value))

    def _hidden(self, spot: _Spot, changed: list[tuple[Path, Any]]) -> None:
        for path, value in changed:
            names = value == KEY
            self._say(spot, path, "the names alone" if names else hidden(value))
            self._remember(spot, path, marker=None if names else str(value))

    def _container(self, spot: _Spot, changed: list[tuple[Path, Any]]) -> None:
        self._remember(spot, changed[0][0])
        name, shape_kind = str(spot.shape.name), kind(spot.shape)
        places = [path for path, _ in changed]
        if shape_kind == "structure":
            places = [own_place(spot.base, self.written(spot.build({})), spot.own)]
        if spot.level == self._depth and (places == [spot.own] or _is_flat(changed)):
            spot = replace(spot, level=spot.level - 1)  # its members stand in its place
        recursive = name in spot.shapes
        if (recursive or spot.level >= self._depth) and _holds_structure(spot.shape):
            for path in places if spot.level <= self._depth else ():
                self._say(spot, path, _cut(spot.shape, recursive=recursive))
            if name in self._visited or recursive:
                return
            spot = replace(spot, level=max(spot.level, self._depth + 1))
        elif spot.level <= self._depth:
            self.tree.at(changed[0][0]).say(*([REQUIRED] if spot.required else []), *spot.facts)
        self._visited.add(name)
        if shape_kind == "structure":
            self.structure(spot)
        else:
            self._inside(spot, shape_kind)

    def _inside(self, spot: _Spot, shape_kind: str) -> None:
        """The element of a list, or the value of a map."""
        is_list = shape_kind == "list"
        empty: Any = [] if is_list else {}
        inner = spot.shape.member if is_list else spot.shape.value
        base = self.written(spot.build(empty))
        if is_list and spot.level <= self._depth:
            self._several(spot, inner)
        self._place(
            _Spot(
                inner,
                lambda value: spot.build([value] if is_list else {KEY: value}),
                base,
                own_place(spot.base, base, spot.own),
                spot.member + ("[]" if is_list else f".{KEY}"),
                spot.within,
                spot.level,
                (),
                spot.required,
                (*spot.shapes, str(spot.shape.name)),
            )
        )

    def _several(self, spot: _Spot, inner: Shape) -> None:
        """Note where one element is an object and several are an array."""
        one, two = sample(inner, 0), sample(inner, 1)
        path = becomes_list(self.written(spot.build([one])), self.written(spot.build([one, two])))
        if path:
            self.tree.at(path).say("several: an array")

    def _say(self, spot: _Spot, path: Path, text: str) -> None:
        if spot.level > self._depth:
            return
        node = self.tree.at(path)
        node.say(text, *([REQUIRED] if spot.required else []), *spot.facts)
        name = spot.member.removesuffix("[]").rpartition(".")[2]
        key = next((step for step in reversed(path) if type(step) is str), "")
        if name != KEY and key not in _WRAPPERS and _stem(key) != _stem(name):
            node.say(f"from {name}")

    def _remember(self, spot: _Spot, path: Path | None, text: str = "", marker: str | None = None) -> None:
        key = None if path is None else dotted(path)
        self.members[spot.member] = Member(spot.member, key, text or kind(spot.shape), marker, spot.required)


def _stem(name: str) -> str:
    """What two spellings of a name have in common."""
    return _AROUND.sub("", name.lower())


def _stands_for(value: Any) -> bool:
    return type(value) is str and value != "" and not is_type_text(value)


def _is_flat(changed: list[tuple[Path, Any]]) -> bool:
    """Whether what is a structure in the model is one value in the record."""
    return all(value == KEY or is_type_text(value) for _, value in leaves(changed))


def _holds_structure(shape: Shape) -> bool:
    while kind(shape) in ("list", "map"):
        shape = shape.member if kind(shape) == "list" else shape.value
    return kind(shape) == "structure"


def _cut(shape: Shape, *, recursive: bool) -> str:
    words = ""
    while kind(shape) in ("list", "map"):
        words += f"{kind(shape)} of "
        shape = shape.member if kind(shape) == "list" else shape.value
    count = len(shape.members)
    if not count:
        return f"{words}structure without members"
    return f"{words}structure, " + ("as above" if recursive else f"{count} member{'s' * (count != 1)} not shown")
