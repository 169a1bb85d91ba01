"""What all buckets that are read have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol

CHUNK: Final = 1024 * 1024
"""Bytes that an object is read in."""


class Entry(NamedTuple):
    """An object in a listing.

    Attributes:
        key: its key below the store's location.
        size: bytes.
        modified: when it was last written, seconds since 1970; 0 when the store does not tell.
        tag: S3's ETag without quotes; empty elsewhere.
    """

    key: str
    size: int
    modified: float
    tag: str = ""


@dataclass(frozen=True, repr=False)
class Opened:
    """An object that is being read.

    Attributes:
        read: gives the next bytes, at most as many as asked for; none at the end. It raises BucketError when they
            cannot be read, and when the object ends too early.
        metadata: its user metadata, names in lower case; none where the store has none.
        entry: what a listing would say of it, None where opening does not tell.
    """

    read: Callable[[int], bytes]
    metadata: Mapping[str, str] = field(default_factory=dict)
    entry: Entry | None = None


class Store(Protocol):
    """A bucket that can be listed and read, by several threads at a time.

    Attributes:
        location: its folder or URL, without options, for people.
        bucket: its name in S3, None when it is none of S3.
        prefix: what all keys there begin with in S3 before ours; empty, or ending in `/`.
    """

    location: str
    bucket: str | None
    prefix: str

    def entries(self, under: str = "", after: str = "") -> Iterator[Entry]:
        """Its objects, in the order of the UTF-8 bytes of their keys, as S3 lists them.

        Args:
            under: what their keys begin with.
            after: only keys behind this one.

        Raises:
            BucketError: it cannot be listed.
        """

    def folders(self, under: str = "") -> Iterator[str]:
        """What keys that begin with `under` (empty, or ending in `/`) go on with up to the next `/`, and that included.

        Raises:
            BucketError: it cannot be listed.
        """

    def open(self, key: str) -> AbstractContextManager[Opened]:
        """Read an object; keys that lead out of the bucket, and what is no ordinary file, are not there.

        Raises:
            MissingObjectError: there is none.
            BucketError: it cannot be read.
        """


def is_plain(key: str) -> bool:
    """Whether a key names a path below a folder, and the same one in every way of reading it."""
    return "\0" not in key and all(part not in ("", ".", "..") for part in key.split("/"))


def behind(keys: str, after: str) -> bool:
    """Whether a key that begins with `keys` can come behind `after`, in the order of UTF-8 bytes."""
    return after.startswith(keys) or keys.encode() > after.encode()
