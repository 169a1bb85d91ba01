"""CloudTrail's protocol, JSON 1.1: `POST /` with the operation in X-Amz-Target."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bototrail.endpoint.answers import json_answer, json_error
from bototrail.endpoint.context import Context
from bototrail.endpoint.library import Library
from bototrail.endpoint.operations import OPERATIONS
from bototrail.endpoint.requests import read_request
from bototrail.errors import ServiceError

MAX_BODY: Final = 1024 * 1024
"""Bytes that a request may have."""

BODY_SECONDS: Final = 20.0
"""Seconds that a client may take to send one."""

_SCOPE: Final = re.compile(r"Credential=[^/,\s]+/\d{8}/(?P<region>[a-z0-9-]+)/")
_log: Final = logging.getLogger("bototrail.endpoint")


class JsonApi:
    """Answers `POST /`.

    Args:
        library: what is served.
    """

    def __init__(self, library: Library) -> None:
        self._library = library

    async def answer(self, request: Request) -> Response:
        """The answer to one request; what is refused, too."""
        target = request.headers.get("x-amz-target", "")
        try:
            body = await asyncio.wait_for(_body(request), BODY_SECONDS)
            return json_answer(await run_in_threadpool(self._call, target, body, _region(request)))
        except ServiceError as error:
            response = json_error(error)
        except (asyncio.TimeoutError, ClientDisconnect):
            response = json_error(ServiceError("RequestTimeoutException", "The request did not come to its end.", 408))
        except Exception:  # noqa: BLE001 an answer in any case
            _log.exception("%r failed", target)
            message = "The endpoint could not answer; why, its own output tells."
            response = json_error(ServiceError("InternalFailure", message, 500))
        if response.status_code in (408, 413):  # the rest of the body would be taken for the next request
            response.headers["connection"] = "close"
        return response

    def _call(self, target: str, body: bytes, region: str) -> dict[str, Any]:
        operation = OPERATIONS.get(target.rpartition(".")[2])
        if operation is None:
            name = target.rpartition(".")[2]
            message = f"expected an operation among {', '.join(OPERATIONS)}; found {name[:200]!r}"
            raise ServiceError("UnknownOperationException", message)
        return operation(read_request(target, body), Context(self._library, region))


async def _body(request: Request) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise ServiceError("RequestEntityTooLargeException", f"expected at most {MAX_BODY} bytes; found more", 413)
    return bytes(body)


def _region(request: Request) -> str:
    """The region in the scope of the client's signature."""
    found = _SCOPE.search(request.headers.get("authorization", ""))
    return found["region"] if found else ""
