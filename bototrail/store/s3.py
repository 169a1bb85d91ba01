"""A bucket in S3, or in a server that speaks its API, that is read."""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from email.utils import parsedate_to_datetime
from typing import Any, Final

from bototrail.capture.scope import paused
from bototrail.deliver.clients import error_code, make_client
from bototrail.deliver.s3 import s3_location
from bototrail.errors import BucketError, MissingObjectError
from bototrail.record.failures import harmless
from bototrail.store.base import Entry, Opened
from bototrail.store.shortcut import Shortcut

_CONFIG: Final[dict[str, Any]] = {
    "connect_timeout": 5,
    "read_timeout": 15,
    "retries": {"mode": "standard", "total_max_attempts": 3},
    "max_pool_connections": 64,
}
_MISSING: Final = frozenset({"NoSuchKey", "NoSuchVersion", "404"})
_DENIED: Final = frozenset({"AccessDenied", "AllAccessDisabled", "Forbidden", "403"})
_HINT: Final = " (without the right to s3:ListBucket, an object that is not there is answered so, too)"


class S3Store:
    """A bucket in S3 or in a server that speaks its API, through a boto3 client of its own.

    Attributes:
        endpoint: the server's URL, empty when it is AWS or what the environment says.
    """

    def __init__(self, location: str) -> None:
        self.bucket: str | None
        self.bucket, self.prefix, self._options = s3_location(location)
        self.location = location.partition("?")[0]
        self.endpoint = self._options.get("endpoint_url", "")
        self._making = threading.Lock()
        self._made: tuple[Any, Shortcut] | None = None

    def entries(self, under: str = "", after: str = "") -> Iterator[Entry]:
        """See `Store`; of a server with an order of its own, the listing is held in memory."""
        start = {"StartAfter": self.prefix + after} if after else {}
        pages = self._pages(Prefix=self.prefix + under, **start)
        for page in pages:
            if self._has_its_own_order(page):
                # Who starts in another order leaves out what he should not.
                everything = self._pages(Prefix=self.prefix + under) if after else itertools.chain((page,), pages)
                rows = sorted((row for each in everything for row in each.get("Contents", ())), key=_raw_key)
                yield from self._entries(rows, under, after)
                return
            yield from self._entries(page.get("Contents", ()), under, after)

    def _entries(self, rows: Iterable[Mapping[str, Any]], under: str, after: str) -> Iterator[Entry]:
        last = after.encode()
        for row in rows:
            name = row.get("Key", "")
            key = name.removeprefix(self.prefix)
            # A server may list what was not asked for, and leave out what was.
            if key and name == self.prefix + key and key.startswith(under) and key.encode() > last:
                modified = row["LastModified"].timestamp() if "LastModified" in row else 0.0
                yield Entry(key, row.get("Size", 0), modified, row.get("ETag", "").strip('"'))

    def _has_its_own_order(self, page: Mapping[str, Any]) -> bool:
        """Whether a server lists a folder before its neighbours, as SeaweedFS does, or in no order at all."""
        server = page["ResponseMetadata"]["HTTPHeaders"].get("server", "")
        return server.startswith("SeaweedFS") or str(self.bucket).endswith("--x-s3")

    def folders(self, under: str = "") -> Iterator[str]:
        """See `Store`."""
        for page in self._pages(Prefix=self.prefix + under, Delimiter="/"):
            for row in page.get("CommonPrefixes", ()):
                if (name := row.get("Prefix", "")).startswith(self.prefix + under):
                    yield name.removeprefix(self.prefix)

    def _pages(self, **arguments: str) -> Iterator[Mapping[str, Any]]:
        client, _ = self._ready()
        try:
            pages = iter(client.get_paginator("list_objects_v2").paginate(**self._where, **arguments))
            while (page := _quietly(next, pages, None)) is not None:
                yield page
        except Exception as error:
            raise self._unreadable(error) from error

    @contextmanager
    def open(self, key: str) -> Iterator[Opened]:
        """See `Store`."""
        if not key:
            raise MissingObjectError(key)
        raw, headers = self._get(key)
        try:
            read = self._reader(key, raw.read, headers.get("content-length"))
            yield Opened(read, _metadata(headers), _entry(key, headers))
        finally:
            with suppress(Exception):  # of a connection that is broken
                raw.close()

    def _get(self, key: str) -> tuple[Any, Mapping[str, str]]:
        """An object's body and headers."""
        client, shortcut = self._ready()
        name = self.prefix + key
        if (answer := shortcut.get(name)) is not None:
            return answer
        try:
            found = _quietly(client.get_object, **self._where, Key=name)
        except Exception as error:
            raise self._unopened(key, error) from error
        shortcut.learn(name)
        return found["Body"], found["ResponseMetadata"]["HTTPHeaders"]

    def _reader(self, key: str, read: Callable[[int], bytes], length: str | None) -> Callable[[int], bytes]:
        got = 0

        def counted(size: int) -> bytes:
            nonlocal got
            try:
                data = read(size)
            except Exception as error:
                raise self._unreadable(error, f"{key}: ") from error
            got += len(data)
            if size and not data and length is not None and got != int(length):
                raise BucketError(self.location, f"{key}: cut off, {got} of {length} bytes")
            return data

        return counted

    def _unopened(self, key: str, error: Exception) -> Exception:
        code = error_code(error)
        if code in _MISSING:
            return MissingObjectError(key)
        return self._unreadable(error, f"{key}: ", _HINT if code in _DENIED else "")

    def _unreadable(self, error: Exception, before: str = "", behind: str = "") -> BucketError:
        response = getattr(error, "response", None)
        message = response.get("Error", {}).get("Message", "") if isinstance(response, dict) else error
        return BucketError(self.location, f"{before}{error_code(error)}: {harmless(str(message))}{behind}")

    @functools.cached_property
    def _where(self) -> dict[str, str]:
        owner = self._options.get("ExpectedBucketOwner")
        return {"Bucket": str(self.bucket), **({"ExpectedBucketOwner": owner} if owner else {})}

    def _ready(self) -> tuple[Any, Shortcut]:
        """The client, made when it is needed, by one thread."""
        with self._making:
            if self._made is None:
                try:
                    client = _quietly(make_client, "s3", self._options, **_CONFIG)
                except Exception as error:
                    raise self._unreadable(error) from error
                self._made = client, Shortcut(client)
            return self._made


def _quietly(function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """Call it, and have nothing recorded of that: readers have threads, where what the command said does not hold."""
    with paused():
        return function(*arguments, **options)


def _raw_key(row: Mapping[str, Any]) -> bytes:
    return str(row.get("Key", "")).encode()


def _metadata(headers: Mapping[str, str]) -> dict[str, str]:
    start = "x-amz-meta-"
    return {n[len(start) :].lower(): value for n, value in headers.items() if n.lower().startswith(start)}


def _entry(key: str, headers: Mapping[str, str]) -> Entry | None:
    """What a listing would say of an object, None when a server does not tell all of it."""
    try:
        modified = parsedate_to_datetime(headers["last-modified"]).timestamp()
        return Entry(key, int(headers["content-length"]), modified, headers.get("etag", "").strip('"'))
    except (KeyError, ValueError, TypeError, OverflowError):
        return None
