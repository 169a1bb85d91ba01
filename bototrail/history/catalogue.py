"""What an index consists of: its parts, and which log files went into them. A SQLite file beside the parts.

    CACHE/history-NAME/                 mode 0700, one for each bucket
        catalogue.sqlite                mode 0600
        writing                         locked by the process that writes
        parts/NAME.parquet              immutable; see `parts`
        parts/NAME.HASH.doubles         which of its events stand elsewhere, too; see `doubles`
        waiting/NAME.parquet            the same, of what waits in the spool; of a reader's own

A part counts from the moment that it stands in the catalogue, so that who is stopped leaves whole parts behind, and
readers never see half of one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, NamedTuple

from bototrail.history.lock import locked

VERSION: Final = 2
"""Of parts and catalogue; an index of another one is made anew."""

KINDS: Final = (".parquet", ".records.parquet", ".names.parquet")
"""How the names of a part's files end."""

_WAIT_SECONDS: Final = 30
# The journal is SQLite's old one: readers ask all the time, and to open one with a write-ahead log takes six times as
# long; and of a broken one, a reader that still has it open would take away the log of its successor.
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS parts (name TEXT PRIMARY KEY, rows INT, bytes INT, first INT, last INT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files
    (key TEXT PRIMARY KEY, tag TEXT, part TEXT, records INT, problem TEXT, cut INT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_by_part ON files (part);
CREATE TABLE IF NOT EXISTS notes (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""


class Part(NamedTuple):
    """A Parquet file of events.

    Attributes:
        name: its file's name.
        rows: events.
        bytes: of their records, as JSON.
        first: the earliest eventTime, seconds since 1970.
        last: the latest.
    """

    name: str
    rows: int
    bytes: int
    first: int
    last: int


class File(NamedTuple):
    """A log file that was looked at.

    Attributes:
        key: its key in the bucket.
        tag: tells its content from any other that may have that key; empty when it could not be read, and shall be.
        part: the name of the part that has its events; empty when it has none.
        records: how many those are.
        problem: why it, or some of its records, were skipped; empty when nothing was.
        cut: whether events of it were left out because of their age.
    """

    key: str
    tag: str
    part: str = ""
    records: int = 0
    problem: str = ""
    cut: bool = False


class Known(NamedTuple):
    """What is known of a log file; see `File`."""

    tag: str
    part: str
    cut: bool


class Catalogue:
    """The catalogue of one index.

    Args:
        folder: the index's folder; made when it is needed.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.parts_folder = folder / "parts"
        self.waiting_folder = folder / "waiting"
        self._path = folder / "catalogue.sqlite"

    def prepare(self) -> None:
        """Make what is not there, for nobody else to read: records tell a lot.

        Raises:
            OSError: that cannot be.
            UnicodeError: its name is no text, which DuckDB could not open.
        """
        str(self.folder).encode()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, self.parts_folder, self.waiting_folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        with contextlib.suppress(FileExistsError):  # and who opens it without need takes away SQLite's locks
            os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction."""
        if not (self._path.exists() and self.parts_folder.exists() and self.waiting_folder.exists()):
            self.prepare()
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS, isolation_level=None)
        try:
            if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
                self._make(connection)
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        finally:
            connection.close()

    @staticmethod
    def _make(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN EXCLUSIVE")
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for table in ("parts", "files", "notes"):
                connection.execute(f"DROP TABLE IF EXISTS {table}")
            for statement in _SCHEMA.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")

    def writing(self, *, wait: bool, stop: threading.Event | None = None) -> AbstractContextManager[bool]:
        """Hold the lock of who writes; gives whether it could be had. See `locked`."""
        if not self.folder.exists():
            self.prepare()
        return locked(self.folder / "writing", wait=wait, stop=stop)

    # ---- reading
    def parts(self) -> list[Part]:
        """All parts."""
        with self._opened() as connection:
            return [Part(*row) for row in connection.execute("SELECT name, rows, bytes, first, last FROM parts")]

    def files(self) -> dict[str, Known]:
        """What is known of all files, by their keys."""
        with self._opened() as connection:
            found = connection.execute("SELECT key, tag, part, cut FROM files")
            return {key: Known(tag, part, cut) for key, tag, part, cut in found}

    def problems(self) -> list[tuple[str, str]]:
        """Files that were skipped, whole or partly, and why."""
        with self._opened() as connection:
            return connection.execute("SELECT key, problem FROM files WHERE problem <> '' ORDER BY key").fetchall()

    def counts(self) -> tuple[int, int]:
        """How many files, and how many events."""
        with self._opened() as connection:
            files = connection.execute("SELECT count(*) FROM files").fetchone()[0]
            return files, connection.execute("SELECT coalesce(sum(rows), 0) FROM parts").fetchone()[0]

    def notes(self) -> dict[str, str]:
        """What was noted, by names."""
        with self._opened() as connection:
            return dict(connection.execute("SELECT name, value FROM notes"))

    def is_sound(self) -> bool:
        """Whether the file is one of SQLite's, and not broken."""
        try:
            with self._opened() as connection:
                return bool(connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        except sqlite3.DatabaseError:
            return False

    # ---- writing, for who holds the lock
    def write_notes(self, **values: object) -> None:
        """Note something, or None to forget it."""
        rows = [(name, None if value is None else str(value)) for name, value in values.items()]
        with self._opened() as connection:
            connection.executemany("INSERT OR REPLACE INTO notes VALUES (?, ?)", rows)
            connection.execute("DELETE FROM notes WHERE value IS NULL")

    def add(self, parts: Sequence[Part], files: Iterable[File], instead: str = "") -> None:
        """Parts, and the files whose events are in them, or that have none.

        Args:
            parts: the parts.
            files: the files.
            instead: a part that goes, with all its files.
        """
        with self._opened() as connection:
            if instead:
                self._forget(connection, [instead])
            connection.executemany("INSERT OR REPLACE INTO parts VALUES (?, ?, ?, ?, ?)", parts)
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?)", files)
        self._retire([instead] if instead else ())

    def merge(self, olds: Sequence[Part], new: Part) -> None:
        """One part in the place of several."""
        names = [old.name for old in olds]
        with self._opened() as connection:
            connection.executemany("UPDATE files SET part = ? WHERE part = ?", [(new.name, name) for name in names])
            connection.executemany("DELETE FROM parts WHERE name = ?", [(name,) for name in names])
            connection.execute("INSERT INTO parts VALUES (?, ?, ?, ?, ?)", new)
        self._retire(names)

    def forget_parts(self, names: Sequence[str]) -> None:
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
            connection.executemany("UPDATE files SET part = '', cut = 1 WHERE part = ?", old)
            connection.executemany("DELETE FROM parts WHERE name = ?", old)
        self._retire(name for (name,) in old)

    def forget_files(self, keys: Iterable[str]) -> None:
        """Files that are gone, or too old, unless events of theirs are still there."""
        with self._opened() as connection:
            connection.executemany("DELETE FROM files WHERE key = ? AND part = ''", [(key,) for key in keys])

    def _retire(self, names: Iterable[str]) -> None:
        """From now on it counts how long they are not needed any more: readers may just have begun with them."""
        for name in names:
            for kind in KINDS:
                with contextlib.suppress(OSError):
                    os.utime(self.parts_folder / f"{name}{kind}")

    def wipe(self) -> None:
        """Throw everything away."""
        for path in self.folder.glob("catalogue.sqlite*"):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.parts_folder, ignore_errors=True)
        self.prepare()
