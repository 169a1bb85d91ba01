"""Taking log files in: read, unpacked, their events told apart, and written as parts."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import orjson

from bototrail.history.catalogue import File, Part
from bototrail.history.facts import facts
from bototrail.history.files import reason, unpacked
from bototrail.history.parts import BYTES, ROWS, Row, write_part
from bototrail.store import Store
from bototrail.store.folder import FolderStore

MAX_BYTES: Final = 128 * 1024 * 1024
"""Bytes that a log file may unpack to: CloudTrail's have 50 MB at most, and what is read must fit into memory."""

_AT_A_TIME: Final = 8


class Taken(NamedTuple):
    """What came of some log files.

    Attributes:
        parts: that were written.
        files: all of them.
    """

    parts: list[Part]
    files: list[File]


class Taker:
    """Takes log files in.

    Args:
        store: the bucket.
        folder: where parts are written.
        since: events before are left out, seconds since 1970.
    """

    def __init__(self, store: Store, folder: Path, since: int) -> None:
        self._store, self._folder, self._since = store, folder, since
        self._rows: list[Row] = []
        self._bytes = 0

    def take(self, keys: Sequence[tuple[str, str]]) -> Taken:
        """Take some in.

        Args:
            keys: their keys and tags.

        Raises:
            OSError: a part cannot be written.
        """
        taken, full = Taken([], []), list[File]()
        with _without_garbage_collection():
            for (key, tag), content in zip(keys, self._contents([key for key, _ in keys]), strict=True):
                file = self._file(key, tag, content)
                (full if file.records else taken.files).append(file)
                if len(self._rows) >= ROWS or self._bytes >= BYTES:
                    self._flush(taken, full)
            self._flush(taken, full)
        return taken

    def _flush(self, taken: Taken, full: list[File]) -> None:
        if self._rows:
            part = write_part(self._folder, self._rows)
            taken.parts.append(part)
            taken.files.extend(file._replace(part=part.name) for file in full)
        self._rows, self._bytes = [], 0
        full.clear()

    def _contents(self, keys: Sequence[str]) -> Iterator[bytes | Exception]:
        """What is in log files, unpacked, in their order; over a network several are read at a time."""
        if isinstance(self._store, FolderStore):
            yield from map(self._content, keys)
            return
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            rest = iter(keys)
            waiting = [pool.submit(self._content, key) for key in islice(rest, _AT_A_TIME)]
            while waiting:
                yield waiting.pop(0).result()
                waiting += [pool.submit(self._content, key) for key in islice(rest, 1)]

    def _content(self, key: str) -> bytes | Exception:
        try:
            with self._store.open(key) as opened:
                return unpacked(opened.read, MAX_BYTES)
        except Exception as error:  # noqa: BLE001 a file that cannot be read must not hide the others
            return error

    def _file(self, key: str, tag: str, content: bytes | Exception) -> File:
        try:
            if isinstance(content, Exception):
                raise content
            found = orjson.loads(content)
            records = found["Records"] if isinstance(found, dict) else None
            if not isinstance(records, list):
                raise ValueError("it has no list of Records")
        except Exception as error:  # noqa: BLE001 see above
            return File(key, tag, problem=f"skipped: {reason(error)}")
        taken, bad = self._take(records)
        problem = f"skipped {bad} of {len(records)} records: they are no events with an eventTime" if bad else ""
        return File(key, tag, records=taken, problem=problem)

    def _take(self, records: Iterable[object]) -> tuple[int, int]:
        """Remember the events of a file; gives how many, and how many records are none."""
        add, dumps, since = self._rows.append, orjson.dumps, self._since
        bad, before, size = 0, len(self._rows), 0
        for record in records:
            row = facts(record) if type(record) is dict else None
            if row is None:
                bad += 1
            elif row[0] >= since:  # type: ignore[operator] # the first is the time
                text = dumps(record).decode()
                size += len(text)
                add((*row, text))
        self._bytes += size
        return len(self._rows) - before, bad


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Parsed JSON has no cycles, and looking for some among so many objects takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
