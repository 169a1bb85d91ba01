"""A server in a thread, and real clients that are pointed at it."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from botocore.config import Config
from endpoint.paged import page  # noqa: F401 a fixture

from bototrail.endpoint.book import Book
from bototrail.endpoint.file_places import FilePlaces
from bototrail.endpoint.library import Library, Place
from bototrail.endpoint.live import Live
from bototrail.endpoint.server import listen, make_server, url_of
from bototrail.integrity.public import PublicKey


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Served:
    """A running endpoint."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.port = int(url.rpartition(":")[2])

    def client(self, service: str, key: str = "any", region: str = "eu-central-1") -> Any:
        """A client of boto3."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=region,
            aws_access_key_id=key,
            aws_secret_access_key="any",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """A request as it is given, the path too; `_` in names of headers stands for `-`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            named = {name.replace("_", "-"): text for name, text in headers.items()}
            connection.putrequest(method, path, skip_host="Host" in named)
            if body is not None and "Content-Length" not in named:
                named["Content-Length"] = str(len(body))
            for name, text in named.items():
                connection.putheader(name, text)
            connection.endheaders(body)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def call(self, operation: str, body: bytes = b"{}", **headers: str) -> Answer:
        """A call of CloudTrail's API."""
        return self.ask("POST", "/", body, **{"X_Amz_Target": f"x.CloudTrail_20131101.{operation}", **headers})


@contextmanager
def running(places: Iterable[Place], state: Path, keys: Callable[[], Mapping[str, PublicKey]], **options: Any) -> Any:
    host = options.get("host", "127.0.0.1")
    with listen(host, 0) as listening:
        named = {name: options[name] for name in ("read_only", "live", "management_only") if name in options}
        library = Library(places, keys, state, options.get("book"), **named)
        server = make_server(library, listening, host, options.get("token"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield Served(url_of(listening, "127.0.0.1"))
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a folder, or places; with `keys`, `host` and `token`."""
    with ExitStack() as stack:

        def start(*where: Path | Place, keys: Mapping[str, PublicKey] | None = None, **options: Any) -> Served:
            places = tuple(each if isinstance(each, Place) else Place(str(each)) for each in where)
            known = keys or {}
            return stack.enter_context(running(places, tmp_path / "state", lambda: known, **options))

        yield start


@pytest.fixture
def serve_events(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves the events of a folder, or of places; with `days` and `management_only`."""
    with ExitStack() as stack:

        def start(*where: Path | Place, days: int = 90, **options: Any) -> Served:
            places = [each if isinstance(each, Place) else Place(str(each)) for each in where]
            state, cache = tmp_path / "state", tmp_path / "cache"
            live = stack.enter_context(Live(places, days=days, state=state, cache=cache))
            live.catch_up(20)  # the machine may be busy
            return stack.enter_context(running(places, state, dict, live=live, **options))

        yield start


@pytest.fixture
def serve_file(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Serves a trails file, which may be missing; with `text` to write into it first, and `read_only`."""
    with ExitStack() as stack:

        def start(name: str = "trails.toml", text: str | None = None, **options: Any) -> Served:
            path = tmp_path / name
            if text is not None:
                path.write_text(text)
            book = Book(path, new=True)
            return stack.enter_context(running(FilePlaces(book), tmp_path / "state", dict, book=book, **options))

        yield start
