"""What the program itself gave a call, and from where; kept in memory only, for those who watch calls."""

from __future__ import annotations

import sys
import threading
from functools import lru_cache
from itertools import count
from types import FrameType
from typing import Any, NamedTuple

from bototrail.clock import monotonic

_numbers = count(1)
_DEEPEST = 100
_CONTAINERS = (dict, list, tuple, set, bytearray)

CARRIERS = frozenset(
    {"aiobotocore", "aiohttp", "asyncio", "boto3", "botocore", "bototrail", "concurrent", "contextlib", "fsspec"}
    | {"functools", "moto", "s3fs", "s3transfer", "threading", "wrapt"}
)
"""Packages that carry a call on from who makes it to botocore."""


class Given(NamedTuple):
    """How a call began.

    Attributes:
        number: counts the calls of this process in the order in which they began.
        arguments: the program's arguments under boto3's names: its containers as they were then, all else its own
            objects. They hold secrets.
        file: path of the source file that made the call, empty when none of the program's own is on the stack.
        line: the line in it.
        thread: name of the thread.
        began: seconds of a steady clock.
    """

    number: int
    arguments: dict[str, Any]
    file: str
    line: int
    thread: str
    began: float


def given(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Given:
    """Look at the beginning of a call.

    Args:
        args: positional arguments of `_make_api_call`.
        kwargs: its keyword arguments.
    """
    arguments = args[1] if len(args) > 1 else kwargs.get("api_params")
    copied = copy(arguments) if isinstance(arguments, dict) else {}
    file, line = _place(sys._getframe(1))
    return Given(next(_numbers), copied, file, line, threading.current_thread().name, monotonic())


def copy(value: Any) -> Any:
    """The containers in `value` anew, everything else as it is; runs no code of the program's own classes."""
    return _copy(value, {}, 0)


def _copy(value: Any, known: dict[int, Any], depth: int) -> Any:
    if not isinstance(value, _CONTAINERS) or depth > _DEEPEST:
        return value
    if id(value) in known:  # a container may hold itself
        return known[id(value)]
    made: Any
    if isinstance(value, dict):
        made = known[id(value)] = dict(dict.items(value))
        for key, item in made.items():
            if isinstance(item, _CONTAINERS):
                made[key] = _copy(item, known, depth + 1)
        return made
    if isinstance(value, list):
        made = known[id(value)] = []
        made += [_copy(item, known, depth + 1) for item in list.__iter__(value)]
        return made
    if isinstance(value, tuple):
        return tuple(_copy(item, known, depth + 1) for item in tuple.__iter__(value))
    return set.copy(value) if isinstance(value, set) else bytearray(value)


def _place(frame: FrameType | None) -> tuple[str, int]:
    """File and line of the nearest frame that is not in a package that only carries calls on."""
    while frame is not None:
        if not _carries(frame.f_globals.get("__name__")):
            return frame.f_code.co_filename, frame.f_lineno
        frame = frame.f_back
    return "", 0


@lru_cache(maxsize=1024)
def _carries(module: object) -> bool:
    return not isinstance(module, str) or module.partition(".")[0] in CARRIERS
