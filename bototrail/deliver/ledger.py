"""What was delivered and is in no digest file yet: `digests.sqlite` in the state directory, for all its processes.

A digest file vouches for what was delivered, not for what somebody finds in the bucket later, so hash and times of a
log file are noted when it is put, out of memory.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from bototrail.clock import event_time, now
from bototrail.deliver.logfile import LogFile
from bototrail.trails import Trail

if TYPE_CHECKING:
    from sqlite3 import Connection

FILE: Final = "digests.sqlite"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS trails (series TEXT PRIMARY KEY, trail BLOB NOT NULL, state BLOB NOT NULL DEFAULT '{}');
CREATE TABLE IF NOT EXISTS files (
    series TEXT NOT NULL, key TEXT NOT NULL, hash TEXT NOT NULL, oldest TEXT NOT NULL, newest TEXT NOT NULL,
    delivered REAL NOT NULL, PRIMARY KEY (series, key)
);
"""
_SECONDS: Final = 5.0  # that one process waits for another


class Series(NamedTuple):
    """Whose digest files form one chain.

    Attributes:
        place: folder or URL of the bucket, without options.
        trail: the trail's name.
        home: its home region.
        prefix: its S3KeyPrefix.
        organization: its OrganizationId, or empty.
        account: whose log files they are, 12 digits.
        region: the region of the log files.
    """

    place: str
    trail: str
    home: str
    prefix: str
    organization: str
    account: str
    region: str

    @property
    def id(self) -> str:
        """What the ledger calls it."""
        return orjson.dumps(list(self)).decode()


class Noted(NamedTuple):
    """A log file that was delivered.

    Attributes:
        key: its key in the bucket, below the bucket's place.
        hash: SHA-256 of its uncompressed content, lower-case hex.
        oldest: the earliest eventTime in it, `YYYY-MM-DDTHH:MM:SSZ`.
        newest: the latest.
        delivered: when it was noted, seconds since 1970.
    """

    key: str
    hash: str
    oldest: str
    newest: str
    delivered: float


def series_of(trail: Trail, account: str, region: str) -> Series:
    """Which chain a trail's log files of an account and region belong to."""
    place, organization = trail.bucket.partition("?")[0], trail.OrganizationId or ""
    return Series(place, trail.Name, trail.HomeRegion, trail.S3KeyPrefix, organization, account, region)


class Ledger:
    """The ledger of a state directory.

    What cannot be written down (the disk is full, say) is kept in memory until it can be: delivery goes on.

    Args:
        state: the state directory.
    """

    def __init__(self, state: Path) -> None:
        self.path = state / FILE
        self._lock = threading.Lock()
        self._unwritten: list[tuple[Series, Trail, Noted]] = []

    def note(self, trail: Trail, log_file: LogFile) -> None:
        """Note a log file that is in its bucket now."""
        oldest, newest = log_file.times or (event_time(now()),) * 2
        noted = Noted(log_file.key, log_file.hash, oldest, newest, 0.0)
        with self._lock:
            self._unwritten.append((series_of(trail, log_file.account, log_file.region), trail, noted))
            with contextlib.suppress(OSError):  # `write` tells of it
                self._write()

    def write(self) -> None:
        """Write down what could not be before.

        Raises:
            OSError: it cannot be now either.
        """
        with self._lock:
            if self._unwritten:
                self._write()

    def _write(self) -> None:
        with self._opened() as database:
            for series, trail, noted in self._unwritten:
                definition = orjson.dumps(trail.to_dict())
                database.execute(
                    "INSERT INTO trails (series, trail) VALUES (?, ?) "
                    "ON CONFLICT (series) DO UPDATE SET trail = excluded.trail",
                    (series.id, definition),
                )
                # The time is that of writing, inside the transaction: a digest that was made before cannot cover it.
                row = (series.id, *noted[:-1], now())
                database.execute("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?, ?, ?)", row)
        self._unwritten.clear()

    @contextlib.contextmanager
    def _opened(self) -> Iterator[Connection]:
        """The database in a transaction."""
        try:
            import sqlite3
        except ImportError as error:  # some builds of Python have none
            raise OSError(f"digest files need the module sqlite3: {error}") from None
        try:
            with self._transaction(sqlite3.connect) as database:
                yield database
        except sqlite3.Error as error:
            lost = not isinstance(error, sqlite3.OperationalError)  # those may pass
            todo = "; move it away, and what is noted in it gets into no digest file" if lost else ""
            raise OSError(f"{self.path}: {error}{todo}") from error

    @contextlib.contextmanager
    def _transaction(self, connect: Callable[..., Connection]) -> Iterator[Connection]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        database = connect(self.path, timeout=_SECONDS, isolation_level=None)
        try:
            database.execute("BEGIN IMMEDIATE")
            for statement in _SCHEMA.split(";"):
                database.execute(statement)
            yield database
            database.execute("COMMIT")
        finally:
            database.close()  # what was not committed is undone

    # ---- for who makes digest files
    def series(self) -> list[tuple[Series, dict[str, Any], dict[str, Any]]]:
        """All chains: what they are of, the trail as it was last (`Trail.from_dict` takes it), and what `save` kept."""
        if not self.path.exists():
            return []
        with self._opened() as database:
            rows = database.execute("SELECT series, trail, state FROM trails ORDER BY series").fetchall()
        return [(Series(*orjson.loads(row[0])), orjson.loads(row[1]), orjson.loads(row[2])) for row in rows]

    def files(self, series: Series) -> tuple[list[Noted], float]:
        """What is in no digest file yet, in the order of delivery, and the moment up to which that is all there is."""
        with self._opened() as database:
            rows = database.execute(
                "SELECT key, hash, oldest, newest, delivered FROM files WHERE series = ? ORDER BY delivered, key",
                (series.id,),
            ).fetchall()
            return [Noted(*row) for row in rows], now()

    def save(self, series: Series, state: dict[str, Any], covered: Iterable[str] = ()) -> None:
        """Keep what is known of a chain.

        Args:
            series: the chain.
            state: as JSON.
            covered: keys of log files that are in a digest file now.
        """
        with self._opened() as database:
            database.execute("UPDATE trails SET state = ? WHERE series = ?", (orjson.dumps(state), series.id))
            database.executemany(
                "DELETE FROM files WHERE series = ? AND key = ?", ((series.id, key) for key in covered)
            )

    def forget(self, series: Series) -> None:
        """Forget a chain, and its log files that are in no digest file."""
        with self._opened() as database:
            for table in ("files", "trails"):
                database.execute(f"DELETE FROM {table} WHERE series = ?", (series.id,))  # noqa: S608 names of ours
