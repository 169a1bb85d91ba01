"""Trying a trail's destinations: what cannot be used now does not work, whatever the reason."""

from __future__ import annotations

import botocore.exceptions
import pytest

from bototrail.deliver import clients, probe, s3
from bototrail.deliver.probe import try_trail
from bototrail.trails import Trail

NOWHERE = "http://127.0.0.1:1"
GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:trail:*"


@pytest.fixture(autouse=True)
def credentials(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")


def test_servers_that_cannot_be_reached_do_not_work():
    trail = Trail(
        "t", f"s3://logs?endpoint_url={NOWHERE}&KmsKeyId=alias/key",
        SnsTopicName="arn:aws:sns:us-east-1:111122223333:new",
        CloudWatchLogsLogGroupArn=GROUP, KmsKeyId="alias/key", event_bridge={"EventBusName": "default"},
        TrailARN="arn:aws:cloudtrail:us-east-1:111122223333:trail/t", delivery={"endpoint_url": NOWHERE},
    )  # fmt: skip
    tried = dict(try_trail(trail))
    assert [place.partition(" ")[0] for place in tried] == ["bucket", "key", "SNS", "log", "event"]
    for place, error in tried.items():
        assert "EndpointConnectionError" in (error or ""), place
        assert not (error or "").startswith(place), "the place is told once"


def test_the_key_is_tried_by_who_puts_the_log_files(monkeypatch):
    """Profile and role of the table of buckets are theirs; a server with its own endpoint has its own keys."""
    made = []

    def client(service, options, *_, **__):
        made.append((service, options.get("profile_name")))
        raise botocore.exceptions.NoCredentialsError

    for module in (probe, s3, clients):
        monkeypatch.setattr(module, "make_client", client)
    bucket = "s3://logs?KmsKeyId=alias/key&profile_name=audit"
    arn = "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"
    assert [place for place, _ in try_trail(Trail("t", bucket, TrailARN=arn))] == ["bucket s3://logs", "key alias/key"]
    assert made == [("s3", "audit"), ("kms", "audit")]
    own = Trail("t", f"{bucket}&endpoint_url={NOWHERE}", KmsKeyId="alias/key", TrailARN=arn)
    assert [place for place, _ in try_trail(own)] == ["bucket s3://logs"]


def test_a_folder_works(tmp_path):
    assert list(try_trail(Trail("t", str(tmp_path / "audit")))) == [(f"bucket {tmp_path}/audit", None)]
