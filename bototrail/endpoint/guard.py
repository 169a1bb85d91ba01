"""Who may ask: checks before every request, and headers on every answer."""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bototrail.endpoint.answers import json_error, xml_error
from bototrail.endpoint.page.door import BELOW, has_cookie, is_for_page, is_from_elsewhere, needs_no_token
from bototrail.errors import ConfigError, ServiceError

TOKEN: Final = re.compile(r"[A-Za-z0-9._~-]{16,128}")
"""It goes through the credential scope of a signature, where `/` parts, and must be too long to be guessed."""

_KEY_ID: Final = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/,\s]+)/")

_BEARER: Final = re.compile("^Bearer +", re.IGNORECASE)  # schemes have no case [RFC 9110, section 11.1]

# Answers are data of unknown people: nothing of them is to run or to be shown by a browser, on any page.
_HEADERS: Final = {
    "content-security-policy": "default-src 'none'",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine for itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def hosts_of(host: str, port: int) -> frozenset[str]:
    """What a Host header may be; empty when it may be anything, because the server listens on all addresses.

    A page in a browser could reach us under a name of its own (DNS rebinding); then its name is in the header.
    """
    names = {"localhost", "127.0.0.1", "[::1]"} if is_loopback(host) else set()
    try:
        address = ipaddress.ip_address(host)
        if address.is_unspecified:
            return frozenset()
        names.add(f"[{address}]" if address.version == 6 else str(address))
    except ValueError:
        names.add(host.lower())
    return frozenset({f"{name}:{port}" for name in names} | (names if port == 80 else set()))


def check_token(host: str, token: str | None) -> None:
    """Whether a server may listen there with this token.

    Raises:
        ConfigError: other machines can reach it and there is no token, or the token is none that clients can send.
    """
    if token is None and not is_loopback(host):
        todo = "set BOTOTRAIL_TOKEN to a secret of at least 16 characters, or listen on 127.0.0.1"
        raise ConfigError(f"a token for a server that others can reach on {host}", "none", todo)
    if token is not None and not TOKEN.fullmatch(token):
        todo = "choose one such as python -c 'import secrets; print(secrets.token_urlsafe(24))' prints"
        raise ConfigError("a token of 16 to 128 letters, digits, '.', '_', '~' and '-'", "another", todo)


class Guard:
    """Lets requests through to an application.

    Args:
        app: the application.
        hosts: what a Host header may be; anything when empty.
        token: what clients must send as their access key id or as a bearer token, None for nothing; browsers that have
            given it once have a cookie.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str | None) -> None:
        self._app, self._hosts, self._token = app, frozenset(hosts), token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        try:
            self._check(Headers(scope=scope), scope["method"], scope["path"], scope["query_string"].decode("latin-1"))
        except ServiceError as error:
            is_json = scope["path"] == "/" or scope["path"].startswith(BELOW)
            answer = json_error(error) if is_json else xml_error(error, scope["path"])
            answer.headers["connection"] = "close"
            await answer(scope, receive, _with_headers(send))
            return
        await self._app(scope, receive, _with_headers(send))

    def _check(self, headers: Headers, method: str, path: str, query: str) -> None:
        hosts = headers.getlist("host")
        if len(hosts) != 1 or (self._hosts and hosts[0].lower() not in self._hosts):
            expected = " or ".join(sorted(self._hosts)) or "one"
            message = f"expected {expected} as Host; found {', '.join(hosts)[:200] or 'none'}; use the address shown"
            raise ServiceError("AccessDenied", message, 403)
        origin = headers.get("origin")
        if method not in ("GET", "HEAD") and origin is not None and origin.partition("://")[2] != hosts[0]:
            raise ServiceError("AccessDenied", "expected no Origin but our own: pages of others may not ask", 403)
        if path.startswith(BELOW) and is_from_elsewhere(headers):
            raise ServiceError("AccessDenied", "expected our own page: those of others may not ask", 403)
        if not self._may(headers, method, path, query):
            message = "expected the token as access key id (AWS_ACCESS_KEY_ID) or as bearer token"
            raise ServiceError("UnrecognizedClientException", message, 403)

    def _may(self, headers: Headers, method: str, path: str, query: str) -> bool:
        """Whether somebody knows the token, or does not need it. A cookie opens the page alone, and only to look."""
        authorization = headers.get("authorization", "")
        if self._token is None or self._is_known(authorization):
            return True
        if not is_for_page(method, path, query, authorization):
            return False
        return needs_no_token(method, path) or (method in ("GET", "HEAD") and has_cookie(self._token, headers))

    def _is_known(self, authorization: str) -> bool:
        """Whether the token was sent; the signature itself is not looked at."""
        found = _KEY_ID.match(authorization)
        given = found[1] if found else _BEARER.sub("", authorization)
        return hmac.compare_digest(given.encode(), (self._token or "").encode())


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
