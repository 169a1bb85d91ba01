"""Validation in S3: metadata, prefixes, the bucket's name, what is missing there."""

from __future__ import annotations

from pathlib import Path

import boto3
import pytest
from integrity.made import BUCKET, CHAIN, HOUR, NOON, bucket_folder, chain_of, hours, public_key
from integrity.tampering import log_files

from bototrail.integrity.form import Chain, comment_of
from bototrail.integrity.places import Wanted
from bototrail.integrity.validate import among, validate
from bototrail.store import open_store

KEYS = {public_key().fingerprint: public_key()}
NOW = NOON + 5 * HOUR - 600


@pytest.fixture
def s3(moto_url):
    client = boto3.client("s3", endpoint_url=moto_url)
    client.create_bucket(Bucket=BUCKET)
    yield client
    for row in client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
        client.delete_object(Bucket=BUCKET, Key=row["Key"])
    client.delete_bucket(Bucket=BUCKET)


def upload(s3, folder: Path, *, metadata: bool = True) -> None:
    """Put a bucket's folder into S3, its signatures as metadata."""
    for path in sorted(folder.rglob("*.gz")):
        body = path.read_bytes()
        given = comment_of(body) if metadata else {}
        s3.put_object(Bucket=BUCKET, Key=str(path.relative_to(folder)), Body=body, Metadata=given)


def said(url: str, under: str = "", **wanted) -> list[tuple[str, str, str]]:
    """Key, reason and detail of all that is not valid; `valid` and nothing else when there is nothing."""
    store = open_store(f"s3://{BUCKET}{under}?endpoint_url={url}")
    found = list(validate(store, among(KEYS), Wanted(**wanted), now=NOW))
    return [(v.key, v.reason, v.detail) for v in found if v.status != "valid"] or [("", "valid", str(len(found)))]


def test_a_good_bucket_in_s3_is_valid(s3, moto_url, tmp_path):
    bucket_folder(tmp_path)
    upload(s3, tmp_path)
    assert said(moto_url) == [("", "valid", "12")]


def test_lines_name_the_place_in_s3(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path, chain=CHAIN._replace(prefix="some/prefix"))
    upload(s3, tmp_path)
    store = open_store(f"s3://{BUCKET}/some/prefix?endpoint_url={moto_url}")
    lines = [v.line for v in validate(store, among(KEYS), now=NOW)]
    assert lines[:2] == [
        f"Digest file\ts3://{BUCKET}/{made[0].key}\tvalid",
        f"Log file\ts3://{BUCKET}/{log_files(made[0])[0]}\tvalid",
    ]
    assert (len(lines), said(moto_url), said(moto_url, "/some/prefix/")) == (
        12,
        [("", "valid", "12")],
        [("", "valid", "12")],
    )


def test_metadata_must_be_there_although_the_file_carries_its_signature(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path, 2, per_hour=0)
    upload(s3, tmp_path, metadata=False)
    detail = "the object has no metadata; the file's gzip comment holds it, and bototrail sync can put it back"
    assert said(moto_url, end=NOON + HOUR) == [(m.key, "signature verification failed", detail) for m in made]


def test_metadata_counts_in_s3_and_not_the_comment(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path, 1, per_hour=0)[0]
    upload(s3, tmp_path)
    s3.put_object(Bucket=BUCKET, Key=made.key, Body=made.body, Metadata={**made.metadata, "signature": "00" * 256})
    assert said(moto_url, end=NOON) == [(made.key, "signature verification failed", "")]


def test_a_bucket_that_was_copied_has_been_moved(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path, 1, per_hour=0, bucket="another-bucket")[0]
    upload(s3, tmp_path)
    moved = (
        made.key,
        "has been moved from its original location",
        "it says that its bucket is another-bucket; of a copy, name that with --s3-bucket",
    )
    assert said(moto_url, end=NOON) == [moved]
    assert said(moto_url, end=NOON, bucket="another-bucket") == [("", "valid", "1")]


def test_a_prefix_that_was_changed_has_been_moved(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path, 1, per_hour=0)[0]
    upload(s3, tmp_path / "AWSLogs")
    for path in tmp_path.rglob("*.gz"):
        s3.put_object(Bucket=BUCKET, Key=f"moved/{made.key}", Body=path.read_bytes(), Metadata=made.metadata)
    moved = (f"moved/{made.key}", "has been moved from its original location", f"it says that it is {made.key}")
    assert moved in said(moto_url, end=NOON)


def test_a_log_file_outside_the_prefix_cannot_be_looked_at(s3, moto_url, tmp_path):
    inside: Chain = CHAIN._replace(prefix="inside")
    hour = hours(1, 1)[0]
    made = chain_of([hour], chain=inside)[0]
    s3.put_object(Bucket=BUCKET, Key=made.key, Body=made.body, Metadata=made.metadata)
    detail = "it cannot be looked at from here"
    assert said(moto_url, "/inside", end=NOON) == [(next(iter(hour.files)), "is in another bucket", detail)]


def test_missing_files_are_told_in_s3(s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path)
    upload(s3, tmp_path)
    for key in (made[1].key, log_files(made[2])[1]):
        s3.delete_object(Bucket=BUCKET, Key=key)
    lost = [(key, "not listed in any digest file", "") for key in log_files(made[1])]
    assert said(moto_url) == [
        (made[1].key, "not found", f"{made[2].key} names it"),
        (log_files(made[2])[1], "not found", ""),
        *lost,
    ]


def test_marks_of_folders_are_no_log_files(s3, moto_url, tmp_path):
    bucket_folder(tmp_path)
    upload(s3, tmp_path)
    for key in (
        "AWSLogs/",
        f"AWSLogs/{CHAIN.account}/",
        f"AWSLogs/{CHAIN.account}/CloudTrail/eu-central-1/",
        CHAIN.folder,
    ):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"")
    assert said(moto_url) == [("", "valid", "12")]


def test_copies_behind_fsspec_are_valid(tmp_path):
    fsspec = pytest.importorskip("fsspec")
    bucket_folder(tmp_path)
    system = fsspec.filesystem("memory")
    for path in tmp_path.rglob("*.gz"):
        system.pipe(f"/validated/{path.relative_to(tmp_path)}", path.read_bytes())
    found = list(validate(open_store("memory://validated"), among(KEYS), now=NOW))
    assert [v.line.rpartition("\t")[2] for v in found] == ["valid"] * 12


@pytest.mark.parametrize("before", ["/", "x//", "//x/"])
def test_log_files_behind_folders_without_a_name_are_found(before, s3, moto_url, tmp_path):
    made = bucket_folder(tmp_path)
    upload(s3, tmp_path)
    key = before + log_files(made[0])[0]
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"{}")
    folder = key[: key.index("2026/")]
    assert [row[:2] for row in said(moto_url)] == [(folder, "1 log file has no digest files")]
