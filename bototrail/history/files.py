"""The records in a bucket's log files, file by file. What is no log file is passed over and named."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any, Final

import orjson

from bototrail.integrity.places import in_logs
from bototrail.store.base import CHUNK, Store

_LOG: Final = re.compile(
    r"AWSLogs/(?:o-[a-z0-9]+/)?\d{12}/CloudTrail/[a-z0-9-]+/(\d{4})/(\d\d)/(\d\d)/[^/]+\.json(?:\.gz)?", re.ASCII
)  # nothing that validation would not look at
MAX_BYTES: Final = 512 * 1024 * 1024
"""Bytes that a log file may unpack to; CloudTrail's own have less than 50 MB, so more is none of them."""

Record = dict[str, Any]


class LogFiles:
    """The log files of a bucket.

    Args:
        store: the bucket.
        complain: told of each file that is none, once, in one line.
    """

    def __init__(self, store: Store, complain: Callable[[str], None]) -> None:
        self._store = store
        self._complain = complain
        self.read = 0
        self.skipped = 0

    def records(self, since: datetime | None = None, until: datetime | None = None) -> Iterator[Record]:
        """All records of API calls, in the order of the files' names.

        Args:
            since: the earliest eventTime, aware of its time zone.
            until: the latest.

        Raises:
            BucketError: the bucket cannot be listed.
        """
        first, last = _text(since), _text(until)
        for name in (entry.key for entry in self._store.entries()):
            found = _LOG.fullmatch(in_logs(name))
            # The folder is the day of delivery, and nothing is delivered before it was made.
            if found is None or "-".join(found.groups()) < first[:10]:
                continue
            for record in self._records(name):
                time = str(record.get("eventTime", ""))
                if time >= first and (not last or time <= last):
                    yield record

    def _records(self, name: str) -> list[Record]:
        try:
            with self._store.open(name) as opened:
                content = orjson.loads(unpacked(opened.read))
            records = content["Records"] if isinstance(content, dict) else None
            if not isinstance(records, list):
                raise ValueError("it has no list of Records")
        except Exception as error:  # noqa: BLE001 a file that cannot be read must not hide the others
            self.skipped += 1
            self._complain(f"skipped {name}: {reason(error)}")
            return []
        self.read += 1
        return [record for record in records if isinstance(record, dict)]


def _text(moment: datetime | None) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else ""


def unpacked(read: Callable[[int], bytes], most: int | None = None) -> bytes:
    """The content of a log file, whether packed by gzip or not.

    Args:
        read: gives its next bytes, at most as many as asked for; none at the end.
        most: bytes that it may unpack to, None for MAX_BYTES.

    Raises:
        ValueError: it is packed wrongly, cut off, or unpacks to more than any log file has.
    """
    most = MAX_BYTES if most is None else most
    first, parts, size = read(CHUNK), list[bytes](), 0
    for part in _inflated(first, read) if first[:2] == b"\x1f\x8b" else _plain(first, read):
        parts.append(part)
        size += len(part)
        if size > most:
            raise ValueError(f"it unpacks to more than {most // 1024 // 1024} MB")
    return b"".join(parts)  # of one part, which most files are, without copying


def _plain(chunk: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    while chunk:
        yield chunk
        chunk = read(CHUNK)


def _inflated(chunk: bytes, read: Callable[[int], bytes]) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(31)
    while not unpacker.eof:
        if not chunk:
            raise ValueError("the file is cut off")
        try:
            yield unpacker.decompress(chunk, CHUNK)
        except zlib.error as error:
            raise ValueError(f"it is no gzip file: {error}") from None
        chunk = unpacker.unconsumed_tail or read(CHUNK)


def reason(error: Exception) -> str:
    """Why a file is no log file, for people."""
    if isinstance(error, (orjson.JSONDecodeError, KeyError)):
        return "expected JSON with Records, found something else"
    return str(error) or type(error).__name__
