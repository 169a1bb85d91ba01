"""The application: CloudTrail's API at `POST /`, S3's reads below."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bototrail.endpoint.buckets import Buckets
from bototrail.endpoint.guard import Guard
from bototrail.endpoint.json_api import JsonApi
from bototrail.endpoint.library import Library
from bototrail.endpoint.s3 import S3Reads

_METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]


def application(library: Library, hosts: Iterable[str], token: str | None = None) -> Guard:
    """The ASGI application.

    Args:
        library: what is served.
        hosts: what a Host header may be; anything when empty.
        token: what clients must send, None for nothing.
    """
    api, reads = JsonApi(library), S3Reads(Buckets(library.places))

    async def cloudtrail(request: Request) -> Response:
        return await api.answer(request)

    async def s3(request: Request) -> Response:
        return await reads.answer(request)

    routes = [Route("/", cloudtrail, methods=["POST"]), Route("/{path:path}", s3, methods=_METHODS)]
    return Guard(Starlette(routes=routes), hosts, token)
