"""Digest files in S3: their metadata, prefixes, hosts that share a bucket, and rights that are missing."""

from __future__ import annotations

import gzip
import json
import zlib

import boto3
import orjson
import pytest
from integrity.hosts import Host, short
from integrity.made import public_key
from moto import mock_aws
from moto.core import set_initial_no_auth_action_count

from bototrail.integrity.content import MAX_BYTES
from bototrail.integrity.earlier import find
from bototrail.integrity.form import sha256, string_to_sign
from bototrail.policy.delivery import identity_policy, target
from bototrail.store import open_store
from bototrail.trails import Trail

BUCKET = "trail-bucket"


@pytest.fixture
def s3(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with mock_aws():
        client = boto3.client("s3", region_name="us-east-1")
        client.create_bucket(Bucket=BUCKET)
        yield client


def trail(**fields) -> Trail:
    url = f"s3://{BUCKET}/team?region_name=us-east-1&ServerSideEncryption=AES256"
    return Trail("audit", url, S3BucketName="called-otherwise", S3KeyPrefix="x", **fields)


def digests(s3) -> list[str]:
    return [row["Key"] for row in s3.list_objects_v2(Bucket=BUCKET)["Contents"] if "Digest_" in row["Key"]]


def test_the_signature_is_metadata_and_keys_are_those_of_the_bucket(s3, clock, tmp_path):
    host = Host(tmp_path / "state", trail())
    clock.at(12, 20)
    key = host.deliver()
    clock.at(13)
    assert host.digests() == ["13:00:00"]
    [at] = digests(s3)
    found = s3.get_object(Bucket=BUCKET, Key=at)
    content = zlib.decompress(found["Body"].read(), 31)
    fields = orjson.loads(content)
    assert (fields["digestS3Bucket"], fields["digestS3Object"]) == (BUCKET, at)
    assert [(f["s3Bucket"], f["s3Object"]) for f in fields["logFiles"]] == [(BUCKET, f"team/{key}")]
    assert at.startswith("team/x/AWSLogs/111122223333/CloudTrail-Digest/")
    text = string_to_sign(fields["digestEndTime"], BUCKET, at, sha256(content), None)
    assert public_key().verify(found["Metadata"]["signature"], text)
    assert (found["Metadata"]["signature-algorithm"], found["ServerSideEncryption"]) == ("SHA256withRSA", "AES256")


def test_hosts_share_a_chain_and_backfill_what_it_does_not_name(s3, clock, tmp_path):
    one, two = (Host(tmp_path / str(n), trail(), n) for n in (0, 1))
    clock.at(12, 20)
    for host in (one, two):
        host.deliver()
    clock.at(14)
    assert one.digests() == ["13:00:00", "14:00:00"]
    assert two.digests() == ["14:00:00 backfill"]
    backfill = next(key for key in digests(s3) if "backfill" in key)
    metadata = s3.head_object(Bucket=BUCKET, Key=backfill)["Metadata"]
    assert metadata["backfill-generation-timestamp"] == "2026-09-21T14:00:00.000Z"
    clock.at(15)
    assert (two.digests(), one.digests()) == (["15:00:00"], [])
    assert [short(key) for key in digests(s3)] == ["13:00:00", "14:00:00", "14:00:00 backfill", "15:00:00"]


def allow(*statements: dict) -> dict[str, str]:
    """A user who may do that, and nothing else; its keys."""
    iam = boto3.client("iam")
    iam.create_user(UserName="deliverer")
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in statements]}
    iam.put_user_policy(UserName="deliverer", PolicyName="p", PolicyDocument=json.dumps(document))
    return iam.create_access_key(UserName="deliverer")["AccessKey"]


def enforced(action):
    """What comes of an action when rights count."""
    return set_initial_no_auth_action_count(0)(action)()


PUT = {"Action": "s3:PutObject", "Resource": "*"}


def test_who_may_only_put_is_told_what_else_digests_need(s3, clock, tmp_path, monkeypatch):
    keys = allow(PUT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    host = Host(tmp_path / "state", trail())
    clock.at(12, 20)
    enforced(host.deliver)
    clock.at(13)
    [made] = enforced(host.make)
    assert (made.files, "AccessDenied" in str(made.error)) == ([], True)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    assert host.digests() == ["13:00:00"]


def test_the_identity_policy_is_enough_for_digests(s3, clock, tmp_path, monkeypatch):
    one = trail(EnableLogFileValidation=True)
    [document] = identity_policy([target(one, ["111122223333"])]).documents
    keys = allow(*[{k: v for k, v in s.items() if k not in ("Effect", "Sid")} for s in document["Statement"]])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", keys["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", keys["SecretAccessKey"])
    first, second = (Host(tmp_path / str(n), one, n) for n in (0, 1))
    clock.at(12, 20)
    for host in (first, second):
        enforced(host.deliver)
    clock.at(13)
    assert (enforced(first.digests), enforced(second.digests)) == (["13:00:00"], ["13:00:00 backfill"])


BROKEN = {
    "nothing": b"",
    "no gzip": b"x",
    "a header alone": b"\x1f\x8b\x08",
    "deep JSON": gzip.compress(b"[" * 10_000),
    "no fields": gzip.compress(b"{}"),
    "too much": gzip.compress(bytes(MAX_BYTES * 3)),
}


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_what_is_no_digest_file_is_seen_to_be_none(s3, body):
    key = "AWSLogs/111122223333/CloudTrail-Digest/x.json.gz"
    s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    assert find(open_store(f"s3://{BUCKET}?region_name=us-east-1"), key, BUCKET) is None
