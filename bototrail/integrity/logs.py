"""Log files: hashed in pieces, whatever their size."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Final

from bototrail.errors import BucketError, MissingObjectError
from bototrail.integrity import verdicts
from bototrail.integrity.verdicts import Fault, short
from bototrail.store.base import Store

MAX_BYTES: Final = 512 * 1024 * 1024
"""Bytes that a log file may have, packed or not; CloudTrail's own have less than 50 MB."""

PIECE: Final = 256 * 1024
"""Bytes read, and unpacked, at a time."""


def check(store: Store, key: str, expected: str) -> Fault | None:
    """What is wrong with a log file, None when nothing is.

    Args:
        store: the bucket.
        key: its key there.
        expected: SHA-256 of its uncompressed content, lower-case hex.
    """
    try:
        with store.open(key) as opened:
            return _compare(opened.read, expected)
    except MissingObjectError:
        return Fault(verdicts.NOT_FOUND)
    except BucketError as error:
        return Fault(verdicts.UNREADABLE, short(error.found))
    except zlib.error as error:
        return Fault(verdicts.INVALID_FORMAT, f"it is no gzip file: {error}")


def _compare(read: Callable[[int], bytes], expected: str) -> Fault | None:
    inflater, hashed = zlib.decompressobj(31), hashlib.sha256()
    packed = unpacked = 0
    while not inflater.eof:
        piece = inflater.unconsumed_tail
        if not piece:
            piece = read(PIECE)
            packed += len(piece)
            if not piece:
                break
        content = inflater.decompress(piece, PIECE)
        hashed.update(content)
        unpacked += len(content)
        if max(packed, unpacked) > MAX_BYTES:
            return Fault(verdicts.INVALID_FORMAT, f"it has more than {MAX_BYTES >> 20} MiB")
    if inflater.unused_data or (inflater.eof and read(1)):
        return Fault(verdicts.TRAILING_DATA)
    found = hashed.hexdigest()
    if found != expected:
        return Fault(verdicts.HASH_DIFFERS, f"it has {found}")
    return None if inflater.eof else Fault(verdicts.INVALID_FORMAT, "the file is cut off")
