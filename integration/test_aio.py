"""aiobotocore and what stands on it: the same records as from boto3, a task that is cancelled included."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

import bototrail

pytest.importorskip("aiobotocore", reason="aiobotocore is not installed, see the extra `history`")

KEYS = {"aws_access_key_id": "tester", "aws_secret_access_key": "tester-secret", "region_name": "us-east-1"}


@pytest.fixture(autouse=True)
def offline(monkeypatch):
    """Here a server that never answers would also be asked who the caller is."""
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")


def client(url, **config):
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    return get_session().create_client("s3", endpoint_url=url, config=AioConfig(**config), **KEYS)


async def test_twenty_calls_at_once(moto):
    with bototrail.recording() as trail:
        async with client(moto.url) as s3:
            await asyncio.gather(*(s3.create_bucket(Bucket=f"aio-{number}") for number in range(20)))
    assert Counter(r["requestParameters"]["bucketName"] for r in trail.records) == {
        f"aio-{number}": 1 for number in range(20)
    }
    assert {(r["eventName"], r["sourceIPAddress"], r.get("errorCode")) for r in trail.records} == {
        ("CreateBucket", "127.0.0.1", None)
    }


async def test_labels_and_pauses_keep_to_their_task(moto):
    async def work(s3, number):
        with bototrail.labelled(task=number):
            await s3.list_buckets()
            with bototrail.paused():
                await s3.list_buckets()

    with bototrail.recording() as trail:
        async with client(moto.url) as s3:
            await asyncio.gather(*(work(s3, number) for number in range(5)))
    labels = sorted(r["additionalEventData"]["labels"]["task"] for r in trail.records)
    assert labels == ["0", "1", "2", "3", "4"]


async def test_a_call_that_fails(moto):
    with bototrail.recording() as trail:
        async with client(moto.url) as s3:
            with pytest.raises(s3.exceptions.NoSuchBucket):
                await s3.list_objects_v2(Bucket="aio-missing")
    assert [(r["eventName"], r["errorCode"]) for r in trail.records] == [("ListObjects", "NoSuchBucket")]


async def test_a_cancelled_task(hanging):
    with bototrail.recording() as trail:
        async with client(hanging.url) as s3:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(s3.list_buckets(), 0.5)
    assert [(r["eventName"], r["errorCode"]) for r in trail.records] == [("ListBuckets", "CancelledError")]


async def test_a_timeout_is_one_record_however_often_it_was_tried(hanging):
    from botocore.exceptions import ReadTimeoutError

    with bototrail.recording() as trail:
        async with client(hanging.url, read_timeout=0.3, retries={"total_max_attempts": 2}) as s3:
            with pytest.raises(ReadTimeoutError):
                await s3.list_buckets()
    assert [(r["eventName"], r["errorCode"]) for r in trail.records] == [("ListBuckets", "ReadTimeoutError")]


async def test_pages_and_streams(moto):
    with bototrail.recording() as trail:
        async with client(moto.url) as s3:
            await s3.create_bucket(Bucket="aio-pages")
            for number in range(5):
                await s3.put_object(Bucket="aio-pages", Key=str(number), Body=b"x" * number)
            pages = s3.get_paginator("list_objects_v2").paginate(Bucket="aio-pages", PaginationConfig={"PageSize": 2})
            assert [row["Key"] async for page in pages for row in page["Contents"]] == list("01234")
            answer = await s3.get_object(Bucket="aio-pages", Key="4")
            assert await answer["Body"].read() == b"xxxx"
    assert Counter(r["eventName"] for r in trail.records) == {
        "CreateBucket": 1,
        "PutObject": 5,
        "ListObjects": 3,
        "GetObject": 1,
    }


def test_by_the_environment(place):
    source = """
        import asyncio
        from aiobotocore.session import get_session
        async def main():
            async with get_session().create_client("s3") as s3:
                await asyncio.gather(*(s3.create_bucket(Bucket=f"aio-environment-{n}") for n in range(20)))
        asyncio.run(main())
    """
    done = place.record(source)
    assert done.stderr == ""
    assert place.names() == {"CreateBucket": 20}


def test_s3fs(place):
    pytest.importorskip("s3fs", reason="s3fs is not installed, see the extra `history`")
    source = """
        import s3fs
        fs = s3fs.S3FileSystem()
        fs.mkdir("s3fs-photos")
        fs.pipe({"s3fs-photos/a": b"one", "s3fs-photos/b": b"two"})
        print(sorted(fs.ls("s3fs-photos")), fs.cat("s3fs-photos/a"))
        fs.rm(["s3fs-photos/a", "s3fs-photos/b"])
    """
    done = place.record(source)
    assert (done.stdout, done.stderr) == ("['s3fs-photos/a', 's3fs-photos/b'] b'one'\n", "")
    found = place.names()
    assert (found["CreateBucket"], found["PutObject"], found["GetObject"], found["DeleteObjects"]) == (1, 2, 1, 1)
    assert found["ListObjects"] >= 1
