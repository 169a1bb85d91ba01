"""A local folder as a bucket."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bototrail.errors import BucketError, MissingObjectError
from bototrail.store.base import Entry, Opened


class FolderStore:
    """A local folder. What is no ordinary file, and what lies behind a link, is no part of it."""

    bucket: str | None = None
    prefix = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location = str(folder)

    def entries(self, under: str = "", after: str = "") -> Iterator[Entry]:
        """See `Store`."""
        start = under.rpartition("/")[0]
        if start and not _is_plain(start):
            return
        for key, found in self._walk(f"{start}/" if start else "", after):
            if key.startswith(under) and key.encode() > after.encode():
                yield Entry(key, found.st_size, found.st_mtime)

    def _walk(self, start: str, after: str) -> Iterator[tuple[str, os.stat_result]]:
        for each in self._scan(start):
            key = start + each.name
            if each.is_dir(follow_symlinks=False):
                # All keys below are smaller than the smallest one behind them.
                if f"{key}/\U0010ffff".encode() > after.encode():
                    yield from self._walk(f"{key}/", after)
            elif each.is_file(follow_symlinks=False):
                try:
                    yield key, each.stat(follow_symlinks=False)
                except FileNotFoundError:  # gone meanwhile
                    continue

    def _scan(self, start: str) -> list[os.DirEntry[str]]:
        """What is in a folder, in the order of keys: a folder's name counts with its `/`."""
        try:
            with os.scandir(self.folder / start) as found:
                return sorted(found, key=lambda e: os.fsencode(e.name) + b"/" * e.is_dir(follow_symlinks=False))
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            # A part that cannot be read must not be left out in silence: the rest would look complete.
            raise BucketError(self.location, f"{error.filename}: {error.strerror}") from error

    def folders(self, under: str = "") -> Iterator[str]:
        """See `Store`."""
        if under and not _is_plain(under.rstrip("/")):
            return
        for each in self._scan(under):
            if each.is_dir(follow_symlinks=False):
                yield f"{under}{each.name}/"

    @contextmanager
    def open(self, key: str) -> Iterator[Opened]:
        """See `Store`."""
        fd = self._descriptor(key)
        try:
            found = os.fstat(fd)
            yield Opened(lambda size: os.read(fd, size), entry=Entry(key, found.st_size, found.st_mtime))
        finally:
            os.close(fd)

    def _descriptor(self, key: str) -> int:
        if not _is_plain(key):
            raise MissingObjectError(key)
        path = self.folder / key
        try:
            # A pipe would never end; O_NONBLOCK opens it without waiting for somebody who writes.
            fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise MissingObjectError(key) from None
        except OSError as error:
            raise BucketError(self.location, f"{key}: {error.strerror}") from error
        if not (stat.S_ISREG(os.fstat(fd).st_mode) and path.parent.resolve().is_relative_to(self.folder.resolve())):
            os.close(fd)
            raise MissingObjectError(key)
        return fd


def _is_plain(key: str) -> bool:
    """Whether a key names a path below the folder, and the same one in every way of reading it."""
    return "\0" not in key and all(part not in ("", ".", "..") for part in key.split("/"))
