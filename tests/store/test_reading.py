"""Reading objects: folders, other stores, and what may go wrong with S3."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import fsspec
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st
from store.server import Answer, refusal

import bototrail
from bototrail.errors import BucketError, ConfigError, MissingExtraError, MissingObjectError
from bototrail.store import Entry, open_store
from bototrail.store.shortcut import Shortcut, _Example


def whole(store, key, size=1000):
    """An object's bytes and metadata."""
    found = bytearray()
    with store.open(key) as opened:
        while data := opened.read(size):
            found += data
        return bytes(found), dict(opened.metadata)


def test_a_file_is_read_in_parts(tmp_path):
    (tmp_path / "x").write_bytes(b"abcdefg")
    assert whole(open_store(tmp_path), "x", 3) == (b"abcdefg", {})


OUTSIDE = [
    "",
    "..",
    "../secret",
    "a/../../secret",
    "/etc/passwd",
    "a//x",
    "./a/x",
    "a/x/",
    "a/x\0",
    "a",
    "none",
    "a/x/y",
]
OUTSIDE += ["link", "folder/secret", "inside/x", "pipe", "socket", "n" * 300, "d/" * 600 + "x", "\udcff", "\ud800"]


@pytest.mark.parametrize("key", OUTSIDE)
def test_nothing_is_read_outside_a_folder(key, tmp_path):
    bucket = tmp_path / "bucket"
    (bucket / "a").mkdir(parents=True)
    (bucket / "a" / "x").write_text("x")
    (tmp_path / "secret").write_text("secret")
    (bucket / "link").symlink_to(tmp_path / "secret")
    (bucket / "folder").symlink_to(tmp_path)
    (bucket / "inside").symlink_to(bucket / "a")
    os.mkfifo(bucket / "pipe")
    os.mknod(bucket / "socket", 0o140600)
    with pytest.raises(MissingObjectError):
        whole(open_store(bucket), key)


def test_a_bucket_s_folder_may_be_a_link(tmp_path):
    (tmp_path / "bucket").mkdir()
    (tmp_path / "bucket" / "x").write_text("x")
    (tmp_path / "link").symlink_to("bucket")
    assert whole(open_store(tmp_path / "link"), "x") == (b"x", {})


@pytest.mark.parametrize("key", ["", "..", "../secret", "a//x", "none", "a"])
def test_nothing_is_read_outside_of_other_stores(key):
    memory = fsspec.filesystem("memory")
    memory.rm("/", recursive=True)
    memory.pipe({"/bucket/a/x": b"x", "/secret": b"secret"})
    store = open_store("memory://bucket")
    assert whole(store, "a/x") == (b"x", {})
    with pytest.raises(MissingObjectError):
        whole(store, key)


def test_a_store_that_is_not_installed_is_said(monkeypatch):
    with pytest.raises(ConfigError, match="whose scheme nope:// can be opened"):
        open_store("nope://bucket")
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(MissingExtraError, match=r"bototrail\[fsspec\]"):
        open_store("memory://bucket")


def test_s3_gives_bodies_as_they_are_and_metadata(moto_s3, moto_url):
    body = gzip.compress(b"content", mtime=0)
    moto_s3.create_bucket(Bucket="bucket")
    for key in ("one", "two"):  # the first is read by botocore, the second by the shortcut
        about = {"Signature": "ab", "signature-algorithm": "X"}
        moto_s3.put_object(Bucket="bucket", Key=f"p/{key}", Body=body, ContentEncoding="gzip", Metadata=about)
    store = open_store(f"s3://bucket/p/?endpoint_url={moto_url}")
    expected = body, {"signature": "ab", "signature-algorithm": "X"}
    assert [whole(store, key) for key in ("one", "two", "one")] == [expected] * 3
    for key in ("none", ""):
        with pytest.raises(MissingObjectError):
            whole(store, key)


def test_s3_s_keys_may_look_like_paths(moto_s3, moto_url):
    moto_s3.create_bucket(Bucket="bucket")
    keys = ["../up", "a//b", "./c", "a/../d", "e?f", "g#h", "%2e", "i+j k", "~l", "日本"]
    for key in keys:
        moto_s3.put_object(Bucket="bucket", Key=key, Body=key.encode())
    store = open_store(f"s3://bucket?endpoint_url={moto_url}")
    assert [whole(store, key)[0].decode() for key in keys] == keys


def test_a_missing_bucket_is_said(moto_url):
    store = open_store(f"s3://nowhere/p?endpoint_url={moto_url}&region_name=eu-central-1")
    for attempt in (lambda: whole(store, "x"), lambda: list(store.entries()), lambda: list(store.folders())):
        with pytest.raises(BucketError, match=r"at s3://nowhere/p; found (x: )?NoSuchBucket: "):
            attempt()


def test_no_credentials_are_said(moto_url, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(BucketError, match="x: NoCredentialsError: "):
        whole(open_store(f"s3://b?endpoint_url={moto_url}"), "x")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ("profile_name=nobody", "found ProfileNotFound: "),
        ("endpoint_url=nowhere", "found ValueError: Invalid endpoint"),
    ],
)
def test_options_that_cannot_be_used_are_said(options, words):
    with pytest.raises(BucketError, match=words):
        list(open_store(f"s3://b?{options}").entries())


def test_wrong_options_are_said():
    with pytest.raises(ConfigError, match="expected an S3 URL with known options; found nonsense"):
        open_store("s3://b?nonsense=1")


def ok(key, headers):
    return Answer(200, key.encode(), {"x-amz-meta-Name": "value"})


