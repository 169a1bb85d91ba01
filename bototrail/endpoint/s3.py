"""The reads of S3, path style: where a bucket is, what is in it, and objects."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote_to_bytes

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bototrail.clock import event_id
from bototrail.endpoint.answers import XMLNS, xml_answer, xml_error
from bototrail.endpoint.buckets import Buckets
from bototrail.endpoint.listing import PARAMETERS, bucket_listing
from bototrail.endpoint.objects import answer_object
from bototrail.errors import BototrailError, ServiceError

_KEY_BYTES: Final = 1024  # [S3: object key naming]
_METHODS: Final = ("GET", "HEAD")
_log: Final = logging.getLogger("bototrail.endpoint")


class S3Reads:
    """Answers `/BUCKET` and `/BUCKET/KEY`.

    Args:
        buckets: what is served.
    """

    def __init__(self, buckets: Buckets) -> None:
        self._buckets = buckets

    async def answer(self, request: Request) -> Response:
        """The answer to one request; what is refused, too."""
        path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
        try:
            response = await run_in_threadpool(self._answer, request, path)
        except ServiceError as error:
            response = xml_error(error, path.decode(errors="replace"))
        except Exception as error:  # noqa: BLE001 an answer in any case
            known = isinstance(error, BototrailError)
            _log.warning("%s %r failed: %s", request.method, path, error, exc_info=not known)
            message = "We encountered an internal error. Please try again."
            response = xml_error(ServiceError("InternalError", message, 500), path.decode(errors="replace"))
        if request.method == "HEAD" and response.status_code >= 400:
            return Response(status_code=response.status_code)
        if request.method not in _METHODS:  # a client that was told to go on before it sends the body never sends it
            response.headers["connection"] = "close"
        return response

    def _answer(self, request: Request, path: bytes) -> Response:
        if request.method not in _METHODS:
            message = "The specified method is not allowed against this resource: nothing is written here."
            raise ServiceError("MethodNotAllowed", message, 405)
        bucket, key = _parts(path)
        if not (bucket or key):
            raise ServiceError("NotImplemented", "ListBuckets is not implemented: name a bucket", 501)
        query = dict(_query(request.url.query))
        store = self._buckets.find(bucket)
        if key:
            _only(query, {"x-id"})
            return answer_object(store, key, request.headers, head=request.method == "HEAD")
        if request.method == "HEAD":
            return Response(headers={"x-amz-bucket-region": "us-east-1", "x-amz-request-id": event_id()})
        if "location" in query:
            return xml_answer(f'<LocationConstraint xmlns="{XMLNS}"/>')
        _only(query, PARAMETERS)
        return xml_answer(bucket_listing(store, bucket, query))


def _parts(path: bytes) -> tuple[str, str]:
    """Bucket and key of a path: parted before it is decoded, and never made shorter, because keys may have `..`."""
    bucket, _, key = path.removeprefix(b"/").partition(b"/")
    try:
        found = unquote_to_bytes(bucket).decode(), unquote_to_bytes(key).decode()
    except UnicodeDecodeError:
        raise ServiceError("InvalidURI", "Couldn't parse the specified URI.") from None
    if len(found[1].encode()) > _KEY_BYTES:
        raise ServiceError("KeyTooLongError", "Your key is too long")
    return found


def _query(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=100)
    except ValueError:  # no UTF-8, or too many
        raise ServiceError("InvalidURI", "Couldn't parse the specified URI.") from None


def _only(query: Mapping[str, str], known: frozenset[str] | set[str]) -> None:
    """Raises for what asks for something else of a bucket or object, such as `?acl`."""
    others = sorted(name for name in query if name not in known and not name.lower().startswith("x-amz-"))
    if others:
        message = f"A parameter you provided implies functionality that is not implemented: {others[0][:200]}"
        raise ServiceError("NotImplemented", message, 501)
