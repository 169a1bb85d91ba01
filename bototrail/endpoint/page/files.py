"""The page's own files."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from starlette.datastructures import Headers
from starlette.responses import Response

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}

# Nothing runs, loads or is styled but by our own files, no page may hold ours in a frame, and no text becomes markup.
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; "
    "trusted-types 'none'"
)
_HEADERS: Final = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_MARK: Final = b"{static}"


class _Files(NamedTuple):
    """All files.

    Attributes:
        mark: another one as soon as one of them is another.
        content: by name.
    """

    mark: str
    content: dict[str, bytes]


@cache
def _files() -> _Files:
    folder = files("bototrail.endpoint.page") / "static"
    found = {
        each.name: each.read_bytes()
        for each in sorted(folder.iterdir(), key=lambda each: each.name)
        if each.name.rpartition(".")[2] in _TYPES
    }
    whole = hashlib.sha256(b"".join(name.encode() + b"\0" + content for name, content in found.items()))
    return _Files(whole.hexdigest()[:16], found)


def mark() -> str:
    """What tells the page's files from those of other releases."""
    return _files().mark


def page(headers: Headers) -> Response:
    """The page: asked for anew each time, and only sent when it is another one.

    Args:
        headers: of the request.
    """
    etag = f'"{mark()}"'
    if etag in headers.get("if-none-match", ""):
        return Response(status_code=304, headers={**_HEADERS, "etag": etag, "cache-control": "no-cache"})
    content = _files().content["page.html"].replace(_MARK, f"/-/static/{mark()}".encode())
    more = {"content-type": _TYPES["html"], "etag": etag, "cache-control": "no-cache"}
    return Response(content, headers={**_HEADERS, **more})


def static_file(path: str) -> Response | None:
    """A file of the page, None when there is none of this name and release; kept by browsers for good.

    Args:
        path: behind `/-/static/`; the files' mark is a part of it, so that files of two releases are never mixed.
    """
    release, _, name = path.partition("/")
    content = _files().content.get(name)
    if release != mark() or content is None or name == "page.html":
        return None
    kind = _TYPES[name.rpartition(".")[2]]
    more = {"content-type": kind, "cache-control": "public, max-age=31536000, immutable"}
    return Response(content, headers={**_HEADERS, **more})
