"""`aws cloudtrail validate-logs` finds valid what bototrail signs: in a folder, in SeaweedFS and in moto's S3."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from support import ACCOUNT, Place, script
from validating import Serve, aws, ours, well

from bototrail.store import Store, open_store

pytestmark = [
    # Only looked for: importing it puts its own copy of botocore in the place of botocore.
    pytest.mark.skipif(not find_spec("awscli"), reason="the AWS CLI is not installed, see the extra `integration`"),
]

CALLS = """
    import sys, boto3
    for region in ("us-east-1", "eu-central-1"):
        boto3.client("sqs", region_name=region).list_queues(QueueNamePrefix=sys.argv[1])
"""
START = "2026-01-01T00:00:00Z"


class Bucket(NamedTuple):
    """A bucket to record into.

    Attributes:
        location: what BOTOTRAIL is set to.
        s3: where S3 is; None for a folder, of which `bototrail serve` makes one.
        name: what it is called in S3; None as for `s3`.
    """

    location: str
    s3: str | None = None
    name: str | None = None

    @property
    def store(self) -> Store:
        """To look into."""
        return open_store(self.location)

    def keys(self, kind: str) -> list[str]:
        """The keys of its log files (`_CloudTrail_`) or digest files (`_CloudTrail-Digest_`)."""
        return [entry.key for entry in self.store.entries() if kind in entry.key]

    def digests(self) -> int:
        """How many digest files there are, backfill digests not among them."""
        return len([key for key in self.keys("_CloudTrail-Digest_") if "_backfill" not in key])

    def logs(self) -> int:
        """How many log files there are."""
        return len(self.keys("_CloudTrail_"))


@pytest.fixture
def credentials(monkeypatch):
    """For what is done in the tests' own process."""
    for name in ("ACCESS_KEY_ID=writer", "SECRET_ACCESS_KEY=writer-secret", "DEFAULT_REGION=us-east-1"):
        monkeypatch.setenv(*f"AWS_{name}".split("="))


@pytest.fixture(params=["folder", "seaweed", "moto"])
def bucket(request, place, credentials, unique) -> Bucket:
    """Each kind of bucket, empty."""
    if request.param == "folder":
        (place.folder / unique).mkdir()
        return Bucket(str(place.folder / unique))
    server = request.getfixturevalue(request.param)
    client = server.client() if request.param == "seaweed" else server.client("s3")
    client.create_bucket(Bucket=unique)
    return Bucket(f"s3://{unique}?endpoint_url={server.url}", server.url, unique)


@pytest.fixture
def unique(tmp_path) -> str:
    """A name for a bucket that no other test has."""
    return f"proof-{abs(hash(str(tmp_path))):x}"


@pytest.fixture
def serve(place) -> Iterator[Callable[..., Serve]]:
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
def by_aws(place, serve) -> Callable[..., object]:
    """Has the AWS CLI validate a bucket; it is told the bucket's name where that is one in S3."""

    def run(bucket: Bucket, arn: str, prefix: str = "", **options: str) -> object:
        named = ["--s3-bucket", bucket.name, *(["--s3-prefix", prefix] if prefix else [])] if bucket.name else []
        options = {"region": "us-east-1", "start": START, **options}
        return aws(place, serve(bucket).url, arn, *named, s3=bucket.s3, **options)

    return run


def test_what_is_recorded_with_the_setting_alone_is_proven(place, bucket, by_aws):
    place.record(CALLS, "one", BOTOTRAIL=bucket.location, BOTOTRAIL_LOG_FILE_VALIDATION=1)
    place.run(script("bototrail"), "digest", "--now")
    arn = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/default"
    said = [by_aws(bucket, arn, region=region) for region in ("us-east-1", "eu-central-1")]
    n = bucket.digests() // 2  # 1 each, or 2 when the hour ended meanwhile
    assert said == [well(n, 1)] * 2
    assert ours(place, bucket.location) == well(2 * n, 2)
