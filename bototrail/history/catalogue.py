"""What an index consists of: its parts, and which log files went into them. A SQLite file beside the parts.

    CACHE/history-XXXXXXXXXXXXXXXX/      mode 0700, one for each bucket
        catalogue.sqlite
        writing                         locked by the process that writes
        parts/NAME.parquet              immutable; see `parts`

A part counts from the moment that it stands in the catalogue, so that who is stopped leaves whole parts behind, and
readers never see half of one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple

VERSION: Final = 1
"""Of parts and catalogue; an index of another one is made anew."""

_WAIT_SECONDS: Final = 10
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, rows INT, bytes INT, first INT, last INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (key TEXT PRIMARY KEY, tag TEXT, part TEXT, records INT, problem TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_part ON files (part);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class Part(NamedTuple):
    """A Parquet file of events.

    Attributes:
        name: its file's name.
        rows: events.
        bytes: its file's size.
        first: the earliest eventTime, seconds since 1970.
        last: the latest.
    """

    name: str
    rows: int
    bytes: int
    first: int
    last: int


class File(NamedTuple):
    """A log file that was taken in.

    Attributes:
        key: its key in the bucket.
        tag: tells its content from any other that may have that key.
        part: the name of the part that has its events; empty when it has none.
        records: how many those are.
        problem: why it, or some of its records, were skipped; empty when nothing was.
    """

    key: str
    tag: str
    part: str = ""
    records: int = 0
    problem: str = ""


class Catalogue:
    """The catalogue of one index.

    Args:
        folder: the index's folder; made when it is not there.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts_folder = folder / "parts"
        self._path = folder / "catalogue.sqlite"

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction; an index of another version, or broken, is thrown away first."""
        self.parts_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                self._prepare(connection)
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for table in ("parts", "files", "notes"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")

    # ---- reading
    def parts(self) -> list[Part]:
        """All parts."""
        with self._opened() as connection:
            return [Part(*row) for row in connection.execute("SELECT name, rows, bytes, first, last FROM parts")]

    def tags(self) -> dict[str, str]:
        """The tags of all files, by their keys."""
        with self._opened() as connection:
            return dict(connection.execute("SELECT key, tag FROM files"))

    def problems(self) -> list[tuple[str, str]]:
        """Files that were skipped, whole or partly, and why."""
        with self._opened() as connection:
            return connection.execute("SELECT key, problem FROM files WHERE problem <> '' ORDER BY key").fetchall()

    def counts(self) -> tuple[int, int]:
        """How many files, and how many events."""
        with self._opened() as connection:
            files = connection.execute("SELECT count(*) FROM files").fetchone()[0]
            return files, connection.execute("SELECT coalesce(sum(rows), 0) FROM parts").fetchone()[0]

    def note(self, name: str) -> str:
        """What was noted under a name, empty when nothing was."""
        with self._opened() as connection:
            row = connection.execute("SELECT value FROM notes WHERE name = ?", (name,)).fetchone()
            return row[0] if row else ""

    # ---- writing, for who holds the lock
    def write_note(self, name: str, value: str) -> None:
        """Note something."""
        with self._opened() as connection:
            connection.execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (name, value))

    def add(self, parts: Sequence[Part], files: Iterable[File]) -> None:
        """Parts, and the files whose events are in them, or that have none."""
        with self._opened() as connection:
            connection.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", parts)
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", files)

    def merge(self, olds: Sequence[Part], new: Part) -> None:
        """One part in the place of several."""
        with self._opened() as connection:
            connection.executemany("UPDATE files SET part = ? WHERE part = ?", [(new.name, old.name) for old in olds])
            connection.executemany("DELETE FROM parts WHERE name = ?", [(old.name,) for old in olds])
            connection.execute("INSERT INTO parts VALUES (?, ?, ?, ?, ?)", new)

    def forget_files(self, keys: Iterable[str]) -> None:
        """Files that have changed, or are gone: all parts that have events of theirs go, and are to be made anew."""
        with self._opened() as connection:
            found = [connection.execute("SELECT part FROM files WHERE key = ?", (key,)).fetchone() for key in keys]
            self._forget(connection, {row[0] for row in found if row and row[0]})
            connection.executemany("DELETE FROM files WHERE key = ?", [(key,) for key in keys])

    def forget_parts(self, names: Iterable[str]) -> None:
        """Parts that are broken: their files are to be read anew."""
        with self._opened() as connection:
            self._forget(connection, names)

    @staticmethod
    def _forget(connection: sqlite3.Connection, names: Iterable[str]) -> None:
        rows = [(name,) for name in names]
        connection.executemany("DELETE FROM files WHERE part = ?", rows)
        connection.executemany("DELETE FROM parts WHERE name = ?", rows)

    def expire(self, before: int) -> None:
        """Forget parts whose events are all older than a time; their files stay known."""
        with self._opened() as connection:
            old = connection.execute("SELECT name FROM parts WHERE last < ?", (before,)).fetchall()
            connection.executemany("UPDATE files SET part = '' WHERE part = ?", old)
            connection.executemany("DELETE FROM parts WHERE name = ?", old)

    def forget_expired(self, keys: Iterable[str]) -> None:
        """Files that are too old, unless events of theirs are still there."""
        with self._opened() as connection:
            connection.executemany("DELETE FROM files WHERE key = ? AND part = ''", [(key,) for key in keys])

    def wipe(self) -> None:
        """Throw everything away."""
        for path in self.folder.glob("catalogue.sqlite*"):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.parts_folder, ignore_errors=True)
        self.parts_folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def writing(self, *, wait: bool) -> Iterator[bool]:
        """Hold the lock of who writes; gives whether it could be had.

        Args:
            wait: whether to wait for another process.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        fd = os.open(self.folder / "writing", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(fd, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
                return
            yield True
        finally:
            with contextlib.suppress(OSError):
                os.close(fd)
