"""GetObject and HeadObject."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import ExitStack
from email.utils import formatdate
from typing import Final
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse

from bototrail.clock import event_id
from bototrail.endpoint.listing import tag, written
from bototrail.errors import MissingObjectError, ServiceError
from bototrail.integrity.form import BACKFILL_TIMESTAMP, SIGNATURE, SIGNATURE_ALGORITHM, comment_of, digest_name
from bototrail.store import Entry, Opened, Store
from bototrail.store.base import CHUNK

_COMMENTED: Final = (SIGNATURE, SIGNATURE_ALGORITHM, BACKFILL_TIMESTAMP)
_NAME: Final = re.compile(r"[a-z0-9!#$&'*+.^_|~-]{1,128}")
_VALUE: Final = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,8190}[\x21-\x7e])?")
_RANGE: Final = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class _Reading:
    """An object that is being read.

    Args:
        store: the bucket.
        key: the object's key in S3.
    """

    def __init__(self, store: Store, key: str) -> None:
        self.close = ExitStack()
        if not key.startswith(store.prefix):
            raise MissingObjectError(key)
        own = key[len(store.prefix) :]
        opened: Opened = self.close.enter_context(store.open(own))
        try:
            self.read = opened.read
            self.entry = opened.entry or _listed(store, own)
            self.first = opened.read(CHUNK)
            self.metadata = _metadata(opened.metadata, self.first, key)
        except BaseException:
            self.close.close()
            raise

    def after(self, start: int) -> bytes:
        """The next bytes from `start` on, which must not be before those read already; none at the end."""
        chunk, self.first = self.first or self.read(CHUNK), b""
        while chunk and start >= len(chunk):
            start -= len(chunk)
            chunk = self.read(CHUNK)
        return chunk[start:]


def _listed(store: Store, key: str) -> Entry:
    """What a listing says, where opening does not tell."""
    found = next(store.entries(key), None)
    if found is None or found.key != key:
        raise MissingObjectError(key)
    return found


def _metadata(stored: Mapping[str, str], first: bytes, key: str) -> dict[str, str]:
    """The metadata, as far as headers can have it; that of a digest file out of its gzip comment if need be."""
    found = dict(stored)
    if not found and digest_name(key) is not None:
        comment = comment_of(first)
        found = {name: comment[name] for name in _COMMENTED if name in comment}
    return {name: text for name, text in found.items() if _NAME.fullmatch(name) and _VALUE.fullmatch(text)}


def answer_object(store: Store, key: str, request: Mapping[str, str], *, head: bool) -> Response:
    """The answer to GetObject or HeadObject.

    Args:
        store: the bucket.
        key: the object's key in S3.
        request: headers of the request, lower case: Range, If-Match and If-None-Match are heeded.
        head: whether only the headers are wanted.

    Raises:
        ServiceError: NoSuchKey, InvalidRange, PreconditionFailed.
        BucketError: the bucket cannot be read.
    """
    try:
        reading = _Reading(store, key)
    except MissingObjectError:
        raise ServiceError("NoSuchKey", "The specified key does not exist.", 404) from None
    try:
        return _answer(reading, key, request, head)
    except BaseException:
        reading.close.close()
        raise


def _answer(reading: _Reading, key: str, request: Mapping[str, str], head: bool) -> Response:
    headers = _headers(reading, key)
    if _differs(request.get("if-match"), headers["etag"]):
        raise ServiceError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)
    if "if-none-match" in request and not _differs(request["if-none-match"], headers["etag"]):
        reading.close.close()
        return Response(status_code=304, headers=headers)
    size = reading.entry.size
    start, end = _range(request.get("range", ""), size)
    status = 200
    if (start, end) != (0, size) or request.get("range"):
        status, headers["content-range"] = 206, f"bytes {start}-{end - 1}/{size}"
    headers["content-length"] = str(end - start)
    if head or end <= len(reading.first):
        body = b"" if head else reading.first[start:end]
        reading.close.close()
        return Response(body, status, headers)
    return StreamingResponse(_chunks(reading, start, end), status, headers)


async def _chunks(reading: _Reading, start: int, end: int) -> AsyncIterator[bytes]:
    """The bytes from `start` to `end`; an object that has become shorter meanwhile ends before."""
    try:
        skip = start
        while start < end and (chunk := await run_in_threadpool(reading.after, skip)):
            chunk = chunk[: end - start]
            start, skip = start + len(chunk), 0
            yield chunk
    finally:
        reading.close.close()


def _headers(reading: _Reading, key: str) -> dict[str, str]:
    name = quote(key.rpartition("/")[2], safe="", errors="replace")
    return {
        "accept-ranges": "bytes",
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-type": "application/x-gzip" if key.endswith(".gz") else "application/octet-stream",
        "etag": f'"{tag(reading.entry)}"',
        "last-modified": formatdate(written(reading.entry), usegmt=True),
        "x-amz-request-id": event_id(),
        **{f"x-amz-meta-{name}": text for name, text in reading.metadata.items()},
    }


def _differs(wanted: str | None, etag: str) -> bool:
    """Whether a condition names other ETags."""
    return wanted is not None and wanted.strip() != "*" and etag not in [one.strip() for one in wanted.split(",")]


def _range(text: str, size: int) -> tuple[int, int]:
    """From where to where is wanted; what is no single range means the whole, as HTTP has it (RFC 9110, 14.2)."""
    found = _RANGE.fullmatch(text.strip())
    if found is None or found[0] == "bytes=-":
        return 0, size
    if not found[1]:
        start, end = max(0, size - int(found[2])), size
    else:
        start, end = int(found[1]), min(size, int(found[2]) + 1) if found[2] else size
    if start >= end:
        raise ServiceError("InvalidRange", "The requested range is not satisfiable", 416)
    return start, end
