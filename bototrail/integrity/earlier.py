"""Digest files that are in a bucket already, as far as it takes to go on from them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bototrail.errors import MissingObjectError
from bototrail.integrity.content import Content, FormatError, fetch, parse, unpack
from bototrail.integrity.form import SIGNATURE, Chain, Link, comment_of, digest_name, sha256, string_to_sign
from bototrail.integrity.public import PublicKey
from bototrail.store import Store


class Earlier(NamedTuple):
    """A digest file that is in a bucket. Nothing of it is trusted because it is there.

    Attributes:
        link: what it is for the next one.
        previous: its previousDigestSignature.
        previous_key: its previousDigestS3Object, when that is in the same bucket.
        fingerprint: of the key that it says it is signed with.
        files: hashes of the log files that it names, by key.
        signed: what its signature is over.
    """

    link: Link
    previous: str | None
    previous_key: str | None
    fingerprint: str
    files: Mapping[str, str]
    signed: bytes

    def may_be_true(self, keys: Mapping[str, PublicKey]) -> bool:
        """Whether its signature is right, or of a key that is not known here (of another host, say)."""
        key = keys.get(self.fingerprint)
        return key is None or key.verify(self.link.signature, self.signed)


def find(store: Store, key: str, bucket: str) -> Earlier | None:
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
    try:
        packed, metadata = fetch(store, key)
        content = unpack(packed)
        said = parse(content)
    except FormatError:
        return None
    where, name = (bucket, store.prefix + key), digest_name(store.prefix + key)
    signature = (metadata if SIGNATURE in metadata else comment_of(packed)).get(SIGNATURE)
    if signature is None or (said.bucket, said.key) != where or name is None or name.end != said.end_text:
        return None
    return _found(said, Link(*where, sha256(content), signature, name.end))


def _found(said: Content, link: Link) -> Earlier:
    previous, files = said.previous, {file.key: file.hash for file in said.files or ()}
    signed = string_to_sign(link.end, link.bucket, link.key, link.hash, previous and previous.signature)
    before = previous.key if previous and previous.bucket == link.bucket else None
    if before is not None and digest_name(before) is None:
        before = None  # there is nothing to go back to
    return Earlier(link, previous and previous.signature, before, said.fingerprint, files, signed)


def newest_first(store: Store, chain: Chain, bucket: str, *, backfill: bool) -> Iterator[Earlier]:
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
