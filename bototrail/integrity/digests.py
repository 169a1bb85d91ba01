"""A digest file out of a bucket: read under limits, taken apart, checked by itself.

What it says of its neighbours is for `series` to check.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from bototrail.errors import BucketError, KeyFormatError, MissingObjectError
from bototrail.integrity import verdicts
from bototrail.integrity.form import (
    ALGORITHM,
    BACKFILL_TIMESTAMP,
    SIGNATURE,
    SIGNATURE_ALGORITHM,
    DigestName,
    comment_of,
    sha256,
    string_to_sign,
)
from bototrail.integrity.public import PublicKey
from bototrail.integrity.verdicts import Fault, short
from bototrail.store.base import CHUNK, Store

MAX_BYTES: Final = 16 * 1024 * 1024
"""Bytes that a digest file may unpack to: those of some 40,000 log files in an hour."""

HOUR: Final = 3600.0
KEPT_BYTES: Final = 1024 * 1024
"""Contents up to this size are kept taken apart until their turn; larger ones are taken apart again."""

Keys = Callable[[str, str, float, float], PublicKey | None]
"""Finds the public key of a region, of a fingerprint, that may be valid from when to when, seconds since 1970."""

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,6})?Z")
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")
_COMMENT_BYTES: Final = 64 * 1024
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


class Checked(NamedTuple):
    """A digest file that was checked by itself.

    Attributes:
        key: its key in the store.
        name: what its key tells.
        hash: SHA-256 of its uncompressed content; empty when it cannot be unpacked.
        signature: the signature that it carries, lower-case hex; empty when there is none.
        content: what it says; None when it says nothing that can be understood.
        fault: what is wrong with it, None when nothing is.
        placed: whether it is where it says that it belongs, as far as its key goes.
        packed: its bytes, where `content.files` is None.
    """

    key: str
    name: DigestName
    hash: str = ""
    signature: str = ""
    content: Content | None = None
    fault: Fault | None = None
    placed: bool = False
    packed: bytes = b""

    def files(self) -> tuple[LogFile, ...]:
        """The log files that it names."""
        assert self.content is not None
        if self.content.files is not None:
            return self.content.files
        return parse(unpack(self.packed)).files or ()


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
    # Every value takes memory, however short it is: a file full of them would take gigabytes.
    if content.count(b",") + content.count(b"{") + content.count(b"[") > 1000 + len(content) // _LEAST_BYTES:
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


def read(store: Store, prefix: str, key: str, name: DigestName, keys: Keys) -> Checked | None:
    """Read a digest file and check it by itself; None when it is not there.

    Args:
        store: the bucket.
        prefix: what keys have before ours in S3.
        key: its key in the store.
        name: what the key tells.
        keys: finds public keys.

    Raises:
        MissingExtraError: the package for signatures is not installed.
    """
    try:
        packed, metadata = _fetch(store, key)
        content = unpack(packed)
    except MissingObjectError:
        return None
    except (BucketError, FormatError) as error:
        reason = verdicts.INVALID_FORMAT if isinstance(error, FormatError) else verdicts.UNREADABLE
        return Checked(key, name, fault=Fault(reason, short(str(error))))
    comment = {} if SIGNATURE in metadata else comment_of(packed[:_COMMENT_BYTES])
    given = {**comment, **metadata} if store.bucket is None else metadata
    found = Checked(key, name, sha256(content), given.get(SIGNATURE, "").lower())
    try:
        said = parse(content)
        made = seconds(given.get(BACKFILL_TIMESTAMP)) if name.backfill else None
    except FormatError as error:
        return found._replace(fault=Fault(verdicts.INVALID_FORMAT, short(str(error))))
    fault = _misplaced(said, prefix + key, name)
    found = found._replace(placed=fault is None)
    if fault is None:
        fault = _unsigned(comment, given) or _signed(said, found, given[SIGNATURE], made, keys)
    if fault is None and len(content) <= KEPT_BYTES:
        return found._replace(content=said)
    return found._replace(content=said._replace(files=None), fault=fault, packed=b"" if fault else packed)


def _fetch(store: Store, key: str) -> tuple[bytes, Mapping[str, str]]:
    with store.open(key) as opened:
        pieces, size = [], 0
        while piece := opened.read(CHUNK):
            pieces.append(piece)
            size += len(piece)
            if size > MAX_BYTES + CHUNK:
                raise FormatError(f"it has more than {(MAX_BYTES + CHUNK) >> 20} MiB")
        return b"".join(pieces), opened.metadata


def _misplaced(said: Content, key: str, name: DigestName) -> Fault | None:
    if said.key != key:
        return Fault(verdicts.MOVED, short(f"it says that it is {said.key}"))
    if said.end_text != name.end:
        return Fault(verdicts.INVALID_FORMAT, f"its digestEndTime is {said.end_text}, its key says {name.end}")
    if said.account != name.chain.account:
        return Fault(verdicts.INVALID_FORMAT, short(f"its awsAccountId is {said.account}"))
    return None


def _unsigned(comment: Mapping[str, str], given: Mapping[str, str]) -> Fault | None:
    """What is missing of the signature; where a store has metadata, it must be there."""
    if given.get(SIGNATURE) and SIGNATURE_ALGORITHM in given:
        return None
    if SIGNATURE in comment:
        return Fault(
            verdicts.SIGNATURE_FAILED,
            "the object has no metadata; the file's gzip comment holds it, and bototrail sync can put it back",
        )
    return Fault(verdicts.SIGNATURE_FAILED, f"it carries no {SIGNATURE} and {SIGNATURE_ALGORITHM}")


def _signed(said: Content, found: Checked, signature: str, made: float | None, keys: Keys) -> Fault | None:
    """What is wrong with the signature or its key.

    The key must be valid when the hour is signed, which is within two hours, or about when a backfill digest was made.
    """
    chain = found.name.chain
    first, last = (said.end, said.end + 2 * HOUR) if made is None else (made - HOUR, made + HOUR)
    key = keys(chain.region, said.fingerprint, first, last)
    if key is None:
        return Fault(verdicts.no_key(chain.home, said.fingerprint))
    previous = said.previous and said.previous.signature
    text = string_to_sign(said.end_text, said.bucket, said.key, found.hash, previous)
    try:
        good = _HEX.fullmatch(signature) is not None and key.verify(signature, text)
    except KeyFormatError as error:
        return Fault(verdicts.broken_key(said.fingerprint), str(error))
    if not good:
        return Fault(verdicts.SIGNATURE_FAILED)
    if not (key.start <= last and key.end >= first):
        return Fault(verdicts.KEY_OUTSIDE_VALIDITY, short(f"fingerprint {said.fingerprint}"))
    return None
