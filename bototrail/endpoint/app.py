"""The application: CloudTrail's API at `POST /`, S3's reads below."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bototrail.endpoint.buckets import Buckets
from bototrail.endpoint.guard import Guard
from bototrail.endpoint.json_api import JsonApi
from bototrail.endpoint.library import Library
from bototrail.endpoint.s3 import S3Reads


def application(library: Library, hosts: Iterable[str], token: str | None = None) -> Guard:
    """The ASGI application.

    Args:
        library: what is served.
        hosts: what a Host header may be; anything when empty.
        token: what clients must send, None for nothing.
    """
    api, reads = JsonApi(library), S3Reads(Buckets(library.places))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # No router of Starlette's: it cleans paths, and a key may be anything.
        is_call = scope["method"] == "POST" and scope["path"] == "/"
        request = Request(scope, receive)
        response = await (api.answer(request) if is_call else reads.answer(request))
        await response(scope, receive, send)

    return Guard(app, hosts, token)
