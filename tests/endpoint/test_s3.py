"""The reads of S3 over a folder, as boto3 sees them: listings, objects and their metadata, and what is refused."""

from __future__ import annotations

import os
import re
from datetime import datetime, timezone
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from integrity.made import BUCKET, CHAIN, NOON, bucket_folder, digest, write

from bototrail.endpoint.library import Place
from bototrail.endpoint.listing import bucket_listing
from bototrail.store import Entry, open_store

HOSTILE = ["Ünï/ço dé", "a&b<c>\"'", "a+b=c?d#e%20", "new\nline\r\tend", "\x01\x1f\x7f\ufffe", "日本/🐍", " ", "x~!*()"]


class Stored:
    """A store of entries alone, at a place in a bucket of S3."""

    location, bucket = "s3://here/sub", "here"

    def __init__(self, keys, prefix=""):
        self.keys, self.prefix, self.listed = sorted(keys, key=str.encode), prefix, 0

    def entries(self, under="", after=""):
        for key in self.keys:
            if key.startswith(under) and key.encode() > after.encode():
                self.listed += 1
                yield Entry(key, 7, NOON)


@pytest.fixture
def s3(serve, tmp_path):
    """A client for the folder `b`, whose bucket is called so too."""
    (tmp_path / "b").mkdir()
    return serve(tmp_path / "b").client("s3")


def put(tmp_path, *keys, body=b"body"):
    for key in keys:
        write(tmp_path / "b", key, body)


