"""Buckets that log files are put into: a local folder, S3 through boto3, and whatever fsspec reaches."""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from bototrail.clock import event_id
from bototrail.errors import ConfigError, DeliveryError, MissingExtraError

CHECK_KEY = "AWSLogs/"
"""What is put to see whether a bucket can be written: the empty folder object that CloudTrail makes for a new trail."""


class Bucket(Protocol):
    """Where log files go."""

    def put(self, key: str, body: bytes) -> str:
        """Put a log file; one of that name that is there already is left as it is.

        Returns:
            Where it is now, a path or URL.

        Raises:
            DeliveryError: it is not there; trying again may help.
        """

    def check(self) -> None:
        """See whether log files can be put.

        Raises:
            ConfigError: they cannot, and trying again will not help.
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

    def put(self, key: str, body: bytes) -> str:
        """See `Bucket`: temporary file, fsync, rename, fsync of the folder."""
        target = self.folder / key
        try:
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                # Always the same name: what a killed deliverer left is overwritten by the one who comes next.
                temporary = target.with_name(f".{target.name}.tmp")
                self._write(temporary, body)
                temporary.rename(target)
                _sync(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        except OSError as error:
            raise DeliveryError(f"{target}: {error}") from error
        return str(target)

    @staticmethod
    def _write(path: Path, body: bytes) -> None:
        with path.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())

    def check(self) -> None:
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


def _file_in(path: Path) -> Path:
    return next((p for p in (path, *path.parents) if p.exists() and not p.is_dir()), path)


def _sync(path: Path, flags: int) -> None:
    fd = os.open(path, flags)
    try:
        with contextlib.suppress(OSError):  # some file systems cannot sync a folder
            os.fsync(fd)
    finally:
        os.close(fd)


S3_OPTIONS: dict[str, str] = {
    "KmsKeyId": "the KMS key that log files are encrypted with",
    "ServerSideEncryption": "AES256 or aws:kms",
    "endpoint_url": "the address of an S3-compatible server",
    "profile_name": "the profile whose credentials deliver",
    "region_name": "the bucket's region",
}
"""Options in the query of an s3:// URL, under boto3's and CloudTrail's names."""


class S3Bucket:
    """A bucket in S3 or in a server that speaks its API, through a plain boto3 client of its own."""

    def __init__(self, location: str) -> None:
        url = urlsplit(location)
        options = dict(parse_qsl(url.query))
        todo = f"write s3://bucket/prefix?option=value with options among {', '.join(S3_OPTIONS)}"
        if unknown := sorted(set(options) - set(S3_OPTIONS)):
            raise ConfigError("an S3 URL with known options", ", ".join(unknown), todo)
        if not url.netloc or "@" in url.netloc:
            raise ConfigError("the name of a bucket", "none" if not url.netloc else "credentials in the URL", todo)
        self.name = url.netloc
        self.prefix = f"{url.path.strip('/')}/" if url.path.strip("/") else ""
        self._options = options
        self._client: Any = None
        self._conditional = True

    def put(self, key: str, body: bytes) -> str:
        """See `Bucket`: a conditional create, so that nobody overwrites what is there."""
        where = f"s3://{self.name}/{self.prefix}{key}"
        headers = {"ContentType": "application/json", "ContentEncoding": "gzip", **self._encryption()}
        try:
            self._create(Bucket=self.name, Key=self.prefix + key, Body=body, **headers)
        except Exception as error:
            raise DeliveryError(f"{where}: {type(error).__name__}: {error}", perhaps=not _refused(error)) from error
        return where

    def _create(self, **arguments: Any) -> None:
        from botocore.exceptions import ClientError

        try:
            condition = {"IfNoneMatch": "*"} if self._conditional else {}
            self._s3().put_object(**condition, **arguments)
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("PreconditionFailed", "412"):
                return  # it is there: somebody delivered it before, and was cut off
            if code in ("NotImplemented", "501") and self._conditional:
                self._conditional = False  # the name is ours alone, so plain is safe too
                self._create(**arguments)
                return
            raise

    def _encryption(self) -> dict[str, str]:
        kms, how = self._options.get("KmsKeyId"), self._options.get("ServerSideEncryption")
        if kms:
            return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms}
        return {"ServerSideEncryption": how} if how else {}

    def _s3(self, **config: Any) -> Any:
        if self._client is None or config:
            import boto3
            from botocore.config import Config

            defaults = {"connect_timeout": 5, "read_timeout": 20, "retries": {"total_max_attempts": 1}}
            session = boto3.Session(
                profile_name=self._options.get("profile_name"), region_name=self._options.get("region_name")
            )
            made = session.client(
                "s3", endpoint_url=self._options.get("endpoint_url"), config=Config(**{**defaults, **config})
            )
            if config:
                return made
            self._client = made
        return self._client

    def check(self) -> None:
        """See `Bucket`: puts the empty object that stands for the folder of the logs, unless it is there."""
        from botocore.exceptions import BotoCoreError, ClientError

        todo = "create the bucket, or correct its name, credentials or policy (s3:PutObject is what delivery needs)"
        try:
            self._create(Bucket=self.name, Key=self.prefix + CHECK_KEY, Body=b"", **self._encryption())
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
                found = f"{error.response['Error']['Code']}: {error.response['Error'].get('Message', '')}"
                raise ConfigError(f"an S3 bucket {self.name} that can be written", found, todo) from None
        except (BotoCoreError, ValueError) as error:  # ValueError: an endpoint that is no URL
            if not _may_pass(error):
                raise ConfigError(f"an S3 bucket {self.name} that can be written", str(error), todo) from None


def _refused(error: Exception) -> bool:
    """Whether a failed put certainly put nothing."""
    from botocore import exceptions

    if isinstance(error, exceptions.ClientError):
        return bool(error.response["ResponseMetadata"].get("HTTPStatusCode", 500) < 500)
    never_sent = (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError, exceptions.NoCredentialsError)
    return isinstance(error, never_sent)


def _may_pass(error: Exception) -> bool:
    """Whether a failure is of the network's kind, which is no fault of the setting."""
    from botocore import exceptions

    return isinstance(error, (exceptions.ConnectionError, exceptions.HTTPClientError))


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

    def put(self, key: str, body: bytes) -> str:
        """See `Bucket`: written whole under its name, the store's own way."""
        try:
            system, root = self._opened
            target = f"{root}/{key}"
            if not system.exists(target):
                system.makedirs(target.rpartition("/")[0], exist_ok=True)
                system.pipe_file(target, body)
            return str(system.unstrip_protocol(target))
        except Exception as error:
            raise DeliveryError(f"{self._location}/{key}: {type(error).__name__}: {error}", perhaps=True) from error

    def check(self) -> None:
        """See `Bucket`."""
        try:
            system, root = self._opened
            system.makedirs(root, exist_ok=True)
        except Exception as error:  # noqa: BLE001 every store raises its own
            todo = "correct the URL or the credentials of the store"
            raise ConfigError("a bucket that can be written", f"{type(error).__name__}: {error}", todo) from None


Opener = Callable[[str], Bucket]
