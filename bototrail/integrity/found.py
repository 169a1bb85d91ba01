"""Digest files that are in a bucket already, as far as it takes to go on from them."""

from __future__ import annotations

import contextlib
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple

import orjson

from bototrail.errors import MissingObjectError
from bototrail.integrity.content import too_many_values
from bototrail.integrity.form import SIGNATURE, Chain, Link, comment_of, digest_name, sha256, string_to_sign
from bototrail.integrity.public import PublicKey
from bototrail.store import Store
from bototrail.store.base import CHUNK

MOST_BYTES: Final = 16 * 1024 * 1024
"""Bytes that a digest file may have, packed and unpacked: some 50,000 log files in an hour."""


class Found(NamedTuple):
    """A digest file that is in a bucket. Nothing of it is trusted because it is there.

    Attributes:
        link: what it is for the next one.
        start: its digestStartTime.
        previous: its previousDigestSignature.
        previous_key: its previousDigestS3Object, when that is in the same bucket.
        fingerprint: of the key that it says it is signed with.
        files: hashes of the log files that it names, by key.
        signed: what its signature is over.
    """

    link: Link
    start: str
    previous: str | None
    previous_key: str | None
    fingerprint: str
    files: Mapping[str, str]
    signed: bytes

    def may_be_true(self, keys: Mapping[str, PublicKey]) -> bool:
        """Whether its signature is right, or of a key that is not known here (of another host, say)."""
        key = keys.get(self.fingerprint)
        return key is None or key.verify(self.link.signature, self.signed)


def seconds(time: str) -> float:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`; ValueError when it is no such time."""
    return datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp()


def find(store: Store, key: str, bucket: str) -> Found | None:
    """Read a digest file.

    Args:
        store: where it is.
        key: its key below the store's location.
        bucket: what the bucket is called in digest files.

    Returns:
        The digest file, None when what is there is none.

    Raises:
        MissingObjectError: there is nothing.
        BucketError: it cannot be read.
    """
    with store.open(key) as opened:
        data = b"".join(_pieces(opened.read))
        metadata = dict(opened.metadata) or comment_of(data)
    try:
        content = zlib.decompressobj(31).decompress(data, MOST_BYTES)
        if too_many_values(content):
            return None
        fields = orjson.loads(content)
        return _found(fields, metadata[SIGNATURE], content, (bucket, store.prefix + key))
    except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
        return None


def _pieces(read: Any) -> Iterator[bytes]:
    left = MOST_BYTES
    while left > 0 and (piece := read(min(CHUNK, left))):
        left -= len(piece)
        yield piece


def _found(fields: dict[str, Any], signature: str, content: bytes, where: tuple[str, str]) -> Found | None:
    name = digest_name(where[1])
    end, previous = fields["digestEndTime"], fields["previousDigestSignature"]
    if (fields["digestS3Bucket"], fields["digestS3Object"]) != where or name is None or name.end != end:
        return None
    seconds(fields["digestStartTime"]), seconds(end)  # they must be times
    files = {file["s3Object"]: file["hashValue"] for file in fields["logFiles"]}
    link = Link(*where, sha256(content), signature, end)
    signed = string_to_sign(end, *where, link.hash, previous)
    before = fields["previousDigestS3Object"] if fields["previousDigestS3Bucket"] == where[0] else None
    if not isinstance(previous, (str, type(None))) or not isinstance(before, (str, type(None))):
        return None
    if before is not None and digest_name(before) is None:
        before = None  # there is nothing to go back to
    return Found(link, fields["digestStartTime"], previous, before, fields["digestPublicKeyFingerprint"], files, signed)


def newest_first(store: Store, chain: Chain, bucket: str, *, backfill: bool) -> Iterator[Found]:
    """The digest files of a chain in a bucket.

    Raises:
        BucketError: the bucket cannot be listed or read.
    """
    for key in _backwards(store, chain, backfill=backfill):
        with contextlib.suppress(MissingObjectError):  # gone meanwhile
            if (found := find(store, key, bucket)) is not None:
                yield found


def _backwards(store: Store, chain: Chain, *, backfill: bool) -> Iterator[str]:
    """The keys of a chain, the newest first."""
    folder = chain.folder.removeprefix(store.prefix)
    for year in sorted(store.folders(folder), reverse=True):
        for month in sorted(store.folders(year), reverse=True):
            for day in sorted(store.folders(month), reverse=True):
                names = {e.key: digest_name(store.prefix + e.key) for e in store.entries(day)}
                ours = {k: n.end for k, n in names.items() if n and n.chain == chain and n.backfill == backfill}
                yield from sorted(ours, key=ours.__getitem__, reverse=True)
