"""Taking log files in: read, unpacked, their events told apart, and written as parts."""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bototrail.errors import BucketError, MissingObjectError
from bototrail.history.catalogue import File, Part
from bototrail.history.event import Row, row_of
from bototrail.history.files import reason, unpacked
from bototrail.history.parts import BYTES, ROWS, batch_of, write_batches
from bototrail.integrity.pool import Job, Pool
from bototrail.store import Store
from bototrail.store.folder import FolderStore

MAX_BYTES: Final = 64 * 1024 * 1024
"""Bytes that a log file may unpack to: CloudTrail's have 50 MB at most, and what is read must fit into memory."""

MOST_VALUES: Final = 6_000_000
"""JSON values in a log file, at most; 64 MB of `{},{},{}` would need 2 GB of memory."""

_AT_A_TIME: Final = 8
_SILENCE: Final = 16  # files in a row that the bucket's server says nothing to, after which it is not asked any more


class Taken(NamedTuple):
    """What came of some log files.

    Attributes:
        parts: that were written.
        files: those that were looked at.
        silence: why the rest was not; empty when there is none.
    """

    parts: list[Part]
    files: list[File]
    silence: str = ""


class _Content(NamedTuple):
    """What is in a file, or why that cannot be told."""

    text: bytes = b""
    error: Exception | None = None


class Taker:
    """Takes log files in.

    Args:
        store: the bucket.
        folder: where parts are written.
        since: events before are left out, seconds since 1970.
    """

    def __init__(self, store: Store, folder: Path, since: int) -> None:
        self._store, self._folder, self._since = store, folder, since
        self._batches: list[Any] = []
        self._rows = self._bytes = 0

    def take(self, keys: Sequence[tuple[str, str]]) -> Taken:
        """Take some in.

        Args:
            keys: their keys and tags.

        Raises:
            OSError: a part cannot be written.
        """
        parts, files, full = list[Part](), list[File](), list[File]()
        self._forget()
        silent, silence = 0, ""
        with _without_garbage_collection(), closing(self._contents([key for key, _ in keys])) as contents:
            for (key, tag), content in zip(keys, contents, strict=True):
                silent = silent + 1 if _is_silence(content.error) else 0
                if silent >= _SILENCE:
                    silence = getattr(content.error, "found", None) or str(content.error)
                    break
                file = self._file(key, tag, content)
                (full if file.records else files).append(file)
                if self._rows >= ROWS or self._bytes >= BYTES:
                    self._flush(parts, files, full)
            self._flush(parts, files, full)
        return Taken(parts, files, silence)

    def _flush(self, parts: list[Part], files: list[File], full: list[File]) -> None:
        if self._batches:
            part = write_batches(self._folder, self._batches)
            parts.append(part)
            files.extend(file._replace(part=part.name) for file in full)
        self._forget()
        full.clear()

    def _forget(self) -> None:
        self._batches, self._rows, self._bytes = [], 0, 0

    def _contents(self, keys: Sequence[str]) -> Generator[_Content, None, None]:
        """What is in log files, unpacked, in their order; over a network several are read at a time."""
        if isinstance(self._store, FolderStore) or len(keys) == 1:
            yield from map(self._content, keys)
            return
        pool = Pool(min(_AT_A_TIME, len(keys)))
        try:
            jobs: Iterator[_Content | Job[_Content]] = (Job(partial(self._content, key)) for key in keys)
            yield from pool.ordered(jobs, _AT_A_TIME)
        finally:
            pool.close()

    def _content(self, key: str) -> _Content:
        try:
            with self._store.open(key) as opened:
                return _Content(unpacked(opened.read, MAX_BYTES))
        except Exception as error:  # noqa: BLE001 a file that cannot be read must not hide the others
            return _Content(error=error)

    def _file(self, key: str, tag: str, content: _Content) -> File:
        try:
            if content.error is not None:
                raise content.error
            records = _records(content.text)
        except (BucketError, MissingObjectError, OSError, MemoryError) as error:
            return File(key, "", problem=f"skipped: {reason(error)}")  # not the file's fault
        except Exception as error:  # noqa: BLE001 see above
            return File(key, tag, problem=f"skipped: {reason(error)}")
        taken, bad, cut = self._take(records)
        problem = f"skipped {bad} of {len(records)} records: {_NO_EVENTS}" if bad else ""
        return File(key, tag, records=taken, problem=problem, cut=cut)

    def _take(self, records: Iterable[object]) -> tuple[int, int, bool]:
        """Remember the events of a file; gives how many, how many records are none, and whether some are too old."""
        rows, since, bad, cut = list[Row](), self._since, 0, False
        for record in records:
            row = row_of(record) if type(record) is dict else None
            if row is None:
                bad += 1
            elif row[0] >= since:  # type: ignore[operator] # the first is the time
                rows.append(row)
            else:
                cut = True
        if rows:
            self._batches.append(batch_of(rows))
            self._rows += len(rows)
            self._bytes += sum(len(row[-1]) for row in rows)  # type: ignore[arg-type, misc] # the last is the record
        return len(rows), bad, cut


_NO_EVENTS: Final = "they are no events with an eventTime, or nested too deeply"


def _records(content: bytes) -> list[object]:
    """The records of a log file.

    Raises:
        ValueError: it is none.
    """
    if len(content) > MOST_VALUES and content.count(b",") > MOST_VALUES:
        raise ValueError(f"it has more than {MOST_VALUES} values")
    found = orjson.loads(content)
    records = found["Records"] if isinstance(found, dict) else None
    if not isinstance(records, list):
        raise ValueError("it has no list of Records")
    return records


def _is_silence(error: Exception | None) -> bool:
    """Whether a bucket's server said nothing at all to a request, so that it may say nothing to the next one."""
    cause = error.__cause__ if error is not None else None
    if isinstance(cause, (ConnectionError, TimeoutError)):
        return True
    answered = isinstance(cause, OSError) or isinstance(
        getattr(cause, "response", None), dict
    )  # the latter by botocore
    return isinstance(error, BucketError) and not answered


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
