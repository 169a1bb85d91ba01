"""DuckDB, which reads nothing but what is beside parts, and writes nothing else but what does not fit into memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from functools import partial
from pathlib import Path
from threading import Thread, current_thread, main_thread
from typing import Any, Final

from bototrail.errors import MissingExtraError

Rows = list[tuple[Any, ...]]

# Nothing is fetched from anywhere, and nothing but parts is read.
_SETTINGS: Final = (
    "memory_limit='512MB'",
    "preserve_insertion_order=false",
    "parquet_metadata_cache=true",
    "autoinstall_known_extensions=false",
    "autoload_known_extensions=false",
)
_SECONDS: Final = 5.0  # in which a question ends that is interrupted; it takes milliseconds
_PARENTS: Final = list[object]()  # which would wait for their threads, were they closed


class Duck:
    """DuckDB, for several threads at a time.

    Args:
        spill: folder for what does not fit into memory; made when it is needed.

    Attributes:
        failure: what is raised when a question cannot be answered.

    Raises:
        MissingExtraError: it is not installed.
    """

    def __init__(self, spill: Path) -> None:
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("event history", "history") from None
        self._spill = spill
        self._fatal = (duckdb.FatalException, duckdb.InternalException)
        self.failure: type[Exception] = duckdb.Error
        self._connect()

    def _connect(self) -> None:
        import duckdb

        self._connection = duckdb.connect()
        for setting in _SETTINGS:
            self._connection.execute(f"SET {setting}")
        self._connection.execute("SET temp_directory = ?", [str(self._spill)])  # else the working directory
        self._cursors, self._owner = list[Any](), os.getpid()

    def revive(self, error: Exception) -> None:
        """Begin anew if an error has made an end of it."""
        if isinstance(error, self._fatal):
            self._connect()

    def close(self) -> None:
        """Give everything back."""
        self._cursors.clear()
        self._connection.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> Rows:
        """What a statement gives."""
        if self._owner != os.getpid():  # its threads are not in a child
            _PARENTS.append((self._connection, self._cursors))
            self._connect()
        cursors = self._cursors  # not one for each thread: those of a server outlive it
        try:
            cursor = cursors.pop()
        except IndexError:
            cursor = self._connection.cursor()
        ask = partial(_ask, cursor, sql, parameters)
        found = _listening(ask, cursor) if current_thread() is main_thread() else ask()
        cursors.append(cursor)
        return found


def _ask(cursor: Any, sql: str, parameters: Sequence[Any]) -> Rows:
    found: Rows = cursor.execute(sql, list(parameters)).fetchall()
    return found


def _listening(ask: Callable[[], Rows], cursor: Any) -> Rows:
    """Ask in another thread: while DuckDB is at work, the main one does not always hear of Ctrl-C."""
    answer = Future[Rows]()
    try:
        Thread(target=_answer, args=(answer, ask)).start()
        return answer.result()
    except KeyboardInterrupt:
        cursor.interrupt()
        wait([answer], _SECONDS)  # else the end of the program would meet it at work
        raise


def _answer(answer: Future[Rows], ask: Callable[[], Rows]) -> None:
    try:
        answer.set_result(ask())
    except BaseException as error:  # noqa: BLE001 it is raised where the answer is waited for
        answer.set_exception(error)
