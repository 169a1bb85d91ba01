"""What honest hosts make is valid, whatever they went through."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
from integrity.hosts import ACCOUNT, REGION, Host, short
from integrity.made import NOON, write

from bototrail.deliver.layout import log_file_key
from bototrail.integrity.form import pack
from bototrail.integrity.keys import KeyFolder
from bototrail.integrity.places import Wanted
from bototrail.integrity.validate import among, validate
from bototrail.store.folder import FolderStore
from bototrail.trails import Trail


@pytest.fixture
def host(tmp_path):
    made = Host(tmp_path / "state", Trail("audit", str(tmp_path / "bucket"), S3BucketName="b", HomeRegion="eu-west-1"))
    made.keys = KeyFolder(tmp_path / "keys")
    return made


def said(host, clock, **wanted) -> list[tuple[str, str]]:
    """Status and reason of all that is not valid."""
    store = FolderStore(Path(host.trail.bucket))
    found = validate(store, among(host.keys.public_keys()), Wanted(**wanted), jobs=1, now=clock.time)
    return [(each.status, each.reason) for each in found if each.status != "valid"]


@pytest.mark.parametrize(("hours", "made"), [(28, 28), (40 * 24, 31 * 24 + 1)])
def test_hours_that_waited_for_the_first_key_are_valid(hours, made, host, clock):
    clock.at(12, 20)
    host.deliver()
    clock.at(12 + hours, 5)
    assert (len(host.digests()), said(host, clock)) == (made, [])


@pytest.mark.parametrize(("discard", "made"), [(True, 1), (False, 8)])
def test_hours_that_a_former_key_did_not_sign_are_valid_all_the_same(discard, made, host, clock):
    clock.at(12, 20)
    host.deliver()
    host.make()
    clock.at(20, 30)
    host.keys.rotate(clock.time, discard=discard)
    assert (len(host.digests()), said(host, clock)) == (made, [])


def test_log_files_from_before_validation_was_switched_on_do_not_fail(host, clock):
    clock.at(12, 10)
    old = log_file_key(ACCOUNT, "CloudTrail", REGION, "20260921T1210Z", "BeforeValidation")
    write(Path(host.trail.bucket), old, gzip.compress(b"{}"))
    clock.at(12, 30, 20)
    host.deliver()
    clock.at(13)
    host.digests()
    assert said(host, clock) == [("unproven", "1 log file is from before the first digest file")]


def test_who_closes_an_hour_that_another_has_closed_makes_a_backfill(host, clock, tmp_path):
    other = Host(tmp_path / "other", host.trail)
    other.keys = host.keys
    clock.at(12, 20)
    host.deliver(), other.deliver()
    clock.at(12, 30, 10)
    assert [host.digests(closing=True), other.digests(closing=True)] == [["12:30:10"], ["12:30:10 backfill"]]
    assert said(host, clock, end=NOON + 1810) == []


PREVIOUS = [
    5,
    ["a"],
    "",
    "x" * 5000,
    "AWSLogs/" + "y/" * 40,
    "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
    None,
]


@pytest.mark.parametrize("previous", PREVIOUS, ids=lambda value: repr(value)[:20])
def test_whatever_a_planted_digest_says_the_next_hour_is_signed(previous, host, clock):
    clock.at(12, 20)
    host.deliver()
    clock.at(13)
    host.digests()
    [made] = Path(host.trail.bucket).rglob("*_CloudTrail-Digest_*")
    fields = orjson.loads(gzip.decompress(made.read_bytes()))
    planted = made.with_name(made.name.replace("T130000Z", "T140000Z"))
    fields |= {
        "digestS3Object": str(planted.relative_to(host.trail.bucket)),
        "digestEndTime": "2026-09-21T14:00:00Z",
        "digestPublicKeyFingerprint": "0" * 32,
        "previousDigestS3Bucket": "b",
        "previousDigestS3Object": previous,
        "previousDigestSignature": "cd" * 256,
    }
    planted.write_bytes(pack(orjson.dumps(fields), {"signature": "ab" * 256}))
    clock.at(14)
    host.make()
    clock.at(15)
    [again] = host.make()
    assert ([short(file) for file in again.files], again.error) == (["15:00:00"], None)
