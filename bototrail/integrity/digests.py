"""A digest file out of a bucket, checked by itself: its place, its key, its signature.

What it says of its neighbours is for `succession` to check.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from bototrail.errors import BucketError, KeyFormatError, MissingObjectError
from bototrail.integrity import verdicts
from bototrail.integrity.content import Content, FormatError, LogFile, fetch, parse, seconds, unpack
from bototrail.integrity.form import (
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
from bototrail.store.base import Store

HOUR: Final = 3600.0
KEPT_BYTES: Final = 1024 * 1024
"""Contents up to this size are kept taken apart until their turn; larger ones are taken apart again."""

KeyFinder = Callable[[str, str, float, float], PublicKey | None]
"""Finds the public key of a region, of a fingerprint, that may be valid from when to when, seconds since 1970."""

_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+")
_COMMENT_BYTES: Final = 64 * 1024


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


def read(store: Store, prefix: str, key: str, name: DigestName, keys: KeyFinder) -> Checked | None:
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
        packed, metadata = fetch(store, key)
        content = unpack(packed)
    except MissingObjectError:
        return None
    except BucketError as error:
        return Checked(key, name, fault=Fault(verdicts.UNREADABLE, short(error.found)))
    except FormatError as error:
        return Checked(key, name, fault=Fault(verdicts.INVALID_FORMAT, short(str(error))))
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


def _signed(said: Content, found: Checked, signature: str, made: float | None, keys: KeyFinder) -> Fault | None:
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
    if not key.covers(first, last):
        return Fault(verdicts.KEY_OUTSIDE_VALIDITY, short(f"fingerprint {said.fingerprint}"))
    return None
