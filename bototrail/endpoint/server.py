"""The server: a socket, uvicorn on it, and an end without noise."""

from __future__ import annotations

import signal
import socket
import threading
from contextlib import nullcontext
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from bototrail.endpoint.guard import check_token, hosts_of
from bototrail.errors import ConfigError

if TYPE_CHECKING:
    import asyncio

    from bototrail.endpoint.library import Library

HEAD_SECONDS: Final = 20.0
"""Seconds that a client may take for the head of a request."""

IDLE_SECONDS: Final = 60
"""Seconds that a connection is kept between requests."""

CONNECTIONS: Final = 256
"""Connections at a time; more are answered 503."""

_HEAD_BYTES: Final = 32 * 1024
_END_SECONDS: Final = 3


def listen(host: str, port: int) -> socket.socket:
    """A socket that clients can connect to already.

    Args:
        host: a name or address of this machine.
        port: 0 for a free one.

    Raises:
        ConfigError: it cannot be had.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # Not socket.create_server: asyncio turns off Nagle's algorithm, which makes every answer wait for 40 ms, only
        # on sockets whose protocol is given.
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except BaseException:
            listening.close()
            raise
        return listening
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        todo = "choose another with --port, or --port 0 for any free one, or end the program that listens there"
        raise ConfigError(f"a port to listen on at {host}:{port}", reason, todo) from None


def url_of(listening: socket.socket, host: str) -> str:
    """What clients reach a socket by."""
    name = f"[{host}]" if ":" in host else host
    return f"http://{name}:{listening.getsockname()[1]}"


def serve(library: Library, listening: socket.socket, host: str, token: str | None = None) -> None:
    """Answer, and keep the history up to date, until SIGINT or SIGTERM comes; for the main thread.

    Args:
        library: what is served.
        listening: from `listen`.
        host: as given to `listen`.
        token: what clients must send, None for nothing.

    Raises:
        ConfigError: other machines can reach the host, and there is no token.
    """
    server = make_server(library, listening, host, token)

    def end(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn's own handlers raise the signal again when all is done, which would look like a failure.
    before = {each: signal.signal(each, end) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        with library.live or nullcontext():
            thread = threading.Thread(target=server.run, args=([listening],), name="bototrail-serve")
            thread.start()
            while thread.is_alive():
                thread.join(0.2)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def make_server(library: Library, listening: socket.socket, host: str, token: str | None = None) -> Any:
    """A `uvicorn.Server` for `run([listening])`; `should_exit` ends it.

    Raises:
        ConfigError: other machines can reach the host, and there is no token.
    """
    import uvicorn

    from bototrail.endpoint.app import application

    check_token(host, token)
    hosts = hosts_of(host, listening.getsockname()[1])
    app = application(library, hosts, token, lambda: server.should_exit)
    config = uvicorn.Config(
        app,
        http=_protocol(),
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=_END_SECONDS,
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=_HEAD_BYTES,
    )
    server = uvicorn.Server(config)
    return server


def _protocol() -> Any:
    """The protocol of uvicorn in h11, which limits heads, and does not wait for one for ever."""
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Impatient(H11Protocol):  # type: ignore[misc, unused-ignore]
        _waiting: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def _watch(self) -> None:
            if self._waiting is not None and self.conn.their_state is not h11.IDLE:
                self._waiting.cancel()
                self._waiting = None
            elif self._waiting is None and self.conn.their_state is h11.IDLE:
                self._waiting = self.loop.call_later(HEAD_SECONDS, self._give_up)

        def _give_up(self) -> None:
            if self.conn.their_state is h11.IDLE:
                self.transport.close()

    return Impatient