def refused(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


# ---- buckets
def test_a_bucket_is_known_by_the_name_in_its_digest_files_only(serve, tmp_path):
    bucket_folder(tmp_path / "b", 1)
    client = serve(tmp_path / "b").client("s3")
    assert client.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
    assert client.head_bucket(Bucket=BUCKET)["BucketRegion"] == "us-east-1"
    assert refused(client.get_bucket_location, Bucket="b") == ("NoSuchBucket", 404)
    assert refused(client.list_objects, Bucket="b") == ("NoSuchBucket", 404)
    assert refused(client.get_object, Bucket="b", Key="a") == ("NoSuchBucket", 404)
    assert refused(client.head_bucket, Bucket="b") == ("404", 404)


def test_a_bucket_without_digest_files_is_called_as_its_folder_is(s3):
    assert s3.list_objects(Bucket="b").get("Contents", []) == []


# ---- listings
def keys_of(pages):
    return [row["Key"] for page in pages for row in page.get("Contents", [])]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
def test_pages_of_a_listing(operation, s3, tmp_path):
    names = [f"a/{n:04d}" for n in range(2500)]
    put(tmp_path, *names, "b", "A")
    pages = list(s3.get_paginator(operation).paginate(Bucket="b"))
    assert [len(page["Contents"]) for page in pages] == [1000, 1000, 502]
    assert keys_of(pages) == ["A", *names, "b"]
    assert [page["IsTruncated"] for page in pages] == [True, True, False]
    few = s3.get_paginator(operation).paginate(Bucket="b", Prefix="a/00", PaginationConfig={"PageSize": 7})
    assert keys_of(few) == names[:100]


@pytest.mark.parametrize("operation", ["list_objects", "list_objects_v2"])
def test_folders_of_a_listing(operation, s3, tmp_path):
    put(tmp_path, "a/1", "a/2/x", "a/2/y", "a/3", "a.b", "c/1/2/3")
    paginator = s3.get_paginator(operation)

    def found(size, **options):
        pages = list(paginator.paginate(Bucket="b", PaginationConfig={"PageSize": size}, **options))
        return keys_of(pages), [row["Prefix"] for page in pages for row in page.get("CommonPrefixes", [])]

    for size in (1, 2, 1000):
        assert found(size, Delimiter="/") == (["a.b"], ["a/", "c/"])
        assert found(size, Delimiter="/", Prefix="a/") == (["a/1", "a/3"], ["a/2/"])
        assert found(size, Delimiter="/", Prefix="c") == ([], ["c/"])
        assert found(size, Delimiter="2") == (["a.b", "a/1", "a/3"], ["a/2", "c/1/2"])


def test_what_a_listing_tells(s3, tmp_path):
    put(tmp_path, "a/1", body=b"12345")
    os.utime(tmp_path / "b/a/1", (NOON, NOON))
    (row,) = s3.list_objects(Bucket="b", Marker="a/0")["Contents"]
    tag = row.pop("ETag")
    modified = datetime.fromtimestamp(NOON, timezone.utc)
    assert row == {"Key": "a/1", "LastModified": modified, "Size": 5, "StorageClass": "STANDARD"}
    assert re.fullmatch(r'"[0-9a-f]{32}-1"', tag)
    assert s3.head_object(Bucket="b", Key="a/1")["ETag"] == tag


def test_next_marker_comes_with_a_delimiter_only(s3, tmp_path):
    put(tmp_path, "a/1", "b", "c")
    plain = s3.list_objects(Bucket="b", MaxKeys=2)
    folders = s3.list_objects(Bucket="b", MaxKeys=2, Delimiter="/")
    assert (plain["IsTruncated"], plain.get("NextMarker")) == (True, None)
    assert (folders["IsTruncated"], folders["NextMarker"]) == (True, "b")
    assert s3.list_objects(Bucket="b", MaxKeys=0)["IsTruncated"] is False
    assert len(s3.list_objects(Bucket="b", MaxKeys=5000)["Contents"]) == 3


def test_hostile_keys(s3, tmp_path):
    put(tmp_path, *HOSTILE)
    assert sorted(keys_of([s3.list_objects(Bucket="b")])) == sorted(HOSTILE)
    assert sorted(keys_of([s3.list_objects_v2(Bucket="b")])) == sorted(HOSTILE)
    assert [s3.get_object(Bucket="b", Key=key)["Body"].read() for key in HOSTILE] == [b"body"] * len(HOSTILE)


def test_without_encoding_the_xml_is_xml_all_the_same(serve, tmp_path):
    put(tmp_path, *HOSTILE)
    answer = serve(tmp_path / "b").ask("GET", "/b?prefix=")
    found = [each.text for each in ElementTree.fromstring(answer.body).iterfind(".//{*}Key")]
    assert sorted(found) == sorted(re.sub("[\x01\x1f\ufffe]", "\ufffd", key) for key in HOSTILE)


def test_names_that_are_no_utf_8_are_no_failure(s3, tmp_path):
    put(tmp_path, "a")
    (tmp_path / "b" / os.fsdecode(b"\xff\xfe")).write_bytes(b"")
    assert "a" in keys_of([s3.list_objects(Bucket="b")])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("max-keys=-1", "InvalidArgument"),
        ("max-keys=x", "InvalidArgument"),
        ("max-keys=%C2%B2", "InvalidArgument"),
        ("encoding-type=xml", "InvalidArgument"),
        ("list-type=2&continuation-token=%00", "InvalidArgument"),
        ("list-type=2&continuation-token=_w==", "InvalidArgument"),
        ("acl", "NotImplemented"),
        ("versions", "NotImplemented"),
        ("prefix=%ff", "InvalidURI"),
        ("&".join(["a=b"] * 101), "InvalidURI"),
    ],
)
def test_listings_that_cannot_be(query, code, serve, tmp_path):
    (tmp_path / "b").mkdir()
    answer = serve(tmp_path / "b").ask("GET", f"/b?{query}")
    assert ElementTree.fromstring(answer.body).findtext("Code") == code
    assert answer.status == (501 if code == "NotImplemented" else 400)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    keys=st.sets(st.text("ab/", min_size=1, max_size=6), max_size=12),
    prefix=st.text("ab/", max_size=3),
    delimiter=st.sampled_from(["", "/", "a", "b/"]),
    size=st.integers(1, 4),
    own=st.sampled_from(["", "sub/", "a/"]),
)
def test_pages_together_are_the_listing(keys, prefix, delimiter, size, own):
    store = Stored(keys, own)
    expected, seen, marker = [], [], ""
    for key in sorted(own + key for key in keys):
        head, cut, _ = key[len(prefix) :].partition(delimiter) if delimiter else (key, "", "")
        name = prefix + head + cut if cut else key
        if key.startswith(prefix) and name not in expected:
            expected.append(name)
    for _ in range(20):
        query = {"prefix": prefix, "delimiter": delimiter, "max-keys": str(size), "marker": marker}
        page = ElementTree.fromstring(bucket_listing(store, "here", query))
        rows = [*page.iterfind("{*}Contents/{*}Key"), *page.iterfind("{*}CommonPrefixes/{*}Prefix")]
        seen += sorted(row.text for row in rows)
        if page.findtext("{*}IsTruncated") == "false":
            break
        marker = page.findtext("{*}NextMarker") or seen[-1]
    assert seen == expected


def test_what_lies_in_folders_is_not_walked_through():
    store = Stored([f"{folder}/{n}" for folder in "abc" for n in range(1000)])
    bucket_listing(store, "here", {"delimiter": "/"})
    assert store.listed == 3


