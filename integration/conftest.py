"""Servers for the whole run of a worker, and a fresh place to record into for every test."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent))  # the tests import `support` and `servers`, and importlib mode adds nothing

from page_tab import browser, downloads, page, tab  # noqa: F401 these are fixtures
from servers import Hanging, Http, Moto, SeaweedFS
from support import Place
from validating import START, Bucket, Said, Serve, aws


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


# ---- validation
@pytest.fixture
def buckets(request: pytest.FixtureRequest, place: Place, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Bucket]:
    """Makes buckets of a kind: `folder`, `seaweed` or `moto`. This process can use them, too."""
    for name in ("ACCESS_KEY_ID=writer", "SECRET_ACCESS_KEY=writer-secret", "DEFAULT_REGION=us-east-1"):
        monkeypatch.setenv(*f"AWS_{name}".split("=", 1))

    def make(kind: str) -> Bucket:
        name = f"proof-{secrets.token_hex(6)}"
        if kind == "folder":
            (place.folder / name).mkdir()
            return Bucket(str(place.folder / name))
        server = request.getfixturevalue(kind)
        (server.client() if kind == "seaweed" else server.client("s3")).create_bucket(Bucket=name)
        return Bucket(f"s3://{name}?endpoint_url={server.url}", server.url, name)

    return make


@pytest.fixture(params=["folder", "seaweed", "moto"])
def bucket(request: pytest.FixtureRequest, buckets: Callable[[str], Bucket]) -> Bucket:
    """A bucket of each kind."""
    return buckets(request.param)


@pytest.fixture
def serve(place: Place) -> Iterator[Callable[..., Serve]]:
    """Starts `bototrail serve`."""
    started: list[Serve] = []

    def start(bucket: Bucket, *options: str | Path) -> Serve:
        started.append(Serve(place, bucket.location, *options))
        started[-1].start()
        return started[-1]

    yield start
    for server in started:
        server.kill()


@pytest.fixture
def by_aws(place: Place, serve: Callable[..., Serve]) -> Callable[..., Said]:
    """Has the AWS CLI validate a bucket; it is told the bucket's name where that is one in S3."""

    def run(bucket: Bucket, arn: str, prefix: str = "", keys: Path | None = None, **options: str) -> Said:
        named = ["--s3-bucket", bucket.name, *(["--s3-prefix", prefix] if prefix else [])] if bucket.name else []
        options = {"region": "us-east-1", "start": START, "s3": bucket.s3 or "", **options}
        return aws(place, serve(bucket, *(["--public-keys", keys] if keys else [])).url, arn, *named, **options)

    return run
