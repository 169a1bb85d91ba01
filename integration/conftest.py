"""Servers for the whole run of a worker, and a fresh place to record into for every test."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # the tests import `support` and `servers`, and importlib mode adds nothing

from servers import Hanging, Http, Moto, SeaweedFS
from support import Place


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Moto]:
    """All of AWS."""
    server = Moto(tmp_path_factory.mktemp("moto"))
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def moto_url(moto: Moto) -> str:
    """Where all of AWS is."""
    return moto.url


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeaweedFS]:
    """S3 that checks signatures and rights, with a bucket `trail`."""
    server = SeaweedFS(tmp_path_factory.mktemp("seaweed"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    """A server that accepts connections and never answers."""
    server = Hanging()
    yield server
    server.close()


@pytest.fixture
def http() -> Iterator[Callable[..., Http]]:
    """Makes small HTTP servers."""
    servers: list[Http] = []

    def make(*arguments: object) -> Http:
        servers.append(Http(*arguments))  # type: ignore[arg-type]
        return servers[-1]

    yield make
    for server in servers:
        server.close()


@pytest.fixture
def place(tmp_path: Path, moto: Moto) -> Iterator[Place]:
    """A bucket folder, a state directory, and programs that take moto for AWS."""
    made = Place(tmp_path, moto.url)
    yield made
    made.end()
