"""From sealed segments to log files in a folder."""

from __future__ import annotations

import gzip
import os
import re
import threading
import time
from pathlib import Path

import orjson
import pytest

from bototrail.deliver import buckets, logfile
from bototrail.deliver import delivery as delivery_module
from bototrail.deliver.buckets import FolderBucket
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.layout import LOG_FILE_NAME, log_file_key, unique_string
from bototrail.deliver.logfile import log_files, read
from bototrail.deliver.parcel import Parcel
from bototrail.deliver.totals import read_totals
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities, from_caller
from bototrail.settings import load
from bototrail.spool import Entry, Header, Spool
from bototrail.spool.entry import IDENTITY, unknown_owner
from bototrail.trails import Trail, default_trail

MARK = "a1" * 16


def entry(number: int, region: str = "eu-central-1", account: str = "111122223333") -> Entry:
    return Entry(Header(("default",), region=region, account=account).encode(), b'{"n":%d}' % number)


def pending(number: int, caller: str = "AKIAX") -> Entry:
    marks = unknown_owner(MARK)
    record = b'{"n":%d,"userIdentity":%b,"recipientAccountId":"%b"}' % (number, marks.identity, marks.account)
    return Entry(Header(("default",), caller=caller, mark=MARK).encode(), record)


def spool_of(tmp_path: Path, *entries: Entry, bucket: Path | None = None) -> Spool:
    spool = Spool(load(str(bucket or tmp_path / "bucket"), state=tmp_path / "state"), [])
    spool.trails = [default_trail(spool.settings.bucket)]
    for each in entries:
        spool.append(each)
    spool.seal()
    return spool


def delivery(tmp_path: Path) -> Delivery:
    return Delivery(tmp_path / "state", Identities(), 30)


def contents(bucket: Path) -> dict[str, list[int]]:
    found = {}
    for path in sorted(bucket.rglob("*.json.gz")):
        found[str(path.relative_to(bucket))] = [
            r["n"] for r in orjson.loads(gzip.decompress(path.read_bytes()))["Records"]
        ]
    return found


def test_names_and_keys_are_cloudtrails():
    key = log_file_key("111122223333", "CloudTrail", "us-east-2", "20150801T0210Z", "Mu0KsOhtH1ar15ZZ")
    assert key == (
        "AWSLogs/111122223333/CloudTrail/us-east-2/2015/08/01/"
        "111122223333_CloudTrail_us-east-2_20150801T0210Z_Mu0KsOhtH1ar15ZZ.json.gz"
    )
    assert LOG_FILE_NAME.fullmatch(key.rpartition("/")[2])


def test_unique_strings_are_the_same_for_the_same_and_differ_otherwise():
    assert unique_string("a", "b") == unique_string("a", "b")
    made = {unique_string("a", str(n)) for n in range(1000)} | {unique_string("ab"), unique_string("a", "b")}
    assert len(made) == 1002
    assert all(re.fullmatch("[A-Za-z0-9]{16}", text) for text in made)


def test_one_log_file_for_each_account_and_region(tmp_path):
    spool = spool_of(tmp_path, entry(1), entry(2, "us-east-1"), entry(3), entry(4, account="444455556666"))
    report = delivery(tmp_path).round(spool.folder)
    assert sorted(contents(tmp_path / "bucket").values()) == [[1, 3], [2], [4]]
    assert report.records == 4
    assert spool.folder.segments() == []
    assert all(LOG_FILE_NAME.fullmatch(f.location.rpartition("/")[2]) for f in report.files)


def test_a_log_file_is_one_gzip_member_of_one_json_object(tmp_path):
    spool = spool_of(tmp_path, entry(1), entry(2))
    (file,) = delivery(tmp_path).round(spool.folder).files
    body = Path(file.location).read_bytes()
    assert gzip.decompress(body) == b'{"Records":[{"n":1},{"n":2}]}'
    assert body.count(b"\x1f\x8b\x08") == 1
    assert list((tmp_path / "bucket").rglob(".*")) == []


def test_delivery_that_is_repeated_makes_the_same_files(tmp_path):
    spool = spool_of(tmp_path, entry(1), entry(2, "us-east-1"))
    (segment,) = spool.folder.segments()
    whole = segment.path.read_bytes()
    delivery(tmp_path).round(spool.folder)
    first = contents(tmp_path / "bucket")
    segment.path.write_bytes(whole)  # cut off before it could be deleted
    delivery(tmp_path).round(spool.folder)
    assert contents(tmp_path / "bucket") == first


def test_a_file_that_is_there_is_never_replaced(tmp_path):
    bucket = FolderBucket(tmp_path)
    bucket.put("AWSLogs/x.json.gz", b"first")
    bucket.put("AWSLogs/x.json.gz", b"second")
    assert (tmp_path / "AWSLogs/x.json.gz").read_bytes() == b"first"


def test_large_segments_are_cut_into_log_files_below_the_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(logfile, "MAX_BYTES", 5 * len(b'{"n":1},') + 4)
    spool = spool_of(tmp_path, *map(entry, range(12)))
    delivery(tmp_path).round(spool.folder)
    assert sorted(map(len, contents(tmp_path / "bucket").values())) == [2, 5, 5]


