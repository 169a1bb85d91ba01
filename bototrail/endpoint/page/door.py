"""Which requests are for the page, and who comes in with a browser, which can send no token of its own."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl

BELOW: Final = "/-/"
"""What all paths of the page begin with, but for `/` itself."""

STATIC: Final = "/-/static/"
"""Files of the package; there is nothing secret in them."""

_SIGNATURES: Final = frozenset({"x-amz-signature", "x-amz-algorithm", "signature"})


def is_for_page(method: str, path: str, query: str, authorization: str) -> bool:
    """Whether a request is for the page; `GET /` is also how S3's clients ask for all buckets, but they sign it.

    Args:
        method: of the request.
        path: decoded.
        query: as it was sent.
        authorization: the header, empty when there is none.
    """
    if path.startswith(BELOW):
        return True
    if path != "/" or method not in ("GET", "HEAD") or authorization.startswith("AWS"):
        return False
    return not any(name.lower() in _SIGNATURES for name, _ in parse_qsl(query, keep_blank_values=True))


def needs_no_token(method: str, path: str) -> bool:
    """Whether somebody without the token may have it: the page without any event, where he can give the token."""
    return method in ("GET", "HEAD") and (path == "/" or path.startswith(STATIC))


def is_from_elsewhere(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks for somebody else's page (Fetch Metadata, section 2.2)."""
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none")


def cookie_of(token: str, host: str) -> tuple[str, str]:
    """Name and value of the cookie of who knows the token.

    Browsers send cookies to all ports of a host, so the name tells ours from those of other servers. The value is worth
    nothing elsewhere: not as token, and not for another host.

    Args:
        token: the server's.
        host: the Host header.
    """
    host = host.lower()
    value = hmac.new(token.encode(), b"bototrail page\n" + host.encode(), hashlib.sha256).hexdigest()
    return f"bototrail-{host.rpartition(':')[2] if ':' in host.rpartition(']')[2] else '80'}", value


def has_cookie(token: str, headers: Mapping[str, str]) -> bool:
    """Whether a browser has the cookie of who knows the token."""
    name, value = cookie_of(token, headers.get("host", ""))
    cookies: SimpleCookie = SimpleCookie()
    try:
        cookies.load(headers.get("cookie", ""))
    except CookieError:
        return False
    found: Any = cookies.get(name)
    return found is not None and hmac.compare_digest(found.value.encode(), value.encode())


def set_cookie(token: str, host: str) -> str:
    """The Set-Cookie header that lets a browser in until it is closed."""
    name, value = cookie_of(token, host)
    return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict"
