"""Faults of a trails file, collected: whoever corrects it wants to see them all."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any, Final

from bototrail.errors import TrailsError
from bototrail.trails.lines import Lines, Path

_LONGEST: Final = 100
_LONGEST_MESSAGE: Final = 1000


class Faults:
    """What is wrong with a file, and what is merely remarkable.

    Attributes:
        errors: the faults.
        notes: remarks, with file and line.
    """

    def __init__(self, path: str, lines: Lines) -> None:
        self.errors: list[TrailsError] = []
        self.notes: list[str] = []
        self._path, self._lines = path, lines
        # The paths of all faults, and of everything around them.
        self._around: set[Path] = set()

    def add(
        self, where: Path, code: str, expected: str, found: str, todo: str, *, message: str = "", line: int = 0
    ) -> None:
        """A fault in what stands at `where`, on `line` if that is known better; see `TrailsError`."""
        line = line or self._lines.line(where)
        said = {"expected": expected, "found": found, "todo": todo, "message": message}
        said = {name: _one_line(text) for name, text in said.items()}
        self.errors.append(TrailsError(code, self._path, line, **said))
        self._around.update(where[:length] for length in range(len(where) + 1))

    def note(self, where: Path, text: str) -> None:
        """A remark on what stands at `where`."""
        self.notes.append(f"{self._path}:{self._lines.line(where)}: {_one_line(text)}")

    def sound(self, where: Path) -> bool:
        """Whether nothing at or below `where` is at fault, so that rules can rely on its types."""
        return where not in self._around


# What ends a line, steers a terminal, or cannot be written at all; keys and values may hold it.
_UNWRITABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def _one_line(text: str) -> str:
    text = text if len(text) <= _LONGEST_MESSAGE else f"{text[:_LONGEST_MESSAGE]}… ({len(text)} characters)"
    return _UNWRITABLE.sub(lambda found: ascii(found[0])[1:-1], text)


def shown(value: Any) -> str:
    """A value out of a file as it may stand in a message: bounded, control characters escaped."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text)} characters)"


def nearest(name: str, known: Iterable[str], otherwise: str) -> str:
    """What to do about an unknown name."""
    names = list(known)
    folded = {known_name.lower(): known_name for known_name in reversed(names)}
    close = difflib.get_close_matches(name.lower(), folded, n=1, cutoff=0.6)
    return f"did you mean {folded[close[0]]}?" if close else otherwise