def test_a_line_about_a_caller_completes_the_records(tmp_path):
    identity = from_caller("arn:aws:iam::111122223333:user/alice", "AIDA", "111122223333", "AKIAX")
    learned = Entry(Header(kind=IDENTITY, caller="AKIAX").encode(), identity.json())
    spool = spool_of(tmp_path, pending(1), learned)
    (file,) = delivery(tmp_path).round(spool.folder).files
    (record,) = orjson.loads(gzip.decompress(Path(file.location).read_bytes()))["Records"]
    assert record["userIdentity"]["userName"] == "alice"
    assert "/111122223333_CloudTrail_us-east-1_" in file.location


def test_a_caller_of_whom_nothing_is_known_gets_the_account_of_zeros(tmp_path):
    spool = spool_of(tmp_path, pending(1))
    (file,) = delivery(tmp_path).round(spool.folder).files
    (record,) = orjson.loads(gzip.decompress(Path(file.location).read_bytes()))["Records"]
    assert record["recipientAccountId"] == "000000000000"
    assert record["userIdentity"]["accessKeyId"] == "AKIAX"


def test_a_bucket_that_is_down_keeps_the_segment_and_says_so(tmp_path, monkeypatch):
    spool = spool_of(tmp_path, entry(1))

    def refuse(self, key, body, arn):
        raise DeliveryError("down")

    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", refuse)
        report = delivery(tmp_path).round(spool.folder)
    assert (report.errors, report.waiting, report.records) == (["down"], 1, 0)
    assert delivery(tmp_path).round(spool.folder).records == 1


def test_what_waited_too_long_is_given_up_and_counted(tmp_path):
    spool = spool_of(tmp_path, entry(1), entry(2), bucket=Path("/proc/nowhere"))
    (segment,) = spool.folder.segments()
    old = time.time() - 31 * 86400
    os.utime(segment.path, (old, old))
    report = delivery(tmp_path).round(spool.folder)
    assert (report.expired, report.waiting) == (2, 0)
    assert read_totals(tmp_path / "state")["dropped"] == 2


@pytest.mark.parametrize("rubbish", [b"\x00" * 100, b"nonsense\nmore\n", b"7 {} {}\n" * 3])
def test_a_segment_of_rubbish_is_set_aside_and_never_deleted(tmp_path, rubbish):
    spool = spool_of(tmp_path, entry(1))
    (segment,) = spool.folder.segments()
    segment.path.write_bytes(rubbish)
    report = delivery(tmp_path).round(spool.folder)
    (kept,) = report.damaged
    assert kept.read_bytes() == rubbish
    assert report.torn > 0
    assert contents(tmp_path / "bucket") == {}


def test_a_record_with_holes_in_it_gets_into_no_log_file(tmp_path):
    """As a file system leaves it after a power cut: its length is right."""
    spool = spool_of(tmp_path, entry(1), entry(2))
    (segment,) = spool.folder.segments()
    segment.path.write_bytes(segment.path.read_bytes().replace(b'"n":2', b'"n":\0'))
    assert delivery(tmp_path).round(spool.folder).torn == 1
    assert list(contents(tmp_path / "bucket").values()) == [[1]]


def test_rubbish_between_records_loses_no_record(tmp_path):
    spool = spool_of(tmp_path, entry(1), entry(2))
    (segment,) = spool.folder.segments()
    first, second = segment.path.read_bytes().splitlines(keepends=True)
    segment.path.write_bytes(first + b"rubbish\nrubbish\n" + second)
    report = delivery(tmp_path).round(spool.folder)
    assert list(contents(tmp_path / "bucket").values()) == [[1, 2]]
    assert report.torn == 2
    assert len(report.damaged) == 1


def test_an_unreadable_list_of_trails_is_told_and_a_fallback_helps(tmp_path):
    spool = spool_of(tmp_path, entry(1))
    (spool.folder.path / "trails.json").write_text("{broken")
    (error,) = delivery(tmp_path).round(spool.folder).errors
    assert "bototrail flush --bucket" in error
    helped = Delivery(tmp_path / "state", Identities(), 30, str(tmp_path / "rescue"))
    assert helped.round(spool.folder).records == 1
    assert contents(tmp_path / "rescue")


def test_a_fallback_helps_trails_of_whatever_name(tmp_path):
    other = Entry(Header(("other", "third"), account="111122223333").encode(), b'{"n":2}')
    spool = spool_of(tmp_path, entry(1), other)
    helped = Delivery(tmp_path / "state", Identities(), 30, str(tmp_path / "rescue"))
    report = helped.round(spool.folder)
    assert (report.errors, report.waiting) == ([], 0)
    assert list(contents(tmp_path / "bucket").values()) == [[1]]
    assert list(contents(tmp_path / "rescue").values()) == [[2], [2]]


