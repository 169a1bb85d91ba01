"""Gzip files as bytes (RFC 1952): where their header ends, what they hold, another comment in the header."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from typing import Final

from bototrail.integrity.form import commented

MAX_CONTENT: Final = 512 * 1024 * 1024
"""Bytes that a file may unpack to; CloudTrail's own have less than 50 MB."""

_CHUNK: Final = 1024 * 1024
_EXTRA, _NAME, _COMMENT, _CHECKED = 0x04, 0x08, 0x10, 0x02


def header_size(data: bytes) -> int | None:
    """Bytes of the header of a gzip file, None when it has none."""
    if len(data) < 10 or data[:3] != b"\x1f\x8b\x08":
        return None
    flags, end = data[3], 10
    if flags & _EXTRA:
        end += 2 + int.from_bytes(data[end : end + 2], "little")
    for text in (_NAME, _COMMENT):
        if flags & text:
            end = data.find(b"\0", end) + 1
            if not end:
                return None
    if flags & _CHECKED:
        end += 2
    return end if end <= len(data) else None


def recommented(data: bytes, metadata: Mapping[str, str]) -> bytes | None:
    """A gzip file with metadata in the comment of its header, and the rest as it was; None for no gzip file."""
    end = header_size(data)
    return None if end is None else commented(metadata) + data[end:]


def inflated(data: bytes, limit: int = MAX_CONTENT) -> Iterator[bytes]:
    """The content of a gzip file, in parts of bounded size.

    Args:
        data: the file.
        limit: bytes that it may unpack to.

    Raises:
        ValueError: it is none, is cut off, is changed, has something behind its end, or unpacks to too much.
    """
    unpacker, rest, size = zlib.decompressobj(31), data, 0
    while not unpacker.eof:
        try:
            part = unpacker.decompress(rest, _CHUNK)
        except zlib.error as error:
            raise ValueError(f"it is no sound gzip file: {error}") from None
        rest = unpacker.unconsumed_tail
        size += len(part)
        if size > limit:
            raise ValueError(f"it unpacks to more than {limit // 1024 // 1024} MB")
        if not (part or rest or unpacker.eof):
            raise ValueError("it is cut off")
        yield part
    if unpacker.unused_data:
        raise ValueError("there is something behind the end of the gzip file")
