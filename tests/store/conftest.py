"""Servers to read from."""

from __future__ import annotations

import logging

import boto3
import pytest
from moto.server import ThreadedMotoServer
from store.server import Server


@pytest.fixture(scope="session")
def moto_url():
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(moto_url):
    """A client of moto's S3, emptied."""
    client = boto3.client("s3", endpoint_url=moto_url)
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        for row in client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ()):
            client.delete_object(Bucket=bucket["Name"], Key=row["Key"])
        client.delete_bucket(Bucket=bucket["Name"])


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