# ---- objects
def test_a_digest_file_has_its_metadata_out_of_its_comment(serve, tmp_path):
    (made,) = bucket_folder(tmp_path / "b", 1)
    late = digest([], NOON, None, backfill=True)
    write(tmp_path / "b", late.key, late.body)
    client = serve(tmp_path / "b").client("s3")
    for one in (made, late):
        head, whole = (call(Bucket=BUCKET, Key=one.key) for call in (client.head_object, client.get_object))
        assert head["Metadata"] == whole["Metadata"] == one.metadata
        assert whole["Body"].read() == one.body
        assert head["ContentLength"] == len(one.body)
        assert "ContentEncoding" not in whole


def test_only_digest_files_have_it_and_only_what_headers_can_have(serve, tmp_path):
    made = bucket_folder(tmp_path / "b", 1)[0]
    other = digest([], NOON, None, chain=CHAIN._replace(trail="other"))
    bad = {"signature": "a\r\nX-Bad: 1", "signature-algorithm": "ü", "other": "x", "backfill-generation-timestamp": "t"}
    from bototrail.integrity.form import pack

    put(tmp_path, "a.gz", body=made.body)
    put(tmp_path, other.key, body=pack(other.content, bad))
    client = serve(tmp_path / "b").client("s3")
    assert client.head_object(Bucket=BUCKET, Key="a.gz")["Metadata"] == {}
    assert client.head_object(Bucket=BUCKET, Key=other.key)["Metadata"] == {"backfill-generation-timestamp": "t"}


BIG = bytes(range(256)) * 10_000
RANGES = [
    ("bytes=0-0", 0, 1),
    ("bytes=5-9", 5, 10),
    ("bytes=-3", len(BIG) - 3, len(BIG)),
    ("bytes=2500000-9999999", 2_500_000, len(BIG)),
    ("bytes=1048576-2097152", 1_048_576, 2_097_153),
    ("bytes=2559999-", len(BIG) - 1, len(BIG)),
]


def test_objects_of_every_size(s3, tmp_path):
    for size in (0, 1, 1024 * 1024, 1024 * 1024 + 1, len(BIG)):
        put(tmp_path, "big", body=BIG[:size])
        answer = s3.get_object(Bucket="b", Key="big")
        assert answer["Body"].read() == BIG[:size]
        assert (answer["ContentLength"], answer["ContentType"]) == (size, "application/octet-stream")


@pytest.mark.parametrize(("asked", "start", "end"), RANGES)
def test_parts_of_objects(asked, start, end, s3, tmp_path):
    put(tmp_path, "big", body=BIG)
    answer = s3.get_object(Bucket="b", Key="big", Range=asked)
    assert answer["Body"].read() == BIG[start:end]
    assert answer["ContentRange"] == f"bytes {start}-{end - 1}/{len(BIG)}"


