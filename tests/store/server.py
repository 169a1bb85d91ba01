"""A server that speaks as much of S3 as a test tells it, in a thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import unquote, urlsplit


class Answer(NamedTuple):
    """What it answers: a body that says to be `length` bytes long, all of it unless told otherwise."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = {}
    length: int | None = None


def refusal(status: int, code: str, **headers: str) -> Answer:
    """An error as S3 says it."""
    body = f"<Error><Code>{code}</Code><Message>the message of {code}</Message></Error>".encode()
    return Answer(status, body, {name.replace("_", "-"): value for name, value in headers.items()})


class Server:
    """Asks `answer` for every GET: it is given the key below the bucket, and the headers in lower case.

    Attributes:
        asked: the keys asked for so far.
        connections: how many connections there were.
    """

    def __init__(self, answer: Callable[[str, Mapping[str, str]], Answer]) -> None:
        self.asked: list[str] = []
        self.connections = 0
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                server.connections += 1
                super().setup()

            def do_GET(self) -> None:
                key = unquote(urlsplit(self.path).path).removeprefix("/bucket/")
                server.asked.append(key)
                found = answer(key, {name.lower(): value for name, value in self.headers.items()})
                self.send_response(found.status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(found.body) if found.length is None else found.length))
                self.end_headers()
                self.wfile.write(found.body)
                self.close_connection = found.length is not None

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.location = f"s3://bucket?endpoint_url={self.url}"
        threading.Thread(target=self._server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()

    def close(self) -> None:
        """Stop it."""
        self._server.shutdown()
        self._server.server_close()
