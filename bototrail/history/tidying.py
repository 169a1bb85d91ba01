"""Keeping an index in order: small parts become large ones, and what is not needed any more goes."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Final

from bototrail.history.catalogue import Catalogue, Part
from bototrail.history.parts import BYTES, ROWS, BrokenPartError, merge_parts

_SMALL: Final = 8  # parts, after which they are merged
_KEPT_SECONDS: Final = 600  # for readers that have just begun
_WAITING_SECONDS: Final = 86_400  # of readers who were killed; others write theirs anew


def tidy(catalogue: Catalogue) -> bool:
    """Merge parts that are small, if there are many; gives whether there were.

    Raises:
        OSError: the index cannot be written.
    """
    if len(_small(catalogue)) < _SMALL:
        return False
    with catalogue.writing(wait=False) as mine:
        if not mine:
            return False
        for group in _groups(_small(catalogue)):
            try:
                catalogue.merge(group, merge_parts(catalogue.parts_folder, group))
            except BrokenPartError as error:  # noqa: PERF203 it hides no other
                catalogue.forget_parts([error.part.name])
    return True


def _small(catalogue: Catalogue) -> list[Part]:
    small = (part for part in catalogue.parts() if part.rows < ROWS // 2 and part.bytes < BYTES // 2)
    return sorted(small, key=lambda part: part.last)


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Small parts, neighbours in time, that make no more than a whole one together."""
    group, rows, size = list[Part](), 0, 0
    for part in parts:
        if rows + part.rows > ROWS or size + part.bytes > BYTES:
            yield group  # of two at least: they are small
            group, rows, size = [], 0, 0
        group.append(part)
        rows, size = rows + part.rows, size + part.bytes
    if len(group) > 1:
        yield group


def sweep(catalogue: Catalogue, time: float) -> None:
    """Remove files of parts that are in the catalogue no more, or were never finished.

    Args:
        catalogue: the index.
        time: seconds since 1970.
    """
    used = {part.name for part in catalogue.parts()}
    for folder, seconds in ((catalogue.parts_folder, _KEPT_SECONDS), (catalogue.waiting_folder, _WAITING_SECONDS)):
        for path in folder.iterdir():
            with contextlib.suppress(FileNotFoundError):  # somebody else was faster
                if path.name.partition(".")[0] not in used and time - path.stat().st_mtime > seconds:
                    path.unlink()