def test_a_download_in_parts(s3, tmp_path):
    put(tmp_path, "big", body=BIG * 10)
    s3.download_file("b", "big", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == BIG * 10


def test_conditions(s3, tmp_path):
    put(tmp_path, "a")
    tag = s3.head_object(Bucket="b", Key="a")["ETag"]
    assert s3.get_object(Bucket="b", Key="a", IfMatch=tag)["Body"].read() == b"body"
    assert refused(s3.get_object, Bucket="b", Key="a", IfMatch='"other"') == ("PreconditionFailed", 412)
    assert refused(s3.get_object, Bucket="b", Key="a", IfNoneMatch=tag) == ("304", 304)
    assert refused(s3.get_object, Bucket="b", Key="a", Range="bytes=4-") == ("InvalidRange", 416)
    assert refused(s3.get_object, Bucket="b", Key="a", Range="bytes=-0") == ("InvalidRange", 416)
    assert s3.get_object(Bucket="b", Key="a", Range="lines=1-2")["Body"].read() == b"body"


def test_what_is_not_there(s3, tmp_path):
    put(tmp_path, "a/b")
    for key in ("none", "a", "a/b/c", "a//b", "./a/b"):
        assert refused(s3.get_object, Bucket="b", Key=key) == ("NoSuchKey", 404), key
        assert refused(s3.head_object, Bucket="b", Key=key) == ("404", 404), key
    assert refused(s3.get_object, Bucket="b", Key="k" * 1025) == ("KeyTooLongError", 400)
    assert refused(s3.get_object_acl, Bucket="b", Key="a/b") == ("NotImplemented", 501)
    assert refused(s3.list_buckets) == ("NotImplemented", 501)


def test_nothing_is_written(s3, tmp_path):
    put(tmp_path, "a")
    assert refused(s3.put_object, Bucket="b", Key="a", Body=b"x" * 3_000_000) == ("MethodNotAllowed", 405)
    assert refused(s3.delete_object, Bucket="b", Key="a") == ("MethodNotAllowed", 405)
    assert refused(s3.create_bucket, Bucket="new") == ("MethodNotAllowed", 405)
    assert refused(s3.create_multipart_upload, Bucket="b", Key="a") == ("MethodNotAllowed", 405)
    assert [path.read_bytes() for path in (tmp_path / "b").iterdir()] == [b"body"]


TRAPS = [
    "/b/../secret",
    "/b/..%2fsecret",
    "/b/%2e%2e/secret",
    "/b/..%2f..%2f..%2fetc%2fpasswd",
    "/b//etc/passwd",
    "/b/%2fetc%2fpasswd",
    "/b/a%00",
    "/../secret",
    "/%2e%2e/secret",
    "/b/link/passwd",
    "/b/file-link",
    "/b/pipe",
    "http://127.0.0.1/b/../secret",
]


@pytest.mark.parametrize("path", TRAPS)
def test_no_path_leads_out(path, serve, tmp_path):
    (tmp_path / "secret").write_text("root:")
    put(tmp_path, "a")
    (tmp_path / "b" / "link").symlink_to("/etc")
    (tmp_path / "b" / "file-link").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "b" / "pipe")
    served = serve(tmp_path / "b")
    answer = served.ask("GET", path, Host=f"127.0.0.1:{served.port}")
    assert (answer.status, b"root:" in answer.body) == (404, False)


def test_a_path_that_is_no_text(serve, tmp_path):
    (tmp_path / "b").mkdir()
    answer = serve(tmp_path / "b").ask("GET", "/b/%ff")
    assert (answer.status, ElementTree.fromstring(answer.body).findtext("Code")) == (400, "InvalidURI")


def test_a_browser_runs_nothing_of_an_object(serve, tmp_path):
    put(tmp_path, 'a/"évil\n.html', body=b"<script>alert(1)</script>")
    answer = serve(tmp_path / "b").ask("GET", "/b/a/" + quote('"évil\n.html'))
    shown = {name: answer.headers[name] for name in ("content-type", "content-disposition", "x-content-type-options")}
    assert shown == {
        "content-type": "application/octet-stream",
        "content-disposition": "attachment; filename*=UTF-8''%22%C3%A9vil%0A.html",
        "x-content-type-options": "nosniff",
    }
    assert answer.headers["content-security-policy"] == "default-src 'none'"


def test_stores_that_tell_sizes_in_listings_only(tmp_path):
    put(tmp_path, "a", "ab")

    class Silent(type(open_store(tmp_path / "b"))):
        def open(self, key):
            from contextlib import contextmanager
            from dataclasses import replace

            @contextmanager
            def opened():
                with super(Silent, self).open(key) as found:
                    yield replace(found, entry=None, metadata={"x": "y"})

            return opened()

    from bototrail.endpoint.objects import answer_object

    answer = answer_object(Silent(tmp_path / "b"), "a", {}, head=False)
    assert (answer.body, answer.headers["content-length"], answer.headers["x-amz-meta-x"]) == (b"body", "4", "y")


def test_a_bucket_that_cannot_be_read_fails_without_its_reason(serve, tmp_path, caplog):
    (tmp_path / "b").mkdir()
    served = serve(Place(str(tmp_path / "b")))
    assert served.client("s3").list_objects(Bucket="b")["IsTruncated"] is False
    (tmp_path / "b").rmdir()
    (tmp_path / "b").symlink_to(tmp_path / "b")
    answer = served.ask("GET", "/b")
    assert (answer.status, str(tmp_path).encode() in answer.body) == (500, False)
    assert [(record.exc_info, f"found {tmp_path}/b" in record.message) for record in caplog.records] == [(False, True)]


@pytest.mark.parametrize(("time", "shown"), [(1e12, "9999-12-31T23:59:59.000Z"), (-7e10, "1970-01-01T00:00:00.000Z")])
def test_a_file_of_an_impossible_time_spoils_no_listing(time, shown):
    class Odd(Stored):
        def entries(self, under="", after=""):
            return (entry._replace(modified=time) for entry in super().entries(under, after))

    assert f"<LastModified>{shown}</LastModified>" in bucket_listing(Odd(["a"]), "here", {})
