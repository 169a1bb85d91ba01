"""Events that still wait in the spool for their delivery, so that a call made a moment ago is found."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import orjson

from bototrail.deliver.logfile import Read, read
from bototrail.deliver.totals import trails_in
from bototrail.history.event import Row, row_of
from bototrail.history.locations import goes_to
from bototrail.record.identity import Identities
from bototrail.spool import finish, folders
from bototrail.spool.entry import Entry, Header, parse
from bototrail.trails import Trail
from bototrail.trails.selectors import takes

MOST_BYTES: Final = 64 * 1024 * 1024
"""Bytes of segments that are looked at, newest first; more waits only for a bucket that cannot be reached."""

Mark = tuple[tuple[Path, int], ...]
"""What tells whether more waits than before: the segments and their sizes, newest first."""


class Waiting:
    """What waits in a state directory for one bucket.

    Args:
        state: the state directory.
        location: the bucket's folder or URL.
    """

    def __init__(self, state: Path, location: str) -> None:
        self._state, self._location = state, location

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
                for path in list(folder.iterdir()):
                    if path.suffix in (".open", ".sealed"):
                        with contextlib.suppress(OSError):  # or this one was
                            status = path.stat()
                            yield status.st_mtime, path, status.st_size

    def _trails(self, folder: Path) -> dict[str, Trail]:
        """The trails in a process's folder that go to the bucket, by their names."""
        return {trail.Name: trail for trail in trails_in(folder) if goes_to(trail, self._location)}

    def rows(self, mark: Mark) -> list[Row]:
        """The events of these segments, each once; none of those that were delivered meanwhile.

        Who the callers are may stand in any segment of a process, so all are read before the first record is finished.
        """
        book = Identities()
        segments = [(self._trails(path.parent), _read(path, book)) for path, _ in reversed(mark)]
        rows = (_row(trails, header, entry, book) for trails, segment in segments for header, entry in segment.entries)
        return list({row[:2]: row for row in rows if row is not None}.values())


def _row(trails: Mapping[str, Trail], header: Header, entry: Entry, book: Identities) -> Row | None:
    """What an entry says of an event for one of some trails; None when it is for none of them."""
    perhaps = [trails[name] for name in header.maybe if name in trails]
    is_wanted = any(name in trails for name in header.trails)
    if not is_wanted and not perhaps:
        return None
    try:
        record = orjson.loads(finish(entry, book)[1])
        return row_of(record) if is_wanted or any(takes(trail, record) for trail in perhaps) else None
    except (orjson.JSONDecodeError, TypeError, AttributeError):  # of a disk that is broken
        return None


def _read(path: Path, book: Identities) -> Read:
    for each in (path, *_sealed(path)):
        with contextlib.suppress(OSError), each.open("rb") as file:
            return read((parse(line) for line in file if line.strip()), book)
    return Read()  # delivered meanwhile


def _sealed(path: Path) -> Iterator[Path]:
    """What an open segment is called when it is sealed meanwhile."""
    if path.suffix == ".open":
        yield from path.parent.glob(f"{path.stem}-*.sealed")
