"""Copies of buckets with a real S3 server, which checks signatures, and the real AWS CLI, which checks the proof."""

from __future__ import annotations

import gzip
import re
import signal
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from integrity.made import BUCKET, CHAIN, bucket_folder, public_key, write
from servers import SeaweedFS
from support import script, until

from bototrail.integrity.form import comment_of, digest_name
from bototrail.store import open_store

PAGE = (Path(__file__).parent.parent / "docs" / "sync.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def bucket(seaweed: SeaweedFS):
    """A bucket of the name that digest files have for it; gone afterwards."""
    client = seaweed.client()
    client.create_bucket(Bucket=BUCKET)
    yield BUCKET
    for key in seaweed.keys("", BUCKET):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def sync(place, *arguments, code=0):
    done = place.run(script("bototrail"), "sync", *arguments, code=code)
    return done.stdout.partition(";")[0], done.stderr


def validated(place, location):
    """What the AWS CLI says about a bucket behind `bototrail serve`."""
    (place.folder / "key.der").write_bytes(public_key().value)
    serve = [script("bototrail"), "serve", "--port", "0", "--public-keys", "key.der", "--bucket", location]
    process = place.start(*serve)
    said = [process.stdout.readline() for _ in range(4)]
    names = dict(re.findall(r"(AWS_ENDPOINT_URL_\w+)=(\S+)", "".join(said)))
    check = ["cloudtrail", "validate-logs", "--trail-arn", CHAIN.arn, "--start-time", "2026-09-21T00:00:00Z"]
    done = place.run(script("aws"), *check, "--region", CHAIN.region, code=None, **names)
    process.send_signal(signal.SIGINT)
    process.wait(30)
    return done.stdout + done.stderr


@pytest.mark.skipif(not find_spec("awscli"), reason="the AWS CLI is not installed, see `integration`")
@pytest.mark.parametrize("plain", [False, True], ids=["ours", "as AWS packs them"])
def test_the_aws_cli_finds_a_copy_valid_both_ways(plain, place, seaweed, bucket):
    there, back = seaweed.location("", bucket), place.folder / "back"
    bucket_folder(place.bucket, 4)
    if plain:
        for key, body in files(place.bucket).items():
            metadata = comment_of(body) if digest_name(key) else {}
            packed = gzip.compress(gzip.decompress(body))
            seaweed.client().put_object(Bucket=bucket, Key=key, Body=packed, Metadata=metadata)
    else:
        assert sync(place, place.bucket, there) == ("12 copied, 0 skipped, 0 mended, 0 differing, 0 failed", "")
    assert sync(place, there, back) == ("12 copied, 0 skipped, 0 mended, 0 differing, 0 failed", "")
    for location in (there, back):
        assert "4/4 digest files valid\n8/8 log files valid" in validated(place, location)
    if not plain:
        assert files(back) == files(place.bucket)


def test_the_commands_of_the_page(place, seaweed, bucket):
    bucket_folder(place.folder / "audit", 3)
    place.environ["AWS_ENDPOINT_URL"] = seaweed.url
    said = [place.run("bash", "-euc", block).stdout for block in BLOCKS]
    copied, compared = "9 copied, 0 skipped, 0 mended, 0 differing, 0 failed", "0 copied, 9 skipped, 0 mended"
    assert (said[0].count(copied), compared in said[1], copied in PAGE) == (2, True, True)
    assert files(place.folder / "evidence") == files(place.folder / "audit")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("to_s3", [True, False])
def test_a_copy_that_is_killed_goes_on(number, to_s3, place, seaweed, bucket):
    bodies = {f"AWSLogs/{n:03}.gz": gzip.compress(bytes([n]) * 9_000_000, 1, mtime=0) for n in range(200)}
    for key, body in bodies.items():
        write(place.bucket, key, body)
    target = seaweed.location("", bucket) if to_s3 else place.folder / "copy"

    def copied():
        if to_s3:
            return {key: o["Body"] for key, o in seaweed.objects("", bucket).items()}
        return {key: body for key, body in files(place.folder / "copy").items() if not key.endswith(".tmp")}

    process = place.start(script("bototrail"), "sync", place.bucket, target, "--jobs", "4")
    until(lambda: seaweed.keys("", bucket) if to_s3 else list((place.folder / "copy").rglob("*.gz")), 60, "the first")
    process.send_signal(number)
    process.wait(60)
    some = copied()
    assert 0 < len(some) < 200
    assert some.items() <= bodies.items()
    said, _ = sync(place, place.bucket, target)
    assert said == f"{200 - len(some)} copied, {len(some)} skipped, 0 mended, 0 differing, 0 failed"
    assert copied() == bodies
    if not to_s3:  # killed between giving a file its name and taking the temporary one away, it leaves that
        left = files(place.folder / "copy").keys() - bodies.keys()
        assert len(left) <= 4 * (number == signal.SIGKILL)


NASTY = [
    "a b",
    "a+b",
    "a%2Fb",
    "a&b",
    "~x",
    "x?y",
    "x#y",
    "日本",
    "é",
    "*",
    "(p)",
    "a=b",
    'a"b',
    "a'b",
    "a:b@c",
    "\x7f",
]


def test_a_server_that_checks_signatures_takes_those_of_the_shortcut(seaweed, bucket, monkeypatch):
    for name, value in {"AWS_ACCESS_KEY_ID": "writer", "AWS_SECRET_ACCESS_KEY": "writer-secret"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    for key in NASTY:
        seaweed.client().put_object(Bucket=bucket, Key=f"p/{key}", Body=key.encode(), Metadata={"signature": "ab"})
    store = open_store(seaweed.location("p", bucket))

    def whole(key):
        with store.open(key) as opened:
            return opened.read(100), dict(opened.metadata)

    assert [entry.key for entry in store.entries()] == sorted(NASTY, key=str.encode)
    whole(NASTY[0])
    asked = []
    client, _ = store._ready()
    client.meta.events.register("before-call.s3.GetObject", lambda **_: asked.append(1))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(whole, NASTY * 5))
    assert (found, asked) == ([(key.encode(), {"signature": "ab"}) for key in NASTY] * 5, [])


def test_wrong_rights_are_told(place, seaweed, bucket):
    bucket_folder(place.bucket, 1)
    place.environ |= {"AWS_ACCESS_KEY_ID": "reader", "AWS_SECRET_ACCESS_KEY": "reader-secret"}
    done = place.run(script("bototrail"), "sync", place.bucket, seaweed.location("", bucket), code=2)
    assert "found AccessDenied: " in " ".join(done.stderr.split())
    done = place.run(script("bototrail"), "sync", place.bucket, seaweed.location("x"), code=1)
    assert done.stdout.startswith("0 copied, 0 skipped, 0 mended, 0 differing, 3 failed; ")
    assert done.stderr.count("AccessDenied: ") == 3
