"""What the tests of digest files share: a clock, hosts that make them, a bucket of four hours."""

from __future__ import annotations

import pytest
from integrity.hosts import Clock, Host
from integrity.made import Made, bucket_folder

from bototrail.trails import Trail


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def trail(tmp_path):
    return Trail("audit", str(tmp_path / "bucket"), S3BucketName="my-bucket", HomeRegion="eu-west-1")


@pytest.fixture
def host(tmp_path, trail):
    return Host(tmp_path / "state", trail)


@pytest.fixture(params=["keys of each other known", "keys not known"])
def hosts(request, tmp_path, trail):
    known = request.param == "keys of each other known"
    one = Host(tmp_path / "one", trail, 0, (1,) if known else ())
    return one, Host(tmp_path / "two", trail, 1, (0,) if known else ())


@pytest.fixture
def made(tmp_path) -> list[Made]:
    return bucket_folder(tmp_path)
