"""One object of a bucket is copied into another one: what is there already, its metadata, what arrived."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bototrail.deliver.buckets import Bucket, open_bucket
from bototrail.deliver.s3 import Put
from bototrail.errors import BototrailError, DeliveryError, MissingObjectError
from bototrail.integrity.form import digest_name
from bototrail.integrity.gzipped import inflated, recommented
from bototrail.integrity.objects import MAX_OBJECT, Object, content_hash, hash_of, md5, read_object
from bototrail.settings import bucket_location
from bototrail.store import Entry, Store, open_store
from bototrail.store.base import is_plain
from bototrail.store.folder import FolderStore

COPIED: Final = "copied"
SKIPPED: Final = "skipped"
MENDED: Final = "mended"
DIFFERING: Final = "differing"
FAILED: Final = "failed"
"""What becomes of an object."""

_MAX_JSON: Final = 8 * 1024 * 1024
"""Bytes of the largest digest file that is asked where it is; an hour of 10,000 log files has half of it."""

_MD5: Final = re.compile(r"[0-9a-f]{32}")
_PAUSES: Final = (0.3, 1.0, 3.0)
_OTHER: Final = "another one is there; it was left as it is"
_BARE: Final = "it is there without its signature; give it that with --mend"


class Outcome(NamedTuple):
    """What became of an object.

    Attributes:
        key: its key.
        what: `copied`, `skipped`, `mended`, `differing` or `failed`.
        size: bytes that were copied.
        why: what is remarkable about it, empty when nothing is.
    """

    key: str
    what: str
    size: int = 0
    why: str = ""


class Target(NamedTuple):
    """The bucket that is copied into, as it is read and as it is written."""

    store: Store
    bucket: Bucket


def open_target(location: str, *, make: bool) -> Target:
    """The bucket to copy into.

    Args:
        location: a folder or URL, as for recording.
        make: whether it is made, where it is not there, and can be.

    Raises:
        ConfigError: it cannot be written.
        MissingExtraError: the package of its scheme is not installed.
    """
    text = bucket_location(location)
    bucket = open_bucket(text)
    if make and not text.startswith("s3://"):
        bucket.check()
    if "://" not in text and not Path(text).exists():
        return Target(FolderStore(Path(text)), bucket)
    return Target(open_store(text), bucket)


class Copier:
    """Copies objects, from several threads.

    Args:
        source: where from.
        target: where to.
        dry_run: whether nothing is to be written.
        mend: whether digest files that are there without their metadata get them.
        stop: set when pauses are to end.

    Attributes:
        moved: bucket and key of a digest file as it says, and as it is now, if these differ; of the first such one.
    """

    def __init__(self, source: Store, target: Target, *, dry_run: bool, mend: bool, stop: threading.Event) -> None:
        self._source, self._target = source, target
        self._dry_run, self._mend, self._stop = dry_run, mend, stop
        self._first, self._connected = threading.Lock(), False
        self._noting = threading.Lock()
        self.moved: tuple[tuple[str, str], tuple[str, str]] | None = None

    def copy(self, entry: Entry, there: Entry | None) -> Outcome:
        """Copy an object.

        Args:
            entry: the object.
            there: what the target has under its key, as far as its listing tells.
        """
        try:
            if refusal := self._refusal(entry, there):
                return Outcome(entry.key, FAILED, why=refusal)
            if there is not None:
                return self._compared(entry, there)
            return Outcome(entry.key, COPIED, entry.size) if self._dry_run else self._created(entry)
        except BototrailError as error:
            return Outcome(entry.key, FAILED, why=str(error))

    def _refusal(self, entry: Entry, there: Entry | None) -> str:
        if self._target.store.bucket is None and not is_plain(entry.key):
            return "this key can be no file's path; it was left out"
        if max(entry.size, there.size if there else 0) > MAX_OBJECT:
            return f"it is larger than {MAX_OBJECT // 1024 // 1024} MB; it was left out"
        return ""

    def _created(self, entry: Entry) -> Outcome:
        key = entry.key
        found, is_digest = read_object(self._source, key), digest_name(key) is not None
        if not self._put(key, *(self._digest(found) if is_digest else (found.data, found.metadata))):
            try:
                return self._compared(entry, Entry(key, entry.size, 0.0))
            except MissingObjectError:
                return Outcome(key, FAILED, why="something that is no file has its name there")
        if is_digest:
            self._note_place(key, found.data)
        lost = bool(found.metadata) and not is_digest and self._target.store.bucket is None
        return Outcome(key, COPIED, len(found.data), why="; ".join(_remarks(key, found, is_digest, lost)))

    def _digest(self, found: Object) -> tuple[bytes, Mapping[str, str]]:
        """A digest file as the target wants it: a bucket in S3 has metadata, others need them in the gzip comment."""
        if self._target.store.bucket is not None or found.comment == found.told:
            return found.data, found.told
        return recommented(found.data, found.told) or found.data, found.told

    def _put(self, key: str, body: bytes, metadata: Mapping[str, str]) -> bool:
        """Put a new object and see that it arrived as it was; False when there is one of that key."""
        put = self._send(lambda: self._target.bucket.put(key, body, metadata=metadata))
        if not put.created:
            return False
        arrived = not _MD5.fullmatch(put.tag) or put.tag == md5(body)
        if not arrived and hash_of(self._target.store, key) != hashlib.sha256(body).hexdigest():
            raise DeliveryError(f"{put.where}: what is there now is not what was sent; delete it and copy it again")
        return True

    def _send(self, send: Callable[[], Put]) -> Put:
        """What `send` answers; the first one goes alone, because it makes the client."""
        if self._connected:
            return self._patiently(send)
        with self._first:
            answer = self._patiently(send)
            self._connected = True
            return answer

    def _patiently(self, send: Callable[[], Put]) -> Put:
        """What `send` answers; tried again when nobody knows what became of it."""
        for pause in _PAUSES:
            try:
                return send()
            except DeliveryError as error:  # noqa: PERF203 each try may fail
                if not error.perhaps or self._stop.wait(pause):
                    raise
        return send()

    def _compared(self, entry: Entry, there: Entry) -> Outcome:
        if digest_name(entry.key) is not None:
            return self._compared_digest(entry.key, there)
        same = entry.size == there.size and (
            self._has_tag_of(entry, there) or hash_of(self._source, entry.key) == hash_of(self._target.store, entry.key)
        )
        return Outcome(entry.key, SKIPPED) if same else Outcome(entry.key, DIFFERING, why=_OTHER)

    def _has_tag_of(self, entry: Entry, there: Entry) -> bool:
        """Whether ETags show that two objects are the same; where they do not, they may be all the same."""
        ours, theirs = (tag if _MD5.fullmatch(tag) else "" for tag in (entry.tag, there.tag))
        if ours and theirs:
            return ours == theirs
        if ours:
            return ours == hash_of(self._target.store, entry.key, "md5")
        return bool(theirs) and theirs == hash_of(self._source, entry.key, "md5")

    def _compared_digest(self, key: str, there: Entry) -> Outcome:
        found, other = read_object(self._source, key), read_object(self._target.store, key)
        if content_hash(found.data) != content_hash(other.data):
            return Outcome(key, DIFFERING, why=_OTHER)
        has = other.metadata if self._target.store.bucket is not None else other.told
        lacking = found.told.items() - has.items()
        if not lacking:
            return Outcome(key, SKIPPED)
        if any(name in has for name, _ in lacking):
            return Outcome(key, DIFFERING, why="it is there with another signature; it was left as it is")
        if not self._mend:
            return Outcome(key, DIFFERING, why=_BARE)
        if not self._dry_run:
            metadata = {**has, **found.told}
            body, _ = self._digest(Object(other.data, metadata, other.comment))
            self._send(lambda: self._target.bucket.replace(key, body, there.tag or md5(other.data), metadata))
        return Outcome(key, MENDED, len(other.data))

    def _note_place(self, key: str, data: bytes) -> None:
        """Note, once, a digest file that is elsewhere than it says."""
        with self._noting:
            if self.moved is not None:
                return
            try:
                told: Any = orjson.loads(b"".join(inflated(data, _MAX_JSON)))
                bucket, name = told["digestS3Bucket"], told["digestS3Object"]
            except (ValueError, TypeError, KeyError):
                return
            store = self._target.store
            here = store.bucket or bucket, store.prefix + key
            if here != (bucket, name):
                self.moved = (str(bucket), str(name)), here


def _remarks(key: str, found: Object, is_digest: bool, lost: bool) -> Iterator[str]:
    """What people should know of an object that was copied."""
    if key.endswith(".gz"):
        try:
            for _ in inflated(found.data):
                pass
        except ValueError as error:
            yield f"copied as it is, but {error}"
    if is_digest and not found.told:
        yield "copied without a signature: it has none"
    if is_digest and any(found.comment.get(name, value) != value for name, value in found.metadata.items()):
        yield "its metadata and its gzip comment differ; the metadata hold"
    if lost:
        yield "copied without its metadata: there is no place for them"
