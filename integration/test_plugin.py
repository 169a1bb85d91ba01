"""The pytest plug-in against a server: sync, async, through s3fs and threads, in one process and in several."""

from __future__ import annotations

import json

import pytest
from support import script

SUITE = """
import asyncio
import threading
import uuid

import boto3
import pytest
from boto3.s3.transfer import TransferConfig


@pytest.mark.parametrize("number", range(4))
def test_sync(bototrail, number, tmp_path):
    s3 = boto3.client("s3")
    bucket = f"plugin-{number}"
    s3.create_bucket(Bucket=bucket)
    (tmp_path / "film").write_bytes(bytes(6 * 1024 * 1024))
    parts = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_file(str(tmp_path / "film"), bucket, "film", Config=parts)
    bototrail.assert_called("s3:UploadPart", Bucket=bucket, PartNumber=2)
    bototrail.assert_called("s3:UploadPart", times=2)
    bototrail.assert_order("s3:CreateMultipartUpload", "s3:UploadPart", "s3:CompleteMultipartUpload")
    assert {r["recipientAccountId"] for r in bototrail.records} == {"123456789012"}


def test_threads(bototrail):
    threads = [threading.Thread(target=boto3.client("sqs").list_queues) for _ in range(3)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    bototrail.assert_called("sqs:ListQueues", times=3)


@pytest.mark.bototrail(allow=["s3:*"], max_calls=2)
def test_aio(bototrail):
    session = pytest.importorskip("aiobotocore.session").get_session()

    async def main():
        async with session.create_client("s3") as s3:
            await asyncio.gather(s3.list_buckets(), s3.list_buckets())

    asyncio.run(main())
    bototrail.assert_called("s3:ListBuckets", times=2)
    bototrail.assert_no_errors()


def test_s3fs(bototrail):
    files = pytest.importorskip("s3fs").S3FileSystem(skip_instance_cache=True)
    bucket = f"plugin-{uuid.uuid4()}"
    files.mkdir(bucket)
    files.pipe_file(f"{bucket}/a.csv", b"1,2")
    bototrail.assert_called("s3:PutObject", Bucket=bucket, Key="a.csv")


@pytest.mark.bototrail(readonly=True)
def test_a_marker_fails_a_test():
    boto3.client("sns").create_topic(Name="t")
"""


@pytest.mark.newest
@pytest.mark.parametrize("processes", [0, 2])
def test_a_suite_against_a_server(place, processes):
    path = place.program(SUITE, "test_suite.py")
    options = ("--bototrail", place.bucket, "--bototrail-summary", "--bototrail-policy", "role.json", "-n", processes)
    done = place.run(script("pytest"), "-p", "no:cacheprovider", *map(str, options), path, code=1)
    assert "calls that write (1 of 1):\n  1. sns:CreateTopic(Name='t')  test_suite.py:" in done.stdout
    assert "1 failed" in done.stdout
    found = place.records()
    labels = {tuple(r["additionalEventData"]["labels"].values()) for r in found}
    assert ("test_suite.py::test_threads", "call") in labels
    assert {phase for _, phase in labels} == {"call"}
    assert sum(r["eventName"] == "UploadPart" for r in found) == 8
    policy = json.loads((place.folder / "role.json").read_text())
    actions = {action for one in policy["Statement"] for action in one["Action"]}
    assert {"s3:CreateBucket", "s3:PutObject", "sqs:ListQueues", "sns:CreateTopic"} <= actions
