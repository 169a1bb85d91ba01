"""Every test starts without AWS settings, without a recorder, and with a state directory of its own."""

from __future__ import annotations

import logging
import os
from importlib.metadata import version

import botocore.session
import pytest
from hypothesis import settings

# How long an example takes says nothing: the machine may be busy. The same examples are drawn each time, so that
# nothing lands or fails by chance; `pytest --hypothesis-profile search` looks for others.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None)
settings.load_profile("same")

pytest_plugins = ["pytester"]

_LOADER = botocore.session.Session().get_component("data_loader")


def pytest_report_header() -> str:
    names = ("botocore", "boto3", "moto", "wrapt", "orjson")
    return ", ".join(f"{name} {version(name)}" for name in names)


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path):
    for name in [n for n in os.environ if n.startswith(("AWS_", "BOTOTRAIL", "BOTOCORE_"))]:
        monkeypatch.delenv(name)
    for name, value in {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "not-a-real-secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "BOTOTRAIL_STATE": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    yield
    import bototrail

    bototrail.stop(timeout=0)


@pytest.fixture
def client():
    """Makes botocore clients whose models are read once for all tests."""

    def make(service: str, region: str = "us-east-1", **options):
        session = botocore.session.Session()
        session.register_component("data_loader", _LOADER)
        return session.create_client(service, region_name=region, **options)

    return make


@pytest.fixture(scope="session")
def moto_url():
    """Where moto speaks HTTP, for what does not go through botocore."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def moto_s3(moto_url):
    """A client of that moto's S3, whose buckets are gone afterwards."""
    import boto3

    client = boto3.client("s3", endpoint_url=moto_url)
    yield client
    for bucket in client.list_buckets()["Buckets"]:
        for row in client.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ()):
            client.delete_object(Bucket=bucket["Name"], Key=row["Key"])
        client.delete_bucket(Bucket=bucket["Name"])
