"""Buckets that log files are put into: a local folder, whatever fsspec reaches, and S3 (in a file of its own)."""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from bototrail.clock import event_id
from bototrail.deliver.s3 import Put, S3Bucket
from bototrail.errors import ConfigError, DeliveryError, MissingExtraError
from bototrail.record.failures import harmless

_NO_LINKS: Final = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.EMLINK})
"""What file systems answer that have no hard links."""


class Bucket(Protocol):
    """Where log files and digest files go."""

    def put(self, key: str, body: bytes, source_arn: str = "", metadata: Mapping[str, str] | None = None) -> Put:
        """Put a file; one of that name that is there already is left as it is.

        Args:
            key: its key in the bucket.
            body: the file.
            source_arn: ARN of the trail it is of, for encryption with KMS.
            metadata: its user metadata, for S3 alone; other stores have none.

        Returns:
            Where it is now, and whether it was put there now.

        Raises:
            DeliveryError: it is not there; trying again may help.
        """

    def replace(self, key: str, body: bytes, tag: str, metadata: Mapping[str, str]) -> Put:
        """Put a file over one that says the same, but lacks its metadata.

        Args:
            key: its key in the bucket.
            body: the file.
            tag: the ETag of what is there, in S3; nothing else is replaced.
            metadata: its user metadata, for S3 alone.

        Raises:
            DeliveryError: it is as it was.
        """

    def check(self, key: str = "AWSLogs/", source_arn: str = "", *, now: bool = False) -> None:
        """See whether log files can be put.

        Args:
            key: of the empty object that stands for the folder of the logs, where folders are objects.
            source_arn: as for `put`.
            now: whether a store that cannot be reached, or is out of order, is a failure too.

        Raises:
            ConfigError: they cannot, and trying again will not help.
            DeliveryError: they cannot `now`; trying again may help.
        """


def open_bucket(location: str) -> Bucket:
    """The bucket at `location`: an absolute path, `s3://bucket/prefix?option=value`, or an fsspec URL.

    Raises:
        ConfigError: no such bucket can be opened.
        MissingExtraError: its package is not installed.
    """
    scheme, colon, _ = location.partition("://")
    if not colon:
        return FolderBucket(Path(location))
    if scheme == "s3":
        return S3Bucket(location)
    return FsspecBucket(location)


class FolderBucket:
    """A local folder. A log file appears under its name only when it is whole and safe on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(
        self,
        key: str,
        body: bytes,
        source_arn: str = "",  # noqa: ARG002 for KMS alone
        metadata: Mapping[str, str] | None = None,  # noqa: ARG002 for S3 alone
    ) -> Put:
        """See `Bucket`: temporary file, fsync, link under its name, fsync of the folder."""
        target, created = self.folder / key, False
        # The same name for the same content: what a killed deliverer left is removed by the one who comes next, and two
        # who put different files do not get into each other's way.
        temporary = target.with_name(f".{target.name}.{hashlib.sha256(body).hexdigest()[:8]}.tmp")
        try:
            if target.exists():
                temporary.unlink(missing_ok=True)
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                self._write(temporary, body)
                created = _move(temporary, target)
                _sync(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            there = os.access(target, os.F_OK)  # it may be, when only the folder could not be synced
            raise DeliveryError(f"{target}: {error}", perhaps=there, code=type(error).__name__) from error
        return Put(str(target), created)

    def replace(self, key: str, body: bytes, tag: str, metadata: Mapping[str, str]) -> Put:  # noqa: ARG002 for S3 alone
        """See `Bucket`."""
        target = self.folder / key
        temporary = target.with_name(f".{target.name}.{hashlib.sha256(body).hexdigest()[:8]}.tmp")
        try:
            self._write(temporary, body)
            temporary.replace(target)
            _sync(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise DeliveryError(f"{target}: {error}", code=type(error).__name__) from error
        return Put(str(target), True)

    @staticmethod
    def _write(path: Path, body: bytes) -> None:
        with path.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())

    def check(self, key: str = "AWSLogs/", source_arn: str = "", *, now: bool = False) -> None:  # noqa: ARG002 for S3
        """See `Bucket`; makes the folder."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            probe = self.folder / f".{event_id()}.tmp"
            probe.touch()
            probe.unlink()
        except (FileExistsError, NotADirectoryError):
            raise ConfigError("a folder for the bucket", f"the file {_file_in(self.folder)}", "name a folder") from None
        except OSError as error:
            todo = "give this user the right to write there, or name another folder"
            raise ConfigError("a folder that can be written", f"{self.folder}: {error.strerror}", todo) from None


