"""A server that stands before another one, and fails in every way there is until it is well again."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Final

from servers import Http

PAGE: Final = b"<html><body>Please log in to the guest network.</body></html>"
SLOW: Final = 2.0
"""Seconds."""

# Neither header counts for what is behind it: the connection is another one, and answers have a new length.
_OF_THE_CONNECTION: Final = frozenset({"connection", "content-length", "expect", "keep-alive", "transfer-encoding"})


class Relay(Http):
    """Passes everything on to a server, once it is `well`.

    Args:
        behind: the server's URL.
        how: one of `WAYS`, in which it fails until then.
        denied: the body of its answer 403, as the service behind it would say it.
    """

    def __init__(self, behind: str, how: str, denied: bytes) -> None:
        self._behind, self._denied = behind.removeprefix("http://"), denied
        self._fail = WAYS[how]
        self.well, self.hung_up = threading.Event(), threading.Event()
        super().__init__()
        if how == "refused":
            self.close()

    def recover(self) -> None:
        """Have it well from now on."""
        self.well.set()
        self.hung_up.set()
        if self._fail is _refused:
            self.open()

    def handle(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """See `Http`."""
        if self.well.is_set():
            self.forward(request, body)
        else:
            self._fail(self, request, body)

    def forward(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Pass a request on, and its answer back."""
        headers = {name: value for name, value in request.headers.items() if name.lower() not in _OF_THE_CONNECTION}
        connection = http.client.HTTPConnection(self._behind, timeout=60)
        try:
            connection.request(request.command, request.path, body, headers)
            answer = connection.getresponse()
            kept = [(name, value) for name, value in answer.getheaders() if name.lower() not in _OF_THE_CONNECTION]
            self.send(request, answer.status, answer.read(), kept)
        finally:
            connection.close()

    def refuse(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        """Say that the caller may not do it."""
        self.send(request, 403, self._denied)


def _refused(relay: Relay, request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Nobody listens."""


def _hang(relay: Relay, request: BaseHTTPRequestHandler, body: bytes) -> None:
    relay.hung_up.wait()
    request.close_connection = True


def _slowly(relay: Relay, request: BaseHTTPRequestHandler, body: bytes) -> None:
    time.sleep(SLOW)
    relay.forward(request, body)


def _nonsense(relay: Relay, request: BaseHTTPRequestHandler, body: bytes) -> None:
    request.wfile.write(b"\0\1\2 this is not HTTP\r\n")
    request.close_connection = True


WAYS: Final[dict[str, Callable[[Relay, BaseHTTPRequestHandler, bytes], None]]] = {
    "refused": _refused,
    "403": Relay.refuse,
    "500": lambda relay, request, body: relay.send(request, 500, b""),
    "hanging": _hang,
    "slow": _slowly,
    "a page": lambda relay, request, body: relay.send(request, 200, PAGE),
    "nonsense": _nonsense,
}