def test_connections_are_used_again_and_the_owner_is_sent(serve):
    owners = []

    def answer(key, headers):
        owners.append(headers.get("x-amz-expected-bucket-owner"))
        return ok(key, headers)

    server = serve(answer)
    store = open_store(f"{server.location}&ExpectedBucketOwner=111122223333")
    assert [whole(store, key) for key in "abc"] == [(key.encode(), {"name": "value"}) for key in "abc"]
    assert (server.asked, owners, server.connections) == (["a", "b", "c"], ["111122223333"] * 3, 1)


def region(headers: Mapping[str, str]) -> str:
    return headers["authorization"].split("/")[2]


def test_a_bucket_in_another_region_is_asked_there(serve):
    def answer(key, headers):
        if region(headers) == "eu-west-1":
            return ok(key, headers)
        return refusal(301, "PermanentRedirect", x_amz_bucket_region="eu-west-1")

    server = serve(answer)
    store = open_store(server.location)
    assert [whole(store, key)[0] for key in "abc"] == [b"a", b"b", b"c"]
    assert server.asked[-2:] == ["b", "c"]


def test_what_the_shortcut_does_not_get_botocore_gets(serve):
    answers = {
        "busy": iter([refusal(503, "SlowDown"), refusal(503, "SlowDown"), Answer(200, b"at last")]),
        "odd": iter([refusal(400, "Odd")]),
    }
    server = serve(lambda key, headers: next(answers.get(key, iter(())), ok(key, headers)))
    store = open_store(server.location)
    assert [whole(store, key)[0] for key in ("a", "busy", "b", "odd", "c")] == [b"a", b"at last", b"b", b"odd", b"c"]
    assert server.asked == ["a", "busy", "busy", "busy", "b", "odd", "odd", "c"]


def test_a_shortcut_that_leads_nowhere_is_given_up(serve):
    """A server that botocore can speak to and the shortcut cannot."""
    server = serve(lambda key, h: ok(key, h) if "amz-sdk-request" in h else refusal(403, "SignatureDoesNotMatch"))
    store = open_store(server.location)
    assert [whole(store, key)[0] for key in "abcdef"] == [key.encode() for key in "abcdef"]
    assert server.asked == ["a", "b", "b", "c", "c", "d", "d", "e", "f"]


@pytest.mark.parametrize("first", [True, False])
def test_a_body_that_is_cut_off_is_no_body(first, serve):
    server = serve(lambda key, headers: Answer(200, b"abc", length=5) if key == "cut" else ok(key, headers))
    store = open_store(server.location)
    if not first:
        whole(store, "a")
    with pytest.raises(BucketError, match=r"cut: (cut off, 3 of 5 bytes|IncompleteReadError: 3 read)"):
        whole(store, "cut")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (refusal(403, "AccessDenied"), r"x: AccessDenied: the message of AccessDenied \(without the right to s3:List"),
        (refusal(403, "SignatureDoesNotMatch"), "x: SignatureDoesNotMatch: the message of SignatureDoesNotMatch;"),
        (refusal(403, "InvalidObjectState"), "x: InvalidObjectState: "),
        (refusal(503, "SlowDown"), "x: SlowDown: "),
        (Answer(200, b"<html>", {"content-length": "x"}), "x: "),
    ],
)
def test_what_s3_says_is_said(answer, words, serve):
    store = open_store(serve(lambda *_: answer).location)
    with pytest.raises(BucketError, match=words):
        whole(store, "x")


def test_a_server_that_does_not_answer_is_given_up(serve, monkeypatch):
    monkeypatch.setitem(__import__("bototrail.store.s3").store.s3._CONFIG, "read_timeout", 0.2)

    def answer(key, headers):
        time.sleep(1 if key == "hang" else 0)
        return ok(key, headers)

    store = open_store(serve(answer).location)
    whole(store, "a")
    began = time.monotonic()
    with pytest.raises(BucketError, match="hang: ReadTimeoutError"):
        whole(store, "hang")
    assert time.monotonic() - began < 20


def test_reading_is_not_recorded_in_whatever_thread(serve, tmp_path):
    listing = b"<ListBucketResult><Contents><Key>a</Key></Contents><Contents/></ListBucketResult>"
    server = serve(lambda key, headers: Answer(200, listing) if key in ("/bucket", "") else ok(key, headers))
    bototrail.start(tmp_path / "audit", identity="offline")
    store = open_store(server.location)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: list(store.entries())).result() == [Entry("a", 0, 0.0)]
        assert pool.submit(whole, store, "a").result() == (b"a", {"name": "value"})
    assert bototrail.stop().records == 0


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


class _Client:
    """As much of a client as a shortcut looks at."""

    def __init__(self, token):
        self._endpoint = self._request_signer = self.meta = self.events = self.http_session = self
        self._credentials = Credentials("AKIDEXAMPLE", "secret/+", token)

    def register(self, *_):
        pass


@given(name=NAMES, token=st.sampled_from([None, "a+/token=="]), url=st.sampled_from(["http://h:1/b/", "https://b.h/"]))
def test_requests_are_signed_as_botocore_signs_them(name, token, url):
    shortcut = Shortcut(_Client(token))
    path, host = ("/b/", "h:1") if url.endswith("/b/") else ("/", "b.h")
    about = {"x-amz-expected-bucket-owner": "111122223333", "user-agent": "Boto3/1 x"}
    made = shortcut.signed(_Example(url, path, host, "eu-west-1", about), name)
    signature = made.headers.pop("authorization")
    request = AWSRequest("GET", made.url, headers=made.headers)
    request.context["timestamp"] = made.headers["x-amz-date"]
    auth = S3SigV4Auth(_Client(token)._credentials, "s3", "eu-west-1")
    text = auth.string_to_sign(request, auth.canonical_request(request))
    assert signature.endswith(f"Signature={auth.signature(text, request)}")
