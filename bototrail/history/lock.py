"""The lock of the process that writes an index."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_AGAIN_SECONDS: Final = 0.05


@contextmanager
def locked(path: Path, *, wait: bool, stop: threading.Event | None = None) -> Iterator[bool]:
    """Hold the lock, of all threads and processes alone; gives whether it could be had. It ends with the process.

    Args:
        path: its file, in a folder that is there.
        wait: whether to wait for who has it.
        stop: ends waiting.
    """
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield _had(fd, wait, stop)
    finally:
        with contextlib.suppress(OSError):
            os.close(fd)


def _had(fd: int, wait: bool, stop: threading.Event | None) -> bool:
    while not _is_free(fd):
        if not wait or (stop is not None and stop.is_set()):
            return False
        time.sleep(_AGAIN_SECONDS)  # and not in flock, where nobody hears of `stop`
    return True


def _is_free(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
