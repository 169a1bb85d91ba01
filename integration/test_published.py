"""Digest files as AWS publishes them validate with ours: in S3, and in a folder that they were copied to."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json

import pytest
from integrity.made import ACCOUNT, NOON, log_content, public_key, sign
from support import script
from validating import Bucket, needs_the_aws_cli, ours, well

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.integrity.form import string_to_sign

pytestmark = needs_the_aws_cli
REGION, HOME, TRAIL = "us-east-2", "us-east-1", "your-trail-name"
FIRST = NOON - 3600 + 91  # digests of AWS end whenever they do: 12:01:31
DAY = 86400
ARN = f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/{TRAIL}"
TIMES = ("2026-09-21T10:00:00Z", "2026-09-21T15:30:00Z")
LOOKS = {
    # how the JSON is spaced, the version of the AWS CLI that printed the keys, and how hexadecimal digits are written
    "one line": ({"separators": (",", ":")}, 1, str.lower),
    "indented": ({"indent": 2}, 2, str.lower),
    "capitals": ({}, 2, str.upper),
}


def key_of(end: float, suffix: str = "") -> str:
    stamp = event_time(end).replace("-", "").replace(":", "")
    folder = f"AWSLogs/{ACCOUNT}/CloudTrail-Digest/{REGION}/{event_time(end)[:10].replace('-', '/')}"
    return f"{folder}/{ACCOUNT}_CloudTrail-Digest_{REGION}_{TRAIL}_{HOME}_{stamp}{suffix}.json.gz"


def put_log(client, bucket: str, hour: int, number: int) -> dict[str, str]:
    """Put a log file; how a digest file names it."""
    content = log_content(hour * 10 + number, time=FIRST + 3600 * hour)
    stamp = event_time(FIRST + 3600 * hour - 600 * number - 60).replace("-", "").replace(":", "")
    key = log_file_key(
        ACCOUNT, "CloudTrail", REGION, f"{stamp[:13]}Z", unique_string("aws", str(hour), str(number)), prefix=""
    )
    client.put_object(Bucket=bucket, Key=key, Body=gzip.compress(content), ServerSideEncryption="AES256")
    times = [record["eventTime"] for record in json.loads(content)["Records"]]
    return {
        "s3Bucket": bucket,
        "s3Object": key,
        "hashValue": hashlib.sha256(content).hexdigest(),
        "hashAlgorithm": "SHA-256",
        "newestEventTime": max(times),
        "oldestEventTime": min(times),
    }


def put_digest(client, bucket: str, end: float, files: list, before, private: int, look: str, **more: str):
    """Put a digest file, its signature in its metadata alone; its key, hash and signature."""
    key = key_of(end, "_backfill" * bool(more))
    fields = {
        "awsAccountId": ACCOUNT,
        "digestStartTime": event_time(end - 3600),
        "digestEndTime": event_time(end),
        "digestS3Bucket": bucket,
        "digestS3Object": key,
        "digestPublicKeyFingerprint": public_key(private).fingerprint,
        "digestSignatureAlgorithm": "SHA256withRSA",
        "newestEventTime": max((file["newestEventTime"] for file in files), default=None),
        "oldestEventTime": min((file["oldestEventTime"] for file in files), default=None),
        "previousDigestS3Bucket": before and bucket,
        "previousDigestS3Object": before and before[0],
        "previousDigestHashValue": before and before[1],
        "previousDigestHashAlgorithm": before and "SHA-256",
        "previousDigestSignature": before and before[2],
        "logFiles": files,
    }
    form, _, case = LOOKS[look]
    content = json.dumps(fields, **form).encode()
    hashed = hashlib.sha256(content).hexdigest()
    signature = case(sign(private, string_to_sign(event_time(end), bucket, key, hashed, before and before[2])))
    metadata = {"signature": signature, "signature-algorithm": "SHA256withRSA", **more}
    client.put_object(Bucket=bucket, Key=key, Body=gzip.compress(content), Metadata=metadata)
    return key, hashed, signature


@pytest.fixture
def published(look, buckets, moto):
    """A bucket as AWS fills it: five hours, the third of them empty, two keys, and a backfill."""
    bucket, client = buckets("moto"), moto.client("s3")
    before = None
    for hour in range(5):
        files = [put_log(client, bucket.name, hour, n) for n in range(2 if hour != 2 else 0)]
        before = put_digest(client, bucket.name, FIRST + 3600 * hour, files, before, int(hour > 2), look)
    late = {"backfill-generation-timestamp": event_time(FIRST + 5 * 3600).replace("Z", ".000Z")}
    put_digest(client, bucket.name, FIRST, [put_log(client, bucket.name, 0, 3)], None, 1, look, **late)
    return bucket


def printed(seconds: float, version: int) -> object:
    """A time as the AWS CLI of a version prints it."""
    return seconds if version == 1 else event_time(seconds).replace("Z", "+00:00")


def saved_keys(version: int) -> str:
    """What `aws cloudtrail list-public-keys` printed: keys of 30 days, one after the other."""
    rows = [
        {
            "Value": base64.b64encode(public_key(n).value).decode(),
            "ValidityStartTime": printed(start, version),
            "ValidityEndTime": printed(start + 30 * DAY, version),
            "Fingerprint": public_key(n).fingerprint,
        }
        for n, start in ((0, FIRST - 29.9 * DAY), (1, FIRST + 2 * 3600))
    ]
    return json.dumps({"PublicKeyList": rows}, indent=4)


@pytest.mark.parametrize("look", LOOKS)
def test_what_aws_publishes_is_valid_in_s3_and_in_a_copy(look, place, published, by_aws):
    keys, copy = place.folder / "saved.json", Bucket(str(place.folder / "copy"))
    keys.write_text(saved_keys(LOOKS[look][1]))
    options = ["--public-keys", keys, "--start", TIMES[0], "--end", TIMES[1]]
    expected = well(5, 9, 1)
    assert ours(place, published.location, *options) == expected
    place.run(script("bototrail"), "sync", published.location, copy.location)
    assert ours(place, copy.location, *options) == expected
    assert by_aws(copy, ARN, keys=keys, region=REGION, start=TIMES[0], end=TIMES[1]) == expected
