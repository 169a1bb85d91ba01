"""In what the calls of a run differ from a snapshot, call by call."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher, unified_diff
from typing import Any

Record = dict[str, Any]

_CONTEXT = 2
_WIDTH = 160
_SAME = 3
"""Calls beside a difference that are named although they are the same."""


def different(old: Sequence[Record], new: Sequence[Record]) -> list[str]:
    """One line or more for each call that is not the same; empty when all are.

    Lines of calls begin with their number in the run: `~` has changed, `+` is new, `-` is gone (and has no number).
    """
    before, after = [_pretty(r) for r in old], [_pretty(r) for r in new]
    lines: list[str] = []
    changes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for kind, i, i_end, j, j_end in changes:
        if kind == "equal":
            lines += _same(new, j, j_end)
        else:
            lines += _changed(old[i:i_end], new[j:j_end], j)
    return lines if any(kind != "equal" for kind, *_ in changes) else []


def heading(record: Record) -> str:
    """`s3:PutObject`."""
    return f"{str(record.get('eventSource', '?')).removesuffix('.amazonaws.com')}:{record.get('eventName', '?')}"


def _same(new: Sequence[Record], start: int, end: int) -> Iterator[str]:
    for n in range(start, end):
        if n < start + _SAME or n >= end - _SAME:
            yield f"  {n + 1:>3}. {heading(new[n])}"
        elif n == start + _SAME:
            yield f"       ... {end - start - 2 * _SAME} more that are the same"


def _changed(old: Sequence[Record], new: Sequence[Record], start: int) -> Iterator[str]:
    names = [heading(r) for r in old], [heading(r) for r in new]
    for _, i, i_end, j, j_end in SequenceMatcher(None, *names, autojunk=False).get_opcodes():
        pairs = min(i_end - i, j_end - j) if names[0][i:i_end] == names[1][j:j_end] else 0
        for n in range(pairs):
            yield f"~ {start + j + n + 1:>3}. {names[1][j + n]}"
            yield from _lines(old[i + n], new[j + n])
        for n in range(i + pairs, i_end):
            yield f"-      {names[0][n]}  {_short(old[n])}"
        for n in range(j + pairs, j_end):
            yield f"+ {start + n + 1:>3}. {names[1][n]}  {_short(new[n])}"


def _lines(old: Record, new: Record) -> Iterator[str]:
    lines = unified_diff(_pretty(old).splitlines(), _pretty(new).splitlines(), n=_CONTEXT, lineterm="")
    for number, line in enumerate(lines):
        if line.startswith("@@"):
            if number > 2:
                yield "         ..."
        elif number > 1:  # behind the names of the files
            yield f"       {_cut(line)}"


def _pretty(record: Record) -> str:
    return json.dumps(record, indent=2, ensure_ascii=False)


def _short(record: Record) -> str:
    return _cut(json.dumps(record.get("requestParameters"), ensure_ascii=False))


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 3]}..."
