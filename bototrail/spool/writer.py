"""Appending records: what `append` has returned from survives the end of this process, however it ends."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from bototrail.clock import monotonic
from bototrail.settings import MIB, Settings
from bototrail.spool.entry import Entry
from bototrail.spool.folder import Folder, seal, waiting_bytes
from bototrail.trails import Trail

logger = logging.getLogger("bototrail")
SEGMENT_BYTES = 16 * MIB
RECHECK_BYTES = 4 * MIB
RETRY_SECONDS = 5.0

_write = os.write  # programs under test patch `os`


class Spool:
    """The spool of this process: one append-only segment after the other, and memory when the disk fails.

    Args:
        settings: where, and how much may wait.
        trails: the trails that the records are for.
        opened: called when there is something to deliver for the first time, and with every segment after that.
    """

    def __init__(self, settings: Settings, trails: Sequence[Trail], opened: Callable[[], None] = lambda: None) -> None:
        self.settings = settings
        self.trails = trails
        self.former: dict[str, Trail] = {}
        self.opened = opened
        self.counts: dict[str, int] = {"recorded": 0, "dropped": 0, "delivered": 0, "torn": 0}
        self.errors: dict[str, int] = {}
        self.last_error: dict[str, str] = {}
        self.folder: Folder | None = None
        self.memory: deque[Entry] = deque()
        self._memory_bytes = 0
        self._unsaid: deque[tuple[str, str]] = deque()
        self._reset()

    def _reset(self) -> None:
        self._lock = threading.RLock()  # re-entrant: a signal handler may make a call while we write
        self._fd = -1
        self._path = Path()
        self._number = 0
        self._size = 0
        self._budget = 0
        self._retry_at = float("-inf")
        self._full_until = float("-inf")

    def append(self, entry: Entry) -> None:
        """Keep `entry`: on disk, else in memory, else count it as dropped. Never raises."""
        line = entry.line()
        with self._lock:
            self.counts["recorded"] += 1
            if self._budget < len(line) and not self._room(len(line)):
                self.counts["dropped"] += 1
            else:
                try:
                    self._put(line)
                except OSError as error:
                    self._note_trouble("spool", f"{self.settings.state} cannot be written: {error}")
                    self._remember(entry)
        self._say()

    def note(self, entry: Entry) -> None:
        """Keep an entry that is no record, for those who come after us. Never raises."""
        line = entry.line()
        with self._lock, contextlib.suppress(OSError):
            if self._budget >= len(line) or self._room(len(line)):
                self._put(line)
        self._say()

    def use(self, trails: Sequence[Trail]) -> None:
        """Have these trails from now on; records that others wait for keep them.

        Raises:
            OSError: that could not be written down, and nothing has changed.
        """
        with self._lock:
            if self.folder is not None:
                self.folder.write_trails(trails)
            self.former = {**self.former, **{t.Name: t for t in self.trails}}
            self.trails = trails

    @property
    def all_trails(self) -> list[Trail]:
        """The trails, and former ones of other names that entries in memory may be for."""
        return list({**self.former, **{t.Name: t for t in self.trails}}.values())

    def _put(self, line: bytes) -> None:
        if self._fd < 0:
            self._open()
        written = _write(self._fd, line)
        if written != len(line):  # the disk is full: take the half line back
            os.ftruncate(self._fd, os.fstat(self._fd).st_size - written)
            raise OSError(errno.ENOSPC, "no space left for a whole record")
        self._size += written
        self._budget -= written
        if self._size >= SEGMENT_BYTES:
            with contextlib.suppress(OSError):  # the record is on disk: it must not go to memory too
                self._seal()

    def _room(self, size: int) -> bool:
        """See how much room is left; looked at again after so many bytes or seconds, not at every record."""
        if monotonic() < self._full_until:
            return False
        room = self.settings.spool_bytes - waiting_bytes(self.settings.state)
        self._budget = min(RECHECK_BYTES, room)
        if self._budget >= size:
            return True
        self._full_until = monotonic() + RETRY_SECONDS
        self._note_trouble("spool full", f"more than {self.settings.spool_bytes} bytes wait for delivery")
        return False

    def _open(self) -> None:
        if monotonic() < self._retry_at:
            raise OSError(self.last_error.get("spool", "not writable"))
        self._retry_at = monotonic() + RETRY_SECONDS
        if self.folder is not None and not self.folder.path.is_dir():  # somebody cleaned up
            self.folder.forget()
            self.folder = None
        if self.folder is None:
            self.folder = Folder.create(self.settings.state, self.trails, self.former.values())
        self._number += 1
        self._path = self.folder.path / f"{self._number:08d}.open"
        self._fd = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._size = 0
        self._retry_at = float("-inf")
        self.opened()

    def _remember(self, entry: Entry) -> None:
        self.opened()
        self.memory.append(entry)
        self._memory_bytes += len(entry.record)
        while self._memory_bytes > self.settings.memory_bytes and self.memory:
            self._memory_bytes -= len(self.memory.popleft().record)
            self.counts["dropped"] += 1

    def take_memory(self) -> list[Entry]:
        """What could not be put on disk; it is the caller's now."""
        with self._lock:
            taken = list(self.memory)
            self.memory.clear()
            self._memory_bytes = 0
            return taken

    def seal(self) -> None:
        """Close the segment that is being written, so that it can be delivered."""
        with self._lock:
            if self._fd >= 0:
                self._seal()

    def _seal(self) -> None:
        os.close(self._fd)
        self._fd = -1
        seal(self._path)  # by the file's own size: Ctrl-C may come between write(2) and our count of it

    def close(self) -> None:
        """Seal, and give the folder up if nothing is left in it. A record that comes later opens a new one."""
        with self._lock:
            self.seal()
            folder, self.folder = self.folder, None
        if folder is not None:
            folder.leave()

    def save_counters(self) -> None:
        """Write what was counted beside the segments, for `bototrail status` of another process."""
        with self._lock, contextlib.suppress(OSError):
            if self.folder is not None:
                self.folder.write_json("counters.json", {**self.counts, "errors": self.errors, **self._last()})

    def _last(self) -> dict[str, object]:
        return {"last_error": self.last_error, "in_memory": len(self.memory)}

    def trouble(self, kind: str, message: str) -> None:
        """Count something that went wrong, and log the first of its kind."""
        self._note_trouble(kind, message)
        self._say()

    def _note_trouble(self, kind: str, message: str) -> None:
        first = kind not in self.errors
        self.errors[kind] = self.errors.get(kind, 0) + 1
        self.last_error[kind] = message
        if first:
            self._unsaid.append((kind, message))

    def _say(self) -> None:
        """Log, never under our lock: a program's handler has locks of its own, and may make calls under them."""
        while self._unsaid:
            try:
                kind, message = self._unsaid.popleft()
            except IndexError:
                return
            # An emulator need not speak STS, so an unknown caller is nothing to warn of.
            logger.log(logging.INFO if kind == "identity" else logging.WARNING, "bototrail: %s: %s", kind, message)

    def after_fork_in_child(self) -> None:
        """Start anew in a forked child: the segment and everything in memory belong to the parent."""
        if self._fd >= 0:
            with contextlib.suppress(OSError):  # the parent may have been closing it
                os.close(self._fd)
        if self.folder is not None:
            self.folder.forget()
        self.folder = None
        self.memory.clear()
        self._memory_bytes = 0
        self.counts = dict.fromkeys(self.counts, 0)
        self.errors, self.last_error = {}, {}
        self._unsaid.clear()
        self._reset()
