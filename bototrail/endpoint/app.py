"""The application: CloudTrail's API at `POST /`, the page at `GET /` and below `/-/`, S3's reads elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from bototrail.endpoint.buckets import Buckets
from bototrail.endpoint.guard import Guard
from bototrail.endpoint.json_api import JsonApi
from bototrail.endpoint.library import Library
from bototrail.endpoint.page.door import is_for_page
from bototrail.endpoint.page.routes import Page
from bototrail.endpoint.s3 import S3Reads


def application(
    library: Library, hosts: Iterable[str], token: str | None = None, stopping: Callable[[], bool] = lambda: False
) -> Guard:
    """The ASGI application.

    Args:
        library: what is served.
        hosts: what a Host header may be; anything when empty.
        token: what clients must send, None for nothing.
        stopping: whether the server ends, and nobody is to wait for news.
    """
    api, reads = JsonApi(library), S3Reads(Buckets(library.places))
    page = Page(library, token, stopping)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        # No router of Starlette's: it cleans paths, and a key may be anything.
        request = Request(scope, receive)
        method, path = scope["method"], scope["path"]
        if method == "POST" and path == "/":
            response = await api.answer(request)
        elif is_for_page(method, path, request.url.query, request.headers.get("authorization", "")):
            response = await page.answer(request)
        else:
            response = await reads.answer(request)
        await response(scope, receive, send)

    return Guard(app, hosts, token)
