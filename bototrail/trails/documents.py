"""The documents of a trails file, changed at their paths, and the text that they become."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from bototrail.trails import toml_text
from bototrail.trails.gather import IGNORED
from bototrail.trails.lines import Path
from bototrail.trails.parse import json_documents

_LIST: Final = "trailList"


def _put(tree: Any, path: Path, value: Any) -> None:
    for name in path[:-1]:
        tree = tree[name]
    tree[path[-1]] = value


def _drop(tree: Any, path: Path) -> None:
    for name in path[:-1]:
        tree = tree[name]
    last: Any = path[-1]
    if isinstance(tree, list) or last in tree:
        del tree[last]


class TomlDocument:
    """The one document of a TOML file.

    Args:
        text: the file's.
        documents: the document, parsed.
    """

    def __init__(self, text: str, documents: Sequence[Any]) -> None:
        self.text = text
        self._tree = copy.deepcopy(documents[0]) if documents else {}

    @property
    def documents(self) -> list[Any]:
        """What the text must say, parsed."""
        return [self._tree]

    def put(self, path: Path, value: Any) -> None:
        """Have a value at `path`."""
        self.text = toml_text.put(self.text, path, value)
        _put(self._tree, path, value)

    def drop(self, path: Path) -> None:
        """Have nothing at `path`; nothing at all for the path of the document."""
        for each in [path] if path else [(name,) for name in self._tree if name not in IGNORED]:
            self.text = toml_text.drop(self.text, each)
            _drop(self._tree, each)

    def add(self, trail: dict[str, Any]) -> None:
        """Have another trail.

        Raises:
            LookupError: the document is a trail itself, and not a list of them.
        """
        if self._tree and not {_LIST, "buckets"} & set(self._tree):
            raise LookupError(_LIST)
        self.text = toml_text.add(self.text, _LIST, trail)
        self._tree.setdefault(_LIST, []).append(trail)

    def say_none(self) -> None:
        """Have a list of trails that is empty."""
        self.put((_LIST,), [])


class JsonDocuments:
    """The documents of a JSON file; those that do not change stay as they are written.

    Args:
        text: the file's.
        documents: the documents, parsed.
    """

    def __init__(self, text: str, documents: Sequence[Any]) -> None:
        self._text = text
        self._trees = copy.deepcopy(list(documents))
        self._written = [(tree, start, end) for tree, start, end in json_documents(text)]

    @property
    def documents(self) -> list[Any]:
        """What the text must say, parsed."""
        return [tree for tree in self._trees if not _is_gone(tree)]

    @property
    def text(self) -> str:
        """The text, in which each document has the indent that it had."""
        out, last = "", 0
        for index, tree in enumerate(self._trees):
            before, start, end = self._written[index] if index < len(self._written) else (None, 0, 0)
            if not _is_gone(tree):
                gap = self._text[last:start] if end else "\n"
                was = self._text[start:end]
                out += (gap if out else "") + (was if before == tree else _written(tree, was))
            last = end or last
        return f"{out.rstrip()}\n"

    def put(self, path: Path, value: Any) -> None:
        """Have a value at `path`."""
        _put(self._trees, path, value)

    def drop(self, path: Path) -> None:
        """Have nothing at `path`."""
        if len(path) == 1:
            self._trees[int(path[0])] = {}
        else:
            _drop(self._trees, path)

    def add(self, trail: dict[str, Any]) -> None:
        """Have another trail."""
        for tree in self._trees:
            trails = tree.get(_LIST) if isinstance(tree, dict) else tree
            if isinstance(trails, list):
                trails.append(trail)
                return
        self._trees.append({_LIST: [trail]})

    def say_none(self) -> None:
        """Have a list of trails that is empty."""
        if not any(isinstance(tree, dict) and _LIST in tree for tree in self._trees):
            self._trees.append({_LIST: []})


def _is_gone(tree: Any) -> bool:
    """Whether a document has nothing left that says something."""
    return tree == [] or (isinstance(tree, dict) and not set(tree) - set(IGNORED))


def _written(tree: Any, was: str) -> str:
    """A document as JSON, with the indent that it had; what is new has that of `aws cloudtrail`."""
    found = re.search(r"\n([ \t]+)", was)
    indent = found[1] if found else None if was else "    "
    return json.dumps(tree, indent=indent, ensure_ascii=False)
