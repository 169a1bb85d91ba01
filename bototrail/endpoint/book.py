"""The trails file of an endpoint: read again when it has changed, and changed in one step."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from bototrail.clock import event_id, monotonic
from bototrail.errors import ConfigError, ServiceError
from bototrail.trails import Trail
from bototrail.trails.editing import Editing
from bototrail.trails.file import TrailsFile
from bototrail.trails.parse import text_of
from bototrail.trails.watch import WatchedFile

WAIT_SECONDS: Final = 5.0
"""The longest that a change waits for another one, of whichever process."""

_TRIES: Final = 5  # of a change, when somebody else changes the file meanwhile
_BOM: Final = b"\xef\xbb\xbf"
_log: Final = logging.getLogger("bototrail.endpoint")


class Book:
    """A trails file.

    Args:
        path: the file.
        new: whether it may be missing until it gets its first trail.

    Raises:
        ConfigError: it cannot be used.
    """

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self.path = path.expanduser().absolute()
        if new and not self.path.parent.is_dir():
            expected, todo = f"a folder {self.path.parent} for the trails file", "make it, or name another file"
            raise ConfigError(expected, "none", todo)
        self._lock = threading.Lock()
        self._watched = None if new and not self.path.exists() else WatchedFile(self.path)

    @property
    def is_there(self) -> bool:
        """Whether there is, or was, such a file."""
        return self._watched is not None

    def trails(self) -> tuple[Trail, ...]:
        """Its trails as they are now; of a file that is broken meanwhile, as they were before."""
        with self._lock:
            try:
                if self._watched is None and self.path.exists():
                    self._watched = WatchedFile(self.path)
                elif self._watched is not None:
                    self._watched.changed()
            except ConfigError as error:
                _log.warning("goes on with the trails that it has: %s", error)
            return () if self._watched is None else tuple(self._watched.trails)

    def change(self, edit: Callable[[Editing], object]) -> TrailsFile:
        """Change the file in one step; what others change meanwhile is kept.

        Args:
            edit: makes the change; done again when somebody else was faster.

        Returns:
            What the file says then.

        Raises:
            TrailsFileError: CloudTrail would refuse the change.
            ServiceError: `edit` refuses it, or the file cannot be changed now.
            ConfigError: the file cannot be changed.
        """
        try:
            target = self.path.resolve()  # a link stays one
            with _alone(target.parent):
                for _ in range(_TRIES):
                    before = _read(target)
                    if before is None and self.is_there:
                        raise ServiceError("ConflictException", f"There is no trails file {self.path} any more.")
                    after, loaded = self._edited(before, edit)
                    if after != before and before is not None and not os.access(target, os.W_OK):
                        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
                    if after == before or _write(target, before, after):
                        return loaded
        except OSError as error:
            message = f"The trails file {self.path} cannot be written: {error.strerror or error}"
            raise ServiceError("OperationNotPermittedException", message) from None
        raise _busy()

    def _edited(self, before: bytes | None, edit: Callable[[Editing], object]) -> tuple[bytes, TrailsFile]:
        """The file with a change, in the spelling that it had: its ends of lines, and the mark at its beginning."""
        try:
            editing = Editing(self.path, None if before is None else text_of(self.path, before))
        except ConfigError as error:
            message = f"The trails file has faults: correct it first. {error}"
            raise ServiceError("ConflictException", message) from None
        edit(editing)
        text, loaded = editing.result()
        was = before or b""
        if not editing.changed:
            return was, loaded
        end = "\r\n" if b"\r\n" in was else "\n"
        after = was[: len(_BOM)] * was.startswith(_BOM) + text.replace("\n", end).encode()
        text_of(self.path, after)  # as long as a trails file may be
        return after, loaded


def _busy() -> ServiceError:
    return ServiceError("ConflictException", "The trails file is being changed by others. Try again.")


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One change at a time in a folder, of all threads and processes; the file itself is another one after each."""
    lock = os.open(folder, os.O_RDONLY)
    try:
        until = monotonic() + WAIT_SECONDS
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if monotonic() > until:
                    raise _busy() from None
                time.sleep(0.01)
        yield
    finally:
        os.close(lock)


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _write(path: Path, before: bytes | None, after: bytes) -> bool:
    """Put a file in another's place with the rights that it had; not when it is not what it was any more."""
    temporary = path.with_name(f".{path.name}.{event_id()}.tmp")
    try:
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(fd, "wb") as file:
            if before is not None:
                status = path.stat()
                with contextlib.suppress(PermissionError):  # of another owner, who lets our group write
                    os.fchown(fd, status.st_uid, status.st_gid)
                os.fchmod(fd, status.st_mode & 0o7777)
            file.write(after)
            file.flush()
            os.fsync(fd)
        if _read(path) != before:
            return False
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    return True
