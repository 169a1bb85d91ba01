"""The paths of the page: `/`, its files, and what it asks for below `/-/`."""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timezone
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from bototrail.clock import now
from bototrail.endpoint.library import Library
from bototrail.endpoint.page import asked, files
from bototrail.endpoint.page.door import BELOW, STATIC, set_cookie
from bototrail.endpoint.page.download import FORMATS
from bototrail.endpoint.page.lookups import ANSWERS
from bototrail.endpoint.page.state import state
from bototrail.endpoint.page.watch import Watch
from bototrail.errors import BototrailError
from bototrail.history.several import Histories

_THREADS: Final = 8  # that lookups of pages may take; S3's reads have others
_DOWNLOADS: Final = 4  # at a time
_HEADERS: Final = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
_log: Final = logging.getLogger("bototrail.endpoint")


class Page:
    """Answers `GET /` and what is below `/-/`.

    Args:
        library: what is served.
        token: what opens the page, None for nothing.
        stopping: whether the server ends.
    """

    def __init__(self, library: Library, token: str | None, stopping: Callable[[], bool]) -> None:
        self._library, self._token = library, token
        self._threads: CapacityLimiter | None = None  # made where it is used: in the server's event loop
        self._downloads = 0
        self._watch = Watch(lambda: self._aside(state, self._library), stopping)

    async def answer(self, request: Request) -> Response:
        """The answer to one request; what is refused, too."""
        try:
            return await self._answer(request, request.scope["path"])
        except asked.AskedError as error:
            return _refusal(error.field, error.message, 404 if error.field == "id" else 400)
        except BototrailError as error:
            return _refusal("", str(error), 503)
        except Exception:  # noqa: BLE001 an answer in any case
            _log.exception("%s %r failed", request.method, request.scope["path"])
            return _refusal("", "the endpoint could not answer; why, its own output tells", 500)

    async def _answer(self, request: Request, path: str) -> Response:
        if path == f"{BELOW}login":
            return self._login(request)
        if request.method not in ("GET", "HEAD"):
            return _refusal("", "expected GET: nothing is changed here", 405)
        if path == "/":
            return self._page(request)
        if path.startswith(STATIC):
            found = files.static_file(path.removeprefix(STATIC))
            return found or _refusal("", "there is no such file in this release; load the page anew", 404)
        return await self._told(request, path.removeprefix(BELOW))

    def _page(self, request: Request) -> Response:
        given = asked.parameters(request.url.query)
        if "token" in given:
            # Out of the address at once: it is kept in the browser's history, and shown on every screenshot.
            token, rest = given.pop("token"), urlencode(given)
            answer: Response = RedirectResponse(f"/?{rest}" if rest else "/", 303, _HEADERS)
            if self._token is not None and hmac.compare_digest(token.encode(), self._token.encode()):
                answer.headers["set-cookie"] = set_cookie(self._token, request.headers["host"])
            return answer
        return files.page(request.headers)

    def _login(self, request: Request) -> Response:
        """The guard has let it through, so the token was sent as a bearer token."""
        if request.method != "POST":
            return _refusal("", "expected POST", 405)
        headers = dict(_HEADERS)
        if self._token is not None:
            headers["set-cookie"] = set_cookie(self._token, request.headers["host"])
        return Response(status_code=204, headers=headers)

    async def _told(self, request: Request, name: str) -> Response:
        given = asked.parameters(request.url.query)
        if name == "state":
            return _json(await self._watch.news(given.get("seen", ""), request.is_disconnected))
        kind = name.removeprefix("download.")
        if name not in ANSWERS and (kind == name or kind not in FORMATS):
            return _refusal("", f"expected one of {', '.join([*ANSWERS, 'state'])}; found {name[:100]!r}", 404)
        if self._library.live is None:
            return _refusal("", "events are not looked up here", 503)
        history = self._library.live.history
        if name in ANSWERS:
            return _json(await self._aside(ANSWERS[name], history, given))
        return self._download(request.method, history, given, kind)

    async def _aside(self, function: Callable[..., dict[str, Any]], *arguments: Any) -> dict[str, Any]:
        self._threads = self._threads or CapacityLimiter(_THREADS)
        return await to_thread.run_sync(partial(function, *arguments), limiter=self._threads)

    def _download(self, method: str, history: Histories, given: Mapping[str, str], kind: str) -> Response:
        query = asked.query_of(given)
        reverse = asked.choice(given, "order", ("newest", "oldest")) == "oldest"
        content_type, write = FORMATS[kind]
        stamp = datetime.fromtimestamp(now(), timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        headers = {**_HEADERS, "content-disposition": f'attachment; filename="events-{stamp}.{kind}"'}
        if method == "HEAD":
            return Response(headers=headers, media_type=content_type)
        if self._downloads >= _DOWNLOADS:
            return _refusal("", f"expected at most {_DOWNLOADS} downloads at a time; wait for another one's end", 503)
        every = history.every_stored if kind == "json" else history.every
        content = self._counted(write(every(query, reverse=reverse)))
        return StreamingResponse(content, headers=headers, media_type=content_type)

    def _counted(self, content: Iterator[bytes]) -> Iterator[bytes]:
        self._downloads += 1
        try:
            yield from content
        finally:
            self._downloads -= 1


def _json(content: Mapping[str, Any]) -> Response:
    return Response(orjson.dumps(content), headers=_HEADERS, media_type="application/json")


def _refusal(field: str, message: str, status: int) -> Response:
    return Response(
        orjson.dumps({"field": field, "message": message}), status, headers=_HEADERS, media_type="application/json"
    )
