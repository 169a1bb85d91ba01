"""Objects of buckets in memory, and hashes of them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from bototrail.errors import BucketError
from bototrail.integrity.form import comment_of, digest_name
from bototrail.integrity.gzipped import inflated
from bototrail.store import Store
from bototrail.store.base import CHUNK

MAX_OBJECT: Final = 50 * 1024 * 1024
"""Bytes of the largest object that is held in memory; CloudTrail's own are far smaller."""


class Object(NamedTuple):
    """An object.

    Attributes:
        data: its bytes.
        metadata: its user metadata, names in lower case.
        comment: what stands for metadata in the comment of a digest file's gzip header.
    """

    data: bytes
    metadata: Mapping[str, str]
    comment: Mapping[str, str]

    @property
    def told(self) -> Mapping[str, str]:
        """Its metadata, where it has any, else those in the comment."""
        return self.metadata or self.comment


def read_object(store: Store, key: str) -> Object:
    """An object, whole.

    Raises:
        BucketError: it cannot be read, or is too large.
        MissingObjectError: there is none.
    """
    data = bytearray()
    with store.open(key) as opened:
        while part := opened.read(CHUNK):
            data += part
            if len(data) > MAX_OBJECT:
                raise BucketError(store.location, f"{key}: more than {MAX_OBJECT} bytes")
        metadata = dict(opened.metadata)
    comment = comment_of(bytes(data)) if digest_name(key) else {}
    return Object(bytes(data), metadata, {name.lower(): value for name, value in comment.items()})


def hash_of(store: Store, key: str, name: str = "sha256") -> str:
    """The hash of an object's bytes, hex.

    Raises:
        BucketError: it cannot be read.
        MissingObjectError: there is none.
    """
    found = hashlib.new(name, usedforsecurity=False)
    with store.open(key) as opened:
        while part := opened.read(CHUNK):
            found.update(part)
    return found.hexdigest()


def md5(data: bytes) -> str:
    """What S3 has for an ETag of plain objects."""
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def content_hash(data: bytes) -> str:
    """The hash of what a gzip file holds, hex; of what is none, of itself."""
    found = hashlib.sha256()
    try:
        for part in inflated(data):
            found.update(part)
    except ValueError:
        return hashlib.sha256(data).hexdigest()
    return found.hexdigest()