def test_entries_that_never_reached_the_disk_are_delivered_once(tmp_path, monkeypatch):
    batch = Parcel([entry(1), entry(2, "us-east-1")])
    trails = [default_trail(str(tmp_path / "bucket"))]
    real, puts = FolderBucket.put, []

    def second_fails(self, key, body, arn):
        puts.append(key)
        if len(puts) == 2:
            raise DeliveryError("down")
        return real(self, key, body)

    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", second_fails)
        assert delivery(tmp_path).batches([batch], trails).errors == ["down"]
    assert delivery(tmp_path).batches([batch], trails).errors == []
    assert sorted(contents(tmp_path / "bucket").values()) == [[1], [2]]


def test_records_without_a_known_trail_wait(tmp_path):
    other = Entry(Header(("gone",)).encode(), b"{}")
    spool = spool_of(tmp_path, other)
    report = delivery(tmp_path).round(spool.folder)
    assert report.waiting == 1
    assert "gone" in report.errors[0]


def test_reading_and_writing_is_a_function_of_the_segment():
    found = read([entry(1), None, entry(2)], Identities())
    assert (len(found.entries), found.torn) == (2, 1)
    made = [list(log_files(default_trail("/b"), found, "u", "20260101T0000Z", Identities())) for _ in range(2)]
    assert made[0] == made[1]


def test_totals_survive_a_broken_file(tmp_path):
    (tmp_path / "totals.json").write_text("[")
    assert read_totals(tmp_path)["delivered"] == 0
    delivery_module.add_totals(tmp_path, delivered=3)
    assert read_totals(tmp_path)["delivered"] == 3


def known(book: Identities) -> None:
    book.put("AKIAX", from_caller("arn:aws:iam::111122223333:user/alice", "AIDA", "111122223333", "AKIAX"))


def names(bucket: Path) -> set[str]:
    return {p.name.split("_")[0] for p in bucket.rglob("*.json.gz")}


@pytest.mark.parametrize(("perhaps", "account"), [(False, "111122223333"), (True, "000000000000")])
def test_a_caller_may_become_known_while_certainly_nothing_is_delivered(tmp_path, monkeypatch, perhaps, account):
    spool = spool_of(tmp_path, pending(1))
    one = delivery(tmp_path)

    def refuse(self, key, body, arn):
        raise DeliveryError("down", perhaps)

    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", refuse)
        one.round(spool.folder)
    known(one.identities)
    one.round(spool.folder)
    assert names(tmp_path / "bucket") == {account}
    assert list(spool.folder.path.glob("*.callers")) == []


def test_a_caller_that_becomes_known_between_two_tries_makes_no_second_file(tmp_path, monkeypatch):
    spool = spool_of(tmp_path, pending(1))
    one = delivery(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", lambda *_, **__: (_ for _ in ()).throw(OSError("killed here")))
        one.round(spool.folder)
    known(one.identities)
    one.round(spool.folder)
    assert names(tmp_path / "bucket") == {"000000000000"}


def two(tmp_path: Path) -> list[Trail]:
    return [Trail(name, str(tmp_path / name), S3BucketName=name) for name in ("one", "two")]


def pending_for_two(number: int = 1) -> Entry:
    header, record = pending(number)
    return Entry(header.replace(b'"default"', b'"one","two"'), record)


def test_a_refusal_elsewhere_does_not_rename_what_is_being_put(tmp_path, monkeypatch):
    """While one bucket refuses, the other one's answer is lost: what was put must keep its name."""
    trails, one, parcel = two(tmp_path), delivery(tmp_path), Parcel([pending_for_two()])
    putting, real = threading.Event(), FolderBucket.put

    def put(self, key, body, arn=""):
        if self.folder.name == "one":
            putting.wait(10)
            raise DeliveryError("refused")
        putting.set()
        time.sleep(0.2)
        real(self, key, body)
        raise DeliveryError("no answer came", perhaps=True)

    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", put)
        one.batches([parcel], trails)
    known(one.identities)
    one.batches([parcel], trails)
    assert [names(tmp_path / name) for name in ("one", "two")] == [{"000000000000"}] * 2
    assert len(contents(tmp_path / "two")) == 1


def test_a_refusal_after_a_lost_answer_does_not_rename_what_may_be_there(tmp_path, monkeypatch):
    trails, one, parcel = two(tmp_path)[:1], delivery(tmp_path), Parcel([pending_for_two()])
    answers, real = iter([DeliveryError("no answer", perhaps=True), DeliveryError("refused")]), FolderBucket.put

    def put(self, key, body, arn=""):
        real(self, key, body)
        raise next(answers)

    with monkeypatch.context() as patch:
        patch.setattr(FolderBucket, "put", put)
        one.batches([parcel], trails)
        one.batches([parcel], trails)
    known(one.identities)
    one.batches([parcel], trails)
    assert len(contents(tmp_path / "one")) == 1


def test_a_folder_that_cannot_be_synced_may_have_the_file(tmp_path, monkeypatch):
    def failing(*_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(buckets, "_sync", failing)
    with pytest.raises(DeliveryError) as caught:
        FolderBucket(tmp_path).put("AWSLogs/x.json.gz", b"body")
    assert caught.value.perhaps
