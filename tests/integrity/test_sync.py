"""Copies of buckets: everything arrives with its metadata, nothing is overwritten, and what was begun goes on."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import fsspec
import pytest
from integrity.made import ACCOUNT, BUCKET, CHAIN, bucket_folder, write

from bototrail.deliver.buckets import FolderBucket
from bototrail.deliver.s3 import S3Bucket
from bototrail.errors import BucketError, ConfigError, DeliveryError
from bototrail.integrity import copying
from bototrail.integrity.copying import Target, open_target
from bototrail.integrity.form import comment_of, digest_name
from bototrail.integrity.sync import Sync
from bototrail.store import open_store

LOG = f"AWSLogs/{ACCOUNT}/CloudTrail/eu-central-1/2026/09/21/x.json.gz"
NONE = {"copied": 0, "skipped": 0, "mended": 0, "differing": 0, "failed": 0}


def copy(source, target, **options):
    """What came of a copy: counts, and what was said of objects."""
    syncing = Sync(open_store(source), open_target(str(target), make=not options.get("dry_run")), **options)
    said = {outcome.key: (outcome.what, outcome.why) for outcome in syncing.run() if outcome.why}
    return {what: count for what, count in syncing.counts.items() if count}, said


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in Path(folder).rglob("*") if p.is_file()}


def contents(folder):
    """Uncompressed contents, and the comments of digest files."""
    return {key: (gzip.decompress(body), comment_of(body)) for key, body in files(folder).items()}


def objects(client, bucket):
    found = {}
    for row in client.list_objects_v2(Bucket=bucket).get("Contents", ()):
        answer = client.get_object(Bucket=bucket, Key=row["Key"])
        found[row["Key"]] = answer["Body"].read(), answer["Metadata"]
    return found


@pytest.fixture
def source(tmp_path):
    """A bucket in a folder: 3 digest files and 6 log files."""
    folder = tmp_path / "source"
    bucket_folder(folder, 3)
    return folder


@pytest.fixture
def bucket(moto_s3, moto_url):
    """The location of an empty bucket in S3 with the name that the digest files have for it."""
    moto_s3.create_bucket(Bucket=BUCKET)
    return f"s3://{BUCKET}?endpoint_url={moto_url}"


def test_a_folder_is_copied_to_s3_with_metadata(source, bucket, moto_s3):
    assert copy(source, bucket) == ({"copied": 9}, {})
    expected = {key: (body, comment_of(body)) for key, body in files(source).items()}
    assert objects(moto_s3, BUCKET) == expected
    assert {len(metadata) for _, metadata in expected.values()} == {0, 2}


def test_log_files_in_s3_are_what_cloudtrail_s_are(source, bucket, moto_s3):
    copy(source, bucket)
    heads = [moto_s3.head_object(Bucket=BUCKET, Key=key) for key in files(source)]
    assert {(head["ContentType"], head["ContentEncoding"]) for head in heads} == {("application/json", "gzip")}


def test_there_and_back_is_the_same(source, bucket, tmp_path):
    copy(source, bucket)
    assert copy(bucket, tmp_path / "back") == ({"copied": 9}, {})
    assert files(tmp_path / "back") == files(source)


def test_aws_s_own_digest_files_keep_their_signatures_in_a_folder(source, bucket, moto_s3, tmp_path):
    """AWS's have no comment in the header, which is gzip's own otherwise."""
    for key, body in files(source).items():
        plain = gzip.compress(gzip.decompress(body))
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=plain, Metadata=comment_of(body))
    assert copy(bucket, tmp_path / "back") == ({"copied": 9}, {})
    assert contents(tmp_path / "back") == contents(source)
    assert copy(bucket, tmp_path / "back") == ({"skipped": 9}, {})


@pytest.mark.parametrize("again", ["memory://copy", "file", "s3"])
def test_a_second_run_skips_everything(again, source, bucket, tmp_path):
    fsspec.filesystem("memory").rm("/", recursive=True)
    target = {"file": tmp_path / "copy", "s3": bucket}.get(again, again)
    assert copy(source, target) == ({"copied": 9}, {})
    assert copy(source, target) == ({"skipped": 9}, {})
    assert copy(target, tmp_path / "back") == ({"copied": 9}, {})
    assert files(tmp_path / "back") == files(source)


def test_s3_is_copied_to_s3(source, bucket, moto_s3, moto_url):
    copy(source, bucket)
    moto_s3.create_bucket(Bucket="other")
    assert copy(bucket, f"s3://other?endpoint_url={moto_url}") == ({"copied": 9}, {})
    assert objects(moto_s3, "other") == objects(moto_s3, BUCKET)


def test_only_what_lies_under_awslogs_is_copied_unless_all_is_asked_for(tmp_path, bucket, moto_s3):
    source = tmp_path / "source"
    for key in (LOG, f"my/prefix/{LOG}", "notes.txt", "NotAWSLogs/x", LOG.replace("x.", ".x.") + ".tmp"):
        write(source, key, gzip.compress(b"x", mtime=0))
    moto_s3.put_object(Bucket=BUCKET, Key="AWSLogs/", Body=b"")
    assert copy(source, bucket) == ({"copied": 2}, {})
    assert copy(source, bucket, everything=True) == ({"copied": 2, "skipped": 2}, {})
    assert set(objects(moto_s3, BUCKET)) == {"AWSLogs/", LOG, f"my/prefix/{LOG}", "notes.txt", "NotAWSLogs/x"}
    assert copy(bucket, tmp_path / "back") == ({"copied": 2}, {})


def test_other_contents_are_told_and_left_as_they_are(source, bucket, moto_s3):
    digests = sorted(key for key in files(source) if digest_name(key))
    logs = sorted(set(files(source)) - set(digests))
    body = files(source)[digests[0]]
    there = {
        logs[0]: (b"other", {}),
        logs[1]: (files(source)[logs[1]][:-1] + b"x", {}),
        digests[0]: (gzip.compress(b"{}", mtime=0), comment_of(body)),
        digests[1]: (files(source)[digests[1]], {"signature": "00", "signature-algorithm": "SHA256withRSA"}),
    }
    for key, (data, metadata) in there.items():
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=data, Metadata=metadata)
    other = ("differing", "another one is there; it was left as it is")
    signed = ("differing", "it is there with another signature; it was left as it is")
    expected = {logs[0]: other, logs[1]: other, digests[0]: other, digests[1]: signed}
    assert copy(source, bucket, mend=True) == ({"copied": 5, "differing": 4}, expected)
    assert {key: objects(moto_s3, BUCKET)[key] for key in there} == there


def test_what_comes_meanwhile_is_not_overwritten(source, tmp_path):
    """Listed when it was not there yet."""
    target = tmp_path / "target"
    there = dict.fromkeys(list(files(source))[:4], b"other")
    some = list(there)[:2]
    for key in there:
        write(target, key, b"other" if key in some else files(source)[key])

    class Blind(type(open_store(target))):
        def entries(self, under="", after=""):
            return iter(())

    syncing = Sync(open_store(source), Target(Blind(target), FolderBucket(target)))
    whys = {outcome.key for outcome in syncing.run() if outcome.what == "differing"}
    assert (whys, syncing.counts["skipped"], syncing.counts["copied"]) == (set(some), 2, 5)
    assert [files(target)[key] for key in some] == [b"other", b"other"]


@pytest.fixture
def bare(source, bucket, moto_s3):
    """A bucket whose digest files somebody has copied without their metadata."""
    for key, body in files(source).items():
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=gzip.compress(gzip.decompress(body)))
    return bucket


BARE = ("differing", "it is there without its signature; give it that with --mend")


def test_digest_files_without_signature_are_told_and_mended_on_demand(source, bare, moto_s3):
    digests = {key for key in files(source) if digest_name(key)}
    for key in set(files(source)) - digests:
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=files(source)[key])
    before = objects(moto_s3, BUCKET)
    assert copy(source, bare) == ({"skipped": 6, "differing": 3}, dict.fromkeys(digests, BARE))
    assert copy(source, bare, mend=True, dry_run=True) == ({"skipped": 6, "mended": 3}, {})
    assert objects(moto_s3, BUCKET) == before
    assert copy(source, bare, mend=True) == ({"skipped": 6, "mended": 3}, {})
    assert objects(moto_s3, BUCKET) == {
        key: (body, comment_of(files(source)[key])) for key, (body, _) in before.items()
    }
    assert copy(source, bare) == ({"skipped": 9}, {})


def test_digest_files_in_a_folder_are_mended_from_s3(source, bucket, tmp_path):
    copy(source, bucket)
    for key, body in files(source).items():
        write(tmp_path / "bare", key, gzip.compress(gzip.decompress(body)) if digest_name(key) else body)
    assert copy(bucket, tmp_path / "bare", mend=True) == ({"skipped": 6, "mended": 3}, {})
    assert contents(tmp_path / "bare") == contents(source)


def test_a_bucket_is_mended_from_its_own_comments(source, bucket, moto_s3):
    for key, body in files(source).items():
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=body)
    assert copy(bucket, bucket, mend=True) == ({"skipped": 6, "mended": 3}, {})
    assert objects(moto_s3, BUCKET) == {key: (body, comment_of(body)) for key, body in files(source).items()}


def test_metadata_win_over_a_comment_that_contradicts_them(source, bucket, moto_s3, tmp_path):
    [key, *_] = sorted(key for key in files(source) if digest_name(key))
    metadata = {"signature": "00", "signature-algorithm": "SHA256withRSA"}
    moto_s3.put_object(Bucket=BUCKET, Key=key, Body=files(source)[key], Metadata=metadata)
    said = {key: ("copied", "its metadata and its gzip comment differ; the metadata hold")}
    assert copy(bucket, tmp_path / "back") == ({"copied": 1}, said)
    assert contents(tmp_path / "back") == {key: (contents(source)[key][0], metadata)}


def test_evidence_is_copied_as_it_is(tmp_path):
    """Whatever was done to a file, a copy shows it."""
    digest = CHAIN.key("2026-09-21T12:00:00Z")
    whole = gzip.compress(b"content", mtime=0)
    broken = {LOG: whole[:-1], LOG.replace("x.", "y."): whole + b"more", digest: b"no gzip", "AWSLogs/z": b""}
    for key, body in broken.items():
        write(tmp_path / "source", key, body)
    no_gzip = "it is no sound gzip file: Error -3 while decompressing data: incorrect header check"
    said = {
        LOG: ("copied", "copied as it is, but it is cut off"),
        LOG.replace("x.", "y."): ("copied", "copied as it is, but there is something behind the end of the gzip file"),
        digest: ("copied", f"copied as it is, but {no_gzip}; copied without a signature: it has none"),
    }
    assert copy(tmp_path / "source", tmp_path / "copy") == ({"copied": 4}, said)
    assert files(tmp_path / "copy") == broken


def test_metadata_that_have_no_place_are_told(bucket, moto_s3, tmp_path):
    moto_s3.put_object(Bucket=BUCKET, Key=LOG, Body=gzip.compress(b"x"), Metadata={"a": "b"})
    said = {LOG: ("copied", "copied without its metadata: there is no place for them")}
    assert copy(bucket, tmp_path / "back") == ({"copied": 1}, said)


PATH = ("failed", "this key can be no file's path; it was left out")


def test_keys_that_lead_elsewhere_are_refused_and_hold_up_no_others(bucket, moto_s3, tmp_path):
    tricks = ["../AWSLogs/x", "AWSLogs/../../x", "/AWSLogs/x", "AWSLogs//x", "AWSLogs/./x", "AWSLogs/x/"]
    long, file, below = f"AWSLogs/{'n' * 300}", "AWSLogs/a", "AWSLogs/a/b"
    for key in [*tricks, long, file, below, LOG]:
        moto_s3.put_object(Bucket=BUCKET, Key=key, Body=b"" if key == LOG else b"body")
    counts, said = copy(bucket, tmp_path / "in" / "back", jobs=1)
    assert counts == {"copied": 2, "failed": 8}
    assert {key: said[key] for key in tricks} == dict.fromkeys(tricks, PATH)
    assert ("File name too long" in said[long][1], "File exists" in said[below][1]) == (True, True)
    assert set(files(tmp_path)) == {"in/back/AWSLogs/a", f"in/back/{LOG}"}


def test_a_folder_in_the_place_of_a_file_is_told(source, tmp_path):
    [key, *_] = files(source)
    (tmp_path / "copy" / key).mkdir(parents=True)
    said = {key: ("failed", "something that is no file has its name there")}
    assert copy(source, tmp_path / "copy") == ({"copied": 8, "failed": 1}, said)


def test_too_large_an_object_is_refused(tmp_path, monkeypatch):
    write(tmp_path / "source", LOG, bytes(2000))
    monkeypatch.setattr(copying, "MAX_OBJECT", 1000)
    said = {LOG: ("failed", "it is larger than 0 MB; it was left out")}
    assert copy(tmp_path / "source", tmp_path / "copy") == ({"failed": 1}, said)


class Failing:
    """A bucket that takes some objects, and then no more for a while."""

    def __init__(self, bucket, good, perhaps=False):
        self._bucket, self._good, self._perhaps = bucket, good, perhaps

    def put(self, key, body, source_arn="", metadata=None):
        self._good -= 1
        if self._good < 0:
            raise DeliveryError("the network is down", perhaps=self._perhaps)
        return self._bucket.put(key, body, source_arn, metadata)


def test_what_failed_is_copied_by_the_next_run(source, tmp_path):
    target = open_target(str(tmp_path / "copy"), make=True)
    syncing = Sync(open_store(source), Target(target.store, Failing(target.bucket, 4)), jobs=1)
    whys = {outcome.why for outcome in syncing.run()}
    assert (dict(syncing.counts), whys) == ({**NONE, "copied": 4, "failed": 5}, {"", "the network is down"})
    assert copy(source, tmp_path / "copy") == ({"copied": 5, "skipped": 4}, {})
    assert files(tmp_path / "copy") == files(source)


def test_who_stops_asking_stops_the_copying_between_objects(source, tmp_path):
    target = open_target(str(tmp_path / "copy"), make=True)
    outcomes = Sync(open_store(source), target, jobs=1).run()
    first = next(outcomes)
    outcomes.close()
    some = files(tmp_path / "copy")
    assert some.items() <= files(source).items()
    assert first.key in some
    counts, _ = copy(source, tmp_path / "copy")
    assert (counts.get("skipped"), files(tmp_path / "copy")) == (len(some), files(source))


def test_a_put_without_an_answer_is_tried_again(source, tmp_path, monkeypatch):
    monkeypatch.setattr(copying, "_PAUSES", (0.01, 0.01))

    class Flaky(Failing):
        def put(self, key, body, source_arn="", metadata=None):
            self._good += 1
            if self._good % 3:
                raise DeliveryError("no answer", perhaps=True)
            return self._bucket.put(key, body, source_arn, metadata)

    target = open_target(str(tmp_path / "copy"), make=True)
    syncing = Sync(open_store(source), Target(target.store, Flaky(target.bucket, 0)), jobs=1)
    assert ([outcome.what for outcome in syncing.run()], files(tmp_path / "copy")) == (["copied"] * 9, files(source))


def test_what_arrives_otherwise_than_it_was_sent_is_told(source, bucket, moto_s3):
    class Bad(S3Bucket):
        def put(self, key, body, source_arn="", metadata=None):
            return super().put(key, body + b"!", source_arn, metadata)

    target = open_target(bucket, make=True)
    syncing = Sync(open_store(source), Target(target.store, Bad(bucket)))
    outcomes = list(syncing.run())
    assert {outcome.what for outcome in outcomes} == {"failed"}
    assert "what is there now is not what was sent" in outcomes[0].why


def test_a_dry_run_writes_nothing(source, bucket, moto_s3, tmp_path):
    assert copy(source, tmp_path / "copy", dry_run=True) == ({"copied": 9}, {})
    assert copy(source, bucket, dry_run=True) == ({"copied": 9}, {})
    assert (os.path.lexists(tmp_path / "copy"), objects(moto_s3, BUCKET)) == (False, {})


def moved(source, target):
    syncing = Sync(open_store(source), open_target(str(target), make=True), jobs=1)
    list(syncing.run())
    return syncing.moved


def test_digest_files_that_are_elsewhere_now_are_noted(source, bucket, moto_s3, moto_url, tmp_path):
    first = min(key for key in files(source) if digest_name(key))
    moto_s3.create_bucket(Bucket="other")
    assert moved(source, bucket) is None
    assert moved(bucket, tmp_path / "folder") is None
    there = f"s3://other/p?endpoint_url={moto_url}"
    assert moved(source, there) == ((BUCKET, first), ("other", f"p/{first}"))
    assert moved(there, tmp_path / "same") is None
    assert moved(f"s3://other?endpoint_url={moto_url}", tmp_path / "below") == ((BUCKET, first), (BUCKET, f"p/{first}"))


def test_a_bucket_is_not_copied_into_itself(source, bucket, moto_s3, moto_url, tmp_path):
    (tmp_path / "link").symlink_to(source)
    for target in (source, tmp_path / "link", source / "copy"):
        with pytest.raises(ConfigError, match="expected two buckets; found one"):
            copy(source, target)
    for target in (bucket, f"s3://{BUCKET}/copy?endpoint_url={moto_url}"):
        with pytest.raises(ConfigError, match="expected two buckets; found one"):
            copy(bucket, target)


def test_a_bucket_that_is_not_there_is_said(source, moto_url, tmp_path):
    with pytest.raises(BucketError, match="NoSuchBucket"):
        copy(source, f"s3://nowhere?endpoint_url={moto_url}")
    with pytest.raises(ConfigError, match="nothing there"):
        copy(tmp_path / "nowhere", tmp_path / "copy")
