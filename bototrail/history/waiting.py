"""Events that still wait in the spool for their delivery, so that a call made a moment ago is found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import orjson

from bototrail.deliver.logfile import Read, read
from bototrail.deliver.totals import trails_in
from bototrail.history.facts import facts
from bototrail.history.parts import Row
from bototrail.record.identity import Identities
from bototrail.spool import finish, folders
from bototrail.spool.entry import parse

MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of segments that are looked at, newest first; more waits only for a bucket that cannot be reached."""

Mark = tuple[tuple[Path, int], ...]
"""What tells whether more waits than before: the segments and their sizes, newest first."""


class Waiting:
    """What waits in a state directory for one bucket.

    Args:
        state: the state directory.
        bucket: its folder or URL, without options.
    """

    def __init__(self, state: Path, bucket: str) -> None:
        self._state, self._bucket = state, bucket

    def mark(self) -> Mark:
        """What there is; the same as before when nothing has come or gone."""
        found, total = list[tuple[Path, int]](), 0
        for _, path, size in sorted(self._segments(), reverse=True):
            total += size
            if total > MOST_BYTES:
                break
            found.append((path, size))
        return tuple(found)

    def _segments(self) -> Iterator[tuple[float, Path, int]]:
        for folder in folders(self._state):
            if not self._trails(folder):
                continue
            with contextlib.suppress(OSError):  # all of it was delivered meanwhile
                for path in folder.iterdir():
                    if path.suffix in (".open", ".sealed"):
                        status = path.stat()
                        yield status.st_mtime, path, status.st_size

    def _trails(self, folder: Path) -> frozenset[str]:
        """The names of the trails in a process's folder that go to the bucket."""
        return frozenset(t.Name for t in trails_in(folder) if t.bucket.partition("?")[0] == self._bucket)

    def rows(self, mark: Mark) -> list[Row]:
        """The events of these segments; none of those that were delivered meanwhile.

        Who the callers are may stand in any segment of a process, so all are read before the first record is finished.
        """
        book = Identities()
        segments = [(self._trails(path.parent), _read(path, book)) for path, _ in reversed(mark)]
        return [
            (*row, orjson.dumps(record).decode())
            for trails, segment in segments
            for header, entry in segment.entries
            if trails & {*header.trails, *header.maybe}
            for record in (orjson.loads(finish(entry, book)[1]),)
            if (row := facts(record)) is not None
        ]


def _read(path: Path, book: Identities) -> Read:
    try:
        with path.open("rb") as file:
            return read((parse(line) for line in file if line.strip()), book)
    except OSError:  # delivered meanwhile
        return Read()
