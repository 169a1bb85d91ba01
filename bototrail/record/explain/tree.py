"""The keys of a record as a tree, with what is to say about each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

from bototrail.record.explain.changes import MISSING, Path
from bototrail.record.explain.words import always, spelt

REQUIRED: Final = "required"


@dataclass(frozen=True)
class Member:
    """One member of the model, and what becomes of it.

    Attributes:
        member: where it is in the model, such as `Tags[].Key`.
        key: where it is in the record, such as `tags[].key`; None when it is left out.
        type: such as `string`.
        hidden: what stands for its value, None when the value itself is written (or nothing).
        required: whether the caller must give it.
    """

    member: str
    key: str | None
    type: str
    hidden: str | None = None
    required: bool = False

    @property
    def never_written(self) -> bool:
        """Whether the value never reaches the record."""
        return self.key is None or self.hidden is not None


@dataclass
class Node:
    """One key of the record.

    Attributes:
        children: the keys below it; `[]` is the element of a list.
        facts: what is to say about it.
        constants: what is written unasked.
        default: what is written when the caller does not give it; `MISSING` when nothing is.
        omitted: a member of the model that is left out, under its name in the model.
    """

    children: dict[str, Node] = field(default_factory=dict)
    facts: list[str] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)
    default: Any = MISSING
    omitted: bool = False

    def at(self, path: Path) -> Node:
        """The node at the end of a path, made if it is not there."""
        node = self
        for step in path:
            node = node.children.setdefault("[]" if isinstance(step, int) else step, Node())
        return node

    def say(self, *facts: str) -> None:
        """Add facts, each once."""
        self.facts += [fact for fact in facts if fact and fact not in self.facts]

    @property
    def remarks(self) -> list[str]:
        """The facts, and what is written by default."""
        said = [always(self.constants)] if self.constants else []
        said += [fact for fact in self.facts if fact != REQUIRED]
        if self.default is not MISSING:
            said.append(f"{spelt(self.default)} when not given")
        return said + [REQUIRED] * (REQUIRED in self.facts)

    def plain(self) -> Any:
        """The tree as JSON: objects, arrays, and for leaves what is to say about them."""
        shown = {key: node for key, node in self.children.items() if not node.omitted}
        if not shown:
            return "; ".join(self.remarks)
        if set(shown) == {"[]"}:
            return [shown["[]"].plain()]
        return {key: node.plain() for key, node in shown.items() if key != "[]"}


@dataclass(frozen=True)
class Skeleton:
    """What is written for the arguments, or for the result.

    Attributes:
        tree: the keys of the record.
        members: every member of the model that was looked at. Below the depth of the tree a structure that occurs in
            several places is looked at in one of them.
    """

    tree: Node
    members: tuple[Member, ...]
