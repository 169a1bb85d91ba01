"""What a digest file says: read, unpacked and taken apart under limits."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from bototrail.integrity import verdicts
from bototrail.integrity.form import ALGORITHM
from bototrail.store.base import CHUNK, Store

MAX_BYTES: Final = 16 * 1024 * 1024
"""Bytes that a digest file may unpack to: those of some 40,000 log files in an hour."""

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z")
_LEAST_BYTES: Final = 16  # that a value in a digest file takes on average, its name among them; 50 in honest ones
_MOST_TEXT: Final = 8192  # characters: keys have at most 1024 bytes, signatures of the longest keys 4096 digits
_ABSENT: Final = object()


class LogFile(NamedTuple):
    """A log file as a digest file names it.

    Attributes:
        bucket: its bucket.
        key: its key there.
        hash: SHA-256 of its uncompressed content, lower-case hex.
    """

    bucket: str
    key: str
    hash: str


class Previous(NamedTuple):
    """What a digest file says of the one before it.

    Attributes:
        bucket: its bucket.
        key: its key there.
        hash: SHA-256 of its uncompressed content, lower-case hex.
        signature: its signature, hex.
    """

    bucket: str
    key: str
    hash: str
    signature: str


class Content(NamedTuple):
    """What a digest file says.

    Attributes:
        account: awsAccountId.
        start: digestStartTime, seconds since 1970.
        end: digestEndTime.
        end_text: the same as it stands there.
        bucket: digestS3Bucket.
        key: digestS3Object.
        fingerprint: digestPublicKeyFingerprint.
        previous: the digest file before it, None in a starting digest.
        files: the log files; None when they are not kept, because they are many or not to be trusted.
    """

    account: str
    start: float
    end: float
    end_text: str
    bucket: str
    key: str
    fingerprint: str
    previous: Previous | None
    files: tuple[LogFile, ...] | None


class FormatError(ValueError):
    """A digest file is none; the message says why. It becomes a verdict."""


def seconds(text: object) -> float:
    """A time as digest files write it, in seconds since 1970.

    Raises:
        FormatError: it is none.
    """
    if not isinstance(text, str) or not _TIME.fullmatch(text):
        raise FormatError(f"expected a time such as 2026-11-21T10:00:00Z; found {str(text)[:50]!r}")
    try:
        return datetime.fromisoformat(text[:19] + "+00:00").timestamp()
    except ValueError as error:
        raise FormatError(f"{text}: {error}") from None


def fetch(store: Store, key: str) -> tuple[bytes, Mapping[str, str]]:
    """The bytes of a digest file as it lies in a bucket, and its metadata there.

    Raises:
        FormatError: it is too large.
        MissingObjectError: there is none.
        BucketError: it cannot be read.
    """
    with store.open(key) as opened:
        packed = bytearray()
        while piece := opened.read(CHUNK):
            packed += piece
            if len(packed) > MAX_BYTES + CHUNK:
                raise FormatError(f"it has more than {(MAX_BYTES + CHUNK) >> 20} MiB")
        return bytes(packed), opened.metadata


def unpack(packed: bytes) -> bytes:
    """The content of a digest file.

    Raises:
        FormatError: it is no gzip file of one member and nothing else, or too large.
    """
    inflater = zlib.decompressobj(31)
    try:
        content = inflater.decompress(packed, MAX_BYTES + 1)
    except zlib.error as error:
        raise FormatError(f"it is no gzip file: {error}") from None
    if len(content) > MAX_BYTES:
        raise FormatError(f"it unpacks to more than {MAX_BYTES >> 20} MiB")
    if not inflater.eof:
        raise FormatError("the file is cut off")
    if inflater.unused_data:
        raise FormatError(verdicts.TRAILING_DATA)
    return content


def parse(content: bytes) -> Content:
    """What a digest file says.

    Args:
        content: its uncompressed bytes.

    Raises:
        FormatError: it is no JSON, or fields are missing or of another type.
    """
    if too_many_values(content):
        raise FormatError("it holds too many values for its size")
    try:
        fields = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"it is no JSON: {error}") from None
    if not isinstance(fields, dict):
        raise FormatError("it is no JSON object")
    if _text(fields, "digestSignatureAlgorithm") != ALGORITHM:
        raise FormatError(f"expected {ALGORITHM} for digestSignatureAlgorithm")
    return Content(
        account=_text(fields, "awsAccountId"),
        start=seconds(fields.get("digestStartTime")),
        end=seconds(fields.get("digestEndTime")),
        end_text=fields["digestEndTime"],
        bucket=_text(fields, "digestS3Bucket"),
        key=_text(fields, "digestS3Object"),
        fingerprint=_text(fields, "digestPublicKeyFingerprint"),
        previous=_previous(fields),
        files=_log_files(fields.get("logFiles")),
    )


def too_many_values(content: bytes) -> bool:
    """Whether JSON holds too many values for its size: each takes memory, a file full of short ones gigabytes."""
    return content.count(b",") + content.count(b"{") + content.count(b"[") > 1000 + len(content) // _LEAST_BYTES


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise FormatError(f"expected text for {name}; found {'nothing' if value is None else type(value).__name__}")
    if len(value) > _MOST_TEXT:
        raise FormatError(f"{name} is longer than {_MOST_TEXT} characters")
    return value


def _previous(fields: Mapping[str, Any]) -> Previous | None:
    names = [f"previousDigest{each}" for each in ("S3Bucket", "S3Object", "HashValue", "Signature", "HashAlgorithm")]
    if missing := [name for name in names if fields.get(name, _ABSENT) is _ABSENT]:
        raise FormatError(f"{missing[0]} is missing")
    if all(fields[name] is None for name in names):
        return None
    if _text(fields, names.pop()) != "SHA-256":
        raise FormatError("expected SHA-256 for previousDigestHashAlgorithm")
    return Previous(*(_text(fields, name) for name in names))


def _log_files(found: object) -> tuple[LogFile, ...]:
    if not isinstance(found, list):
        raise FormatError("expected a list for logFiles")
    files = []
    for each in found:
        if not isinstance(each, dict):
            raise FormatError("expected objects in logFiles")
        if _text(each, "hashAlgorithm") != "SHA-256":
            raise FormatError("expected SHA-256 for hashAlgorithm")
        files.append(LogFile(_text(each, "s3Bucket"), _text(each, "s3Object"), _text(each, "hashValue")))
    return tuple(files)
