"""On which line of a TOML or JSON text each key and element stands.

The parsers of the standard library forget it. Texts that come here have been parsed before: nothing is validated twice.
"""

from __future__ import annotations

import bisect
import contextlib
import re
import sys
from typing import Any, Final, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Path = tuple[str | int, ...]
"""The way to a value: keys of tables and indexes of lists."""


class Lines:
    """Lines of the keys and elements of a text, by their path.

    Attributes:
        found: the line of each.
        duplicates: paths that occur once more, with the line on which they do.
    """

    def __init__(self, text: str) -> None:
        self.found: dict[Path, int] = {}
        self.duplicates: list[tuple[Path, int]] = []
        self._ends = [at.start() for at in re.finditer("\n", text)]

    def at(self, position: int) -> int:
        """The line of a position in the text, from 1."""
        return bisect.bisect_left(self._ends, position) + 1

    def add(self, path: Path, position: int) -> None:
        """Keep the first line of `path`."""
        self.found.setdefault(path, self.at(position))

    def line(self, path: Path) -> int:
        """The line of `path`, or of the nearest thing around it that was found."""
        while path and path not in self.found:
            path = path[:-1]
        return self.found.get(path, 1)


def json_lines(text: str) -> Lines:
    """The lines of a JSON text of one or several documents; the first member of each path is the document's number."""
    lines = Lines(text)
    _Json(lines).read(text)
    return lines


def toml_lines(text: str) -> Lines:
    """The lines of a TOML text."""
    lines = Lines(text)
    with contextlib.suppress(RecursionError):  # so deep that the nearest thing around it must do
        _Toml(text, lines).read()
    return lines


class Statement(NamedTuple):
    """A header or a pair of a TOML text.

    Attributes:
        path: of the table, or of the value.
        start: position of its first character.
        value: position of the pair's value; of a header the same as `end`.
        end: position behind its last character.
    """

    path: Path
    start: int
    value: int
    end: int

    @property
    def is_header(self) -> bool:
        """Whether it begins a table."""
        return self.value == self.end


def toml_statements(text: str) -> list[Statement]:
    """The headers and pairs of a TOML text, in its order."""
    reader = _Toml(text, Lines(text))
    reader.read()
    return reader.statements


_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')


class _Json:
    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        # Of each bracket that is open: the path of the value and whether it is an object.
        self._open: list[tuple[Path, bool]] = []
        self._path: Path = ()
        self._documents = 0
        self._index = [0]
        self._key = False

    def read(self, text: str) -> None:
        for token in _JSON_TOKEN.finditer(text):
            sign = token[0]
            if sign in "}]":
                self._path = self._open.pop()[0]
                self._index.pop()
                self._key = False
            elif sign == ",":  # between documents, too
                self._key = bool(self._open) and self._open[-1][1]
                self._index[-1] += 1
            elif self._key and sign != ":":
                self._name(sign, token.start())
            elif sign != ":":
                self._value(sign, token.start())

    def _name(self, token: str, position: int) -> None:
        self._path = (*self._open[-1][0], _unquoted(token))
        self._key = False
        if self._path in self._lines.found:
            self._lines.duplicates.append((self._path, self._lines.at(position)))
        self._lines.add(self._path, position)

    def _value(self, sign: str, position: int) -> None:
        if not self._open:
            self._path = (self._documents,)
            self._documents += 1
        elif not self._open[-1][1]:
            self._path = (*self._open[-1][0], self._index[-1])
        self._lines.add(self._path, position)
        if sign in "{[":
            self._open.append((self._path, sign == "{"))
            self._index.append(0)
            self._key = sign == "{"


def _unquoted(token: str) -> str:
    import json

    return str(json.loads(token, strict=False))


_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY: Final = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'""")
_DOT: Final = re.compile(r"[ \t]*\.[ \t]*")
_SCALAR: Final = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"{3,5}|\'\'\'(?:[^']|'(?!''))*'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[^,\]}#\n]+''',
    re.DOTALL,
)


class _Toml:
    def __init__(self, text: str, lines: Lines) -> None:
        self._text, self._lines = text, lines
        self._at = 0
        self.statements: list[Statement] = []
        # How many tables each array of tables has.
        self._counts: dict[Path, int] = {}

    def read(self) -> None:
        table: Path = ()
        while self._skip():
            start = self._at
            if self._sign() == "[":
                table = self._header(start)
                self.statements.append(Statement(table, start, self._at, self._at))
            else:
                path, value = self._pair(table)
                end = value + len(self._text[value : self._at].rstrip())
                self.statements.append(Statement(path, start, value, end))

    def _skip(self) -> bool:
        """Go on to what is neither white space nor comment; whether there is something."""
        if found := _BLANK.match(self._text, self._at):
            self._at = found.end()
        return self._at < len(self._text)

    def _sign(self) -> str:
        return self._text[self._at : self._at + 1]

    def _header(self, start: int) -> Path:
        """`[a.b]` or `[[a.b]]`: the table that the pairs after it belong to."""
        many = self._text.startswith("[[", self._at)
        self._at += 1 + many
        *parents, last = self._keys()
        self._at = self._text.index("]", self._at) + 1 + many
        path: Path = ()
        for name in parents:
            path = self._current((*path, name))
            self._lines.add(path, start)
        path = (*path, last)
        self._lines.add(path, start)
        if many:
            self._counts[path] = self._counts.get(path, 0) + 1
        path = self._current(path)
        self._lines.add(path, start)
        return path

    def _current(self, path: Path) -> Path:
        """Of an array of tables the last one, as TOML has it."""
        return (*path, self._counts[path] - 1) if path in self._counts else path

    def _keys(self) -> list[str]:
        """A key with its dots, unquoted."""
        self._skip()
        names = []
        while found := _KEY.match(self._text, self._at):
            names.append(_plain(found[0]))
            self._at = found.end()
            dot = _DOT.match(self._text, self._at)
            if dot is None:
                break
            self._at = dot.end()
        return names

    def _pair(self, table: Path) -> tuple[Path, int]:
        """`key = value`: the path of the value, and its position."""
        start = self._at
        path = table
        for name in self._keys():
            path = (*path, name)
            self._lines.add(path, start)
        self._at = self._text.index("=", self._at) + 1
        self._skip()
        value = self._at
        self._value(path)
        return path, value

    def _value(self, path: Path) -> None:
        self._skip()
        if self._sign() == "[":
            self._several("]", lambda index: self._element((*path, index)))
        elif self._sign() == "{":
            self._several("}", lambda _: self._pair(path))
        elif found := _SCALAR.match(self._text, self._at):
            self._at = found.end()

    def _element(self, path: Path) -> None:
        self._lines.add(path, self._at)
        self._value(path)

    def _several(self, end: str, read: Any) -> None:
        """What stands between commas up to the bracket `end`."""
        self._at += 1
        index = 0
        while self._skip() and self._sign() != end:
            if self._sign() == ",":
                self._at += 1
            else:
                read(index)
                index += 1
        self._at += 1


def _plain(token: str) -> str:
    """A key without its quotes; TOML itself says what the escapes in it mean."""
    return next(iter(tomllib.loads(f"{token} = 0")))
