"""What the tests of making digest files share."""

from __future__ import annotations

import pytest
from integrity.hosts import Clock, Host

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