def _move(temporary: Path, target: Path) -> bool:
    """Give a file its name, unless another one has it by now; whether it has got it."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        return False
    except FileNotFoundError:
        if target.exists():  # somebody who put the same has moved it
            return False
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        temporary.rename(target)
        return True
    finally:
        temporary.unlink(missing_ok=True)
    return True


def _file_in(path: Path) -> Path:
    return next((p for p in (path, *path.parents) if p.exists() and not p.is_dir()), path)


def _sync(path: Path, flags: int) -> None:
    fd = os.open(path, flags)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot sync a folder
            os.fsync(fd)
    finally:
        os.close(fd)


class FsspecBucket:
    """Any other store that fsspec knows, such as gs:// or memory://."""

    def __init__(self, location: str) -> None:
        scheme = location.partition("://")[0]
        try:
            import fsspec
        except ImportError:
            raise MissingExtraError(f"the bucket {location}", "fsspec") from None
        try:
            fsspec.get_filesystem_class(scheme)
        except (ImportError, ValueError) as error:
            todo = "install the package that fsspec needs for it, or use a folder or s3://"
            raise ConfigError(f"a bucket URL whose scheme {scheme}:// can be opened", str(error), todo) from None
        self._location = location

    @functools.cached_property
    def _opened(self) -> tuple[Any, str]:
        """The file system and the path in it; opening it may go to the network, so it is done when it is needed."""
        import fsspec

        system, path = fsspec.core.url_to_fs(self._location)
        return system, str(path).rstrip("/")

    def put(
        self,
        key: str,
        body: bytes,
        source_arn: str = "",  # noqa: ARG002 for KMS alone
        metadata: Mapping[str, str] | None = None,  # noqa: ARG002 for S3 alone
    ) -> Put:
        """See `Bucket`: written whole under its name, the store's own way."""
        return self._put(key, body, over=False)

    def replace(self, key: str, body: bytes, tag: str, metadata: Mapping[str, str]) -> Put:  # noqa: ARG002 for S3 alone
        """See `Bucket`."""
        return self._put(key, body, over=True)

    def _put(self, key: str, body: bytes, *, over: bool) -> Put:
        try:
            system, root = self._opened
            target, created = f"{root}/{key}", False
            if over or not system.exists(target):
                system.makedirs(target.rpartition("/")[0], exist_ok=True)
                system.pipe_file(target, body)
                created = True
            return Put(str(system.unstrip_protocol(target)), created)
        except Exception as error:
            what, place = type(error).__name__, self._location.partition("?")[0]
            raise DeliveryError(f"{place}/{key}: {what}: {harmless(str(error))}", perhaps=True, code=what) from error

    def check(self, key: str = "AWSLogs/", source_arn: str = "", *, now: bool = False) -> None:  # noqa: ARG002 for S3
        """See `Bucket`."""
        try:
            system, root = self._opened
            system.makedirs(root, exist_ok=True)
        except Exception as error:  # noqa: BLE001 every store raises its own
            todo = "correct the URL or the credentials of the store"
            raise ConfigError(
                "a bucket that can be written", f"{type(error).__name__}: {harmless(str(error))}", todo
            ) from None
