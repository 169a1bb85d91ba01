"""Expected values that are more than a value: `matching`, `containing`, `absent`.

Anything with `==` of its own works as well: `unittest.mock.ANY`, `pytest.approx`, dirty-equals.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from functools import partial
from inspect import isclass, isroutine
from typing import Any, Final


class Missing:
    """Stands for an argument that was not given."""

    def __repr__(self) -> str:
        return "nothing"


MISSING: Final = Missing()


class Matcher(ABC):
    """Equal to every value that it accepts, also inside of dicts and lists."""

    @abstractmethod
    def accepts(self, value: Any) -> bool:
        """Whether `value` is what is expected."""

    def __eq__(self, other: object) -> bool:
        return self.accepts(other)

    __hash__ = object.__hash__


class matching(Matcher):  # noqa: N801 used like a function
    """Accepts texts, and UTF-8 bytes, in which a regular expression is found.

    Args:
        pattern: as for `re.search`; begin it with `^` and end it with `$` to match the whole text.
    """

    def __init__(self, pattern: str | re.Pattern[str]) -> None:
        self._pattern = re.compile(pattern)

    def accepts(self, value: Any) -> bool:
        """Whether the expression is found in `value`."""
        if isinstance(value, (bytes, bytearray)):
            value = value.decode("utf-8", "replace")
        return isinstance(value, str) and self._pattern.search(value) is not None

    def __repr__(self) -> str:
        return f"matching({self._pattern.pattern!r})"


class containing(Matcher):  # noqa: N801 used like a function
    """Accepts what holds at least this.

    Args:
        part: a dict: all its members must be there and be equal, others may be. A text or bytes: must be in the value.
            A list, tuple or set: each of its items must equal one of the value's.
    """

    def __init__(self, part: Mapping[Any, Any] | Collection[Any] | str | bytes) -> None:
        self.part = part

    def accepts(self, value: Any) -> bool:
        """Whether `value` holds the part."""
        part = self.part
        if isinstance(part, Mapping):
            return isinstance(value, Mapping) and all(equal(v, value.get(k, MISSING)) for k, v in part.items())
        if isinstance(part, (str, bytes)):
            return isinstance(value, (str, bytes, bytearray)) and _bytes(part) in _bytes(value)
        if not isinstance(value, Collection) or isinstance(value, (str, bytes, bytearray)):
            return False
        return all(any(equal(wanted, item) for item in value) for wanted in part)

    def __repr__(self) -> str:
        return f"containing({self.part!r})"


class Absent(Matcher):
    """Accepts that the argument was not given."""

    def accepts(self, value: Any) -> bool:
        """Whether there is no value."""
        return value is MISSING

    def __repr__(self) -> str:
        return "absent"


absent: Final = Absent()


def equal(expected: Any, got: Any) -> bool:
    """Whether `got` is what is expected: by a predicate, by a matcher, else by `==`.

    Args:
        expected: a value, or a predicate that is called with `got` and says whether it is right.
        got: the program's value, or `MISSING`.

    Raises:
        Exception: whatever a predicate or the `==` of either raises.
    """
    if isinstance(expected, Absent):
        return got is MISSING
    if got is MISSING:
        return False
    if _is_predicate(expected):
        return bool(expected(got))
    return bool(expected == got)


def _is_predicate(expected: Any) -> bool:
    """Whether it is a function, or an object that is called like one and has no `==` of its own."""
    if isroutine(expected) or isinstance(expected, partial):
        return True
    plain: Any = object.__eq__
    return callable(expected) and not isclass(expected) and type(expected).__eq__ is plain


def _bytes(value: str | bytes | bytearray) -> bytes:
    return value.encode("utf-8", "replace") if isinstance(value, str) else bytes(value)
