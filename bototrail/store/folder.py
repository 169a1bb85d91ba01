"""A local folder as a bucket."""

from __future__ import annotations

import errno
import itertools
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bototrail.errors import BucketError, MissingObjectError
from bototrail.store.base import Entry, Opened, behind, is_plain

MAX_KEY: Final = 1024
"""Bytes of the longest key that S3 takes."""

_FOLDER: Final = os.O_DIRECTORY | os.O_NOFOLLOW | getattr(os, "O_PATH", os.O_RDONLY)
# A pipe would never end; O_NONBLOCK opens it without waiting for somebody who writes.
_FILE: Final = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
# The last four are what opening a link, a socket, and names that the file system has no place for, end in.
_NOT_THERE: Final = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG, errno.EINVAL}


class FolderStore:
    """A local folder.

    No part of it is what could be no object of S3: what is no ordinary file, what lies behind a link, and what has a
    name that is no UTF-8 or is longer than a key can be. The folder itself may be a link.
    """

    bucket: str | None = None
    prefix = ""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.location = str(folder)

    def entries(self, under: str = "", after: str = "") -> Iterator[Entry]:
        """See `Store`."""
        start = under[: under.rfind("/") + 1]
        waiting = [self._scan(start)] if self._is_inside(start) else []
        while waiting:
            for key, found in waiting[-1]:
                if found is None:
                    if (key.startswith(under) or under.startswith(key)) and behind(key, after):
                        waiting.append(self._scan(key))
                        break
                elif key.startswith(under) and key > after:
                    yield Entry(key, found.st_size, found.st_mtime)
            else:
                waiting.pop()

    def folders(self, under: str = "") -> Iterator[str]:
        """See `Store`."""
        return (key for key, found in self._scan(under) if found is None) if self._is_inside(under) else iter(())

    def _scan(self, start: str) -> Iterator[tuple[str, os.stat_result | None]]:
        """What is in a folder (its key, empty or ending in `/`), in the order of keys: files, and folders with None."""
        try:
            # `/` of paths takes as long as looking into a small folder.
            path = os.path.join(self.folder, start[:-1]) if start else self.folder  # noqa: PTH118
            with os.scandir(path) as entries:
                found = list(_parts(start, entries))
        except (FileNotFoundError, NotADirectoryError):
            return iter(())
        except OSError as error:
            # A part that cannot be read must not be left out in silence: the rest would look complete.
            raise self._unreadable(error) from error
        return iter(sorted(found, key=_key))  # in the order of their UTF-8, too

    def _unreadable(self, error: OSError) -> BucketError:
        return BucketError(self.location, f"{error.filename}: {error.strerror}")

    def _is_inside(self, start: str) -> bool:
        """Whether a folder, given from outside, has a plain name and no links on the way to it."""
        if not start:
            return True
        *parts, last = start.split("/")
        places = itertools.accumulate(parts, Path.joinpath, initial=self.folder)
        try:
            return not last and is_plain(start[:-1]) and not any(place.is_symlink() for place in list(places)[1:])
        except OSError as error:
            raise self._unreadable(error) from error

    @contextmanager
    def open(self, key: str) -> Iterator[Opened]:
        """See `Store`."""
        fd = self._descriptor(key)

        def read(size: int) -> bytes:
            try:
                return os.read(fd, size)
            except OSError as error:
                raise BucketError(self.location, f"{key}: {error.strerror}") from error

        try:
            found = os.fstat(fd)
            yield Opened(read, entry=Entry(key, found.st_size, found.st_mtime))
        finally:
            os.close(fd)

    def _descriptor(self, key: str) -> int:
        if not (is_plain(key) and _is_key(key)):
            raise MissingObjectError(key)
        *folders, name = key.split("/")
        place = -1
        try:
            place = os.open(self.folder, _FOLDER & ~os.O_NOFOLLOW)
            for each in folders:
                last, place = place, os.open(each, _FOLDER, dir_fd=place)
                os.close(last)
            fd = os.open(name, _FILE, dir_fd=place)
        except OSError as error:
            if error.errno in _NOT_THERE:
                raise MissingObjectError(key) from None
            raise BucketError(self.location, f"{key}: {error.strerror}") from error
        finally:
            if place >= 0:
                os.close(place)
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise MissingObjectError(key)
        return fd


def _key(part: tuple[str, os.stat_result | None]) -> str:
    return part[0]


def _parts(start: str, entries: Iterable[os.DirEntry[str]]) -> Iterator[tuple[str, os.stat_result | None]]:
    for each in entries:
        key = start + each.name
        if not _is_key(key):
            continue
        if each.is_dir(follow_symlinks=False):
            yield f"{key}/", None
        elif each.is_file(follow_symlinks=False):
            with suppress(FileNotFoundError):  # gone meanwhile
                yield key, each.stat(follow_symlinks=False)


def _is_key(name: str) -> bool:
    try:
        return 0 < len(name.encode()) <= MAX_KEY
    except UnicodeEncodeError:
        return False
