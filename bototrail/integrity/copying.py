"""One object of a bucket is copied into another one: what is there already, its metadata, and whether it is as it was."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bototrail.deliver.buckets import Bucket, Put, open_bucket
from bototrail.errors import BototrailError, ConfigError, DeliveryError, MissingObjectError
from bototrail.integrity.form import comment_of, digest_name
from bototrail.integrity.gzipped import inflated, recommented
from bototrail.settings import bucket_location
from bototrail.store import Entry, Store, open_store
from bototrail.store.base import CHUNK, is_plain
from bototrail.store.folder import FolderStore

COPIED: Final = "copied"
SKIPPED: Final = "skipped"
MENDED: Final = "mended"
DIFFERING: Final = "differing"
FAILED: Final = "failed"
"""What becomes of an object."""

MAX_OBJECT: Final = 50 * 1024 * 1024
"""Bytes of the largest object that is copied: each one is held in memory. CloudTrail's own are far smaller."""

_MAX_JSON: Final = 8 * 1024 * 1024
"""Bytes of the largest digest file that is asked where it is; an hour of 10,000 log files has half of it."""

_MD5: Final = re.compile(r"[0-9a-f]{32}")
_PAUSES: Final = (0.3, 1.0, 3.0)
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


class _Object(NamedTuple):
    """An object in memory; what a folder has for metadata stands in the comment of the gzip header."""

    data: bytes
    metadata: Mapping[str, str]
    comment: Mapping[str, str]

    @property
    def told(self) -> Mapping[str, str]:
        return self.metadata or self.comment


class Copier:
    """Copies objects, from several threads.

    Args:
        source: where from.
        target: where to.
        dry_run: whether nothing is to be written.
        mend: whether digest files that are there without their metadata get them.
        stop: set when pauses are to end.

    Attributes:
        moved: where the first digest file says that it is that says so wrongly, and where it was put.
    """

    def __init__(self, source: Store, target: Target, *, dry_run: bool, mend: bool, stop: threading.Event) -> None:
        self._source, self._target = source, target
        self._dry_run, self._mend, self._stop = dry_run, mend, stop
        self._first, self._connected = threading.Lock(), False
        self._noting = threading.Lock()
        self.moved: tuple[str, str] | None = None

    def copy(self, entry: Entry, there: Entry | None) -> Outcome:
        """Copy an object.

        Args:
            entry: the object.
            there: what the target has under its key, as far as its listing tells.
        """
        try:
            return self._copy(entry, there)
        except BototrailError as error:
            return Outcome(entry.key, FAILED, why=str(error))

    def _copy(self, entry: Entry, there: Entry | None) -> Outcome:
        key = entry.key
        if self._target.store.bucket is None and not is_plain(key):
            return Outcome(key, FAILED, why="this key can be no file's path; it was left out")
        if max(entry.size, there.size if there else 0) > MAX_OBJECT:
            return Outcome(key, FAILED, why=f"it is larger than {MAX_OBJECT // 1024 // 1024} MB; it was left out")
        is_digest = digest_name(key) is not None
        if there is not None and not is_digest:
            return self._compared(entry, there)
        if there is None and self._dry_run:
            return Outcome(key, COPIED, entry.size)
        found = _read(self._source, key)
        if is_digest and there is not None:
            return self._compared_digest(entry, found, there)
        done = self._put(key, *(self._digest(found) if is_digest else (found.data, found.metadata)))
        if not done:
            other = Entry(key, entry.size, 0.0)
            try:
                return self._compared_digest(entry, found, other) if is_digest else self._compared(entry, other)
            except MissingObjectError:
                return Outcome(key, FAILED, why="something that is no file has its name there")
        if is_digest:
            self._note_place(key, found.data)
        lost = bool(found.metadata) and not is_digest and self._target.store.bucket is None
        return Outcome(key, COPIED, len(found.data), why="; ".join(_remarks(key, found, is_digest, lost)))

    def _digest(self, found: _Object) -> tuple[bytes, Mapping[str, str]]:
        """A digest file as the target wants it: a bucket in S3 has metadata, others need them in the gzip comment."""
        if self._target.store.bucket is not None or found.comment == found.told:
            return found.data, found.told
        return recommented(found.data, found.told) or found.data, found.told

    def _put(self, key: str, body: bytes, metadata: Mapping[str, str]) -> bool:
        """Put a new object and see that it arrived as it was; False when there is one of that key."""
        put = self._send(lambda: self._target.bucket.put(key, body, metadata=metadata))
        if not put.created:
            return False
        arrived = not _MD5.fullmatch(put.tag) or put.tag == _md5(body)
        if not arrived and _hash(self._target.store, key) != hashlib.sha256(body).digest():
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
        key = entry.key
        same = entry.size == there.size and (
            self._has_tag_of(entry, there) or _hash(self._source, key) == _hash(self._target.store, key)
        )
        return (
            Outcome(key, SKIPPED) if same else Outcome(key, DIFFERING, why="another one is there; it was left as it is")
        )

    def _has_tag_of(self, entry: Entry, there: Entry) -> bool:
        """Whether ETags show that two objects are the same; where they do not, they may be all the same."""
        ours, theirs = (tag if _MD5.fullmatch(tag) else "" for tag in (entry.tag, there.tag))
        if ours and theirs:
            return ours == theirs
        if ours:
            return ours == _hash(self._target.store, entry.key, "md5").hex()
        return bool(theirs) and theirs == _hash(self._source, entry.key, "md5").hex()

    def _compared_digest(self, entry: Entry, found: _Object, there: Entry) -> Outcome:
        key, other = entry.key, _read(self._target.store, entry.key)
        if _content_hash(found.data) != _content_hash(other.data):
            return Outcome(key, DIFFERING, why="another one is there; it was left as it is")
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
            body, _ = self._digest(_Object(other.data, metadata, other.comment))
            self._send(lambda: self._target.bucket.replace(key, body, there.tag or _md5(other.data), metadata))
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
                self.moved = f"s3://{bucket}/{name}", f"s3://{here[0]}/{here[1]}"


def _read(store: Store, key: str) -> _Object:
    data = bytearray()
    with store.open(key) as opened:
        while part := opened.read(CHUNK):
            data += part
            if len(data) > MAX_OBJECT:
                raise ConfigError(f"an object of at most {MAX_OBJECT} bytes at {key}", "more", "copy it otherwise")
        metadata = dict(opened.metadata)
    comment = {name.lower(): value for name, value in comment_of(bytes(data)).items()} if digest_name(key) else {}
    return _Object(bytes(data), metadata, comment)


def _hash(store: Store, key: str, name: str = "sha256") -> bytes:
    found = hashlib.new(name, usedforsecurity=False)
    with store.open(key) as opened:
        while part := opened.read(CHUNK):
            found.update(part)
    return found.digest()


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def _content_hash(data: bytes) -> bytes:
    """The hash of what a gzip file holds; of what is none, of itself."""
    found = hashlib.sha256()
    try:
        for part in inflated(data):
            found.update(part)
    except ValueError:
        return hashlib.sha256(data).digest()
    return found.digest()


def _remarks(key: str, found: _Object, is_digest: bool, lost: bool) -> Iterator[str]:
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
