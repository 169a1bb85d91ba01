"""Servers to read from."""

from __future__ import annotations

import pytest
from store.server import Server


@pytest.fixture
def serve():
    """Starts servers that answer as they are told."""
    servers: list[Server] = []

    def start(answer):
        servers.append(Server(answer))
        return servers[-1]

    yield start
    for server in servers:
        server.close()
