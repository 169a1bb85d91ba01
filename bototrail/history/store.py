"""Buckets to read from: a local folder, S3 through s3fs, any fsspec URL. Nothing is ever written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl

from bototrail.errors import BucketError, ConfigError, MissingExtraError
from bototrail.settings import bucket_location


class Store(Protocol):
    """A bucket that can be listed and read."""

    def names(self) -> Iterator[str]:
        """The keys of its objects, sorted, `/` between folders."""

    def read(self, name: str) -> bytes:
        """An object's bytes; OSError, or whatever the store raises, when it cannot be read."""


def open_store(location: str | os.PathLike[str]) -> Store:
    """The bucket at `location`, a folder or URL as for recording (`s3://bucket/prefix?endpoint_url=...`).

    Raises:
        ConfigError: it is no place that can be opened, or is not there.
        MissingExtraError: the package of its scheme is not installed.
    """
    text = bucket_location(location)
    if "://" in text:
        return UrlStore(text)
    folder = Path(text)
    if not folder.is_dir():
        found = "a file" if folder.exists() else "nothing there"
        raise ConfigError(f"a folder with log files at {folder}", found, "name the bucket that was recorded into")
    return FolderStore(folder)


class FolderStore:
    """A local folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Iterator[str]:
        """See `Store`."""
        for place, folders, files in os.walk(self._folder, onerror=self._unreadable):
            folders.sort()
            start = Path(place).relative_to(self._folder).as_posix()
            for name in sorted(files):
                yield name if start == "." else f"{start}/{name}"

    def _unreadable(self, error: OSError) -> None:
        """A part that cannot be read must not be left out in silence: a policy of the rest would look complete."""
        raise BucketError(str(self._folder), f"{error.filename}: {error.strerror}") from error

    def read(self, name: str) -> bytes:
        """See `Store`."""
        path = self._folder / name
        if not path.is_file():  # a pipe would never end
            raise OSError("it is no ordinary file")
        return path.read_bytes()


class UrlStore:
    """Whatever fsspec can open."""

    def __init__(self, location: str) -> None:
        scheme = location.partition("://")[0]
        extra = "history" if scheme == "s3" else "fsspec"
        try:
            import fsspec

            fsspec.get_filesystem_class(scheme)
        except ImportError:
            raise MissingExtraError(f"reading from {scheme}://", extra) from None
        except ValueError as error:
            todo = "use a folder, s3:// or a scheme that fsspec knows"
            raise ConfigError(f"a bucket URL whose scheme {scheme}:// can be opened", str(error), todo) from None
        self._location = location
        try:
            self._system, path = fsspec.core.url_to_fs(location.partition("?")[0], **_options(location))
            self._root = str(path).rstrip("/")
        except Exception as error:
            raise BucketError(location, error) from error

    def names(self) -> Iterator[str]:
        """See `Store`."""
        try:
            found = self._system.find(self._root)
        except Exception as error:
            raise BucketError(self._location, error) from error
        if not found and not self._is_there():
            raise BucketError(self._location, "no such bucket or folder")
        for path in sorted(found):
            yield str(path)[len(self._root) :].lstrip("/")

    def _is_there(self) -> bool:
        try:
            return bool(self._system.exists(self._root))
        except Exception:  # noqa: BLE001 every store raises its own
            return False

    def read(self, name: str) -> bytes:
        """See `Store`."""
        return bytes(self._system.cat_file(f"{self._root}/{name}"))


def _options(location: str) -> dict[str, Any]:
    """Options of an `s3://` URL, under the names that s3fs has for them."""
    if not location.startswith("s3://"):
        return {}
    given = dict(parse_qsl(location.partition("?")[2]))
    client = {"region_name": given["region_name"]} if "region_name" in given else {}
    return {
        "use_listings_cache": False,
        **({"endpoint_url": given["endpoint_url"]} if "endpoint_url" in given else {}),
        **({"profile": given["profile_name"]} if "profile_name" in given else {}),
        **({"client_kwargs": client} if client else {}),
    }
