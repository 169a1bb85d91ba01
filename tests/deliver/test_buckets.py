"""Buckets: what is put is there, what is there is left alone, and what is wrong is told."""

from __future__ import annotations

import base64
import errno
from pathlib import Path
from urllib.parse import urlencode

import boto3
import botocore.exceptions
import orjson
import pytest
from botocore.awsrequest import AWSResponse
from botocore.stub import Stubber
from moto import mock_aws

from bototrail.deliver.buckets import FolderBucket, FsspecBucket, S3Bucket, open_bucket
from bototrail.deliver.to_bucket import ToBucket
from bototrail.errors import ConfigError, DeliveryError, MissingExtraError
from bototrail.trails import Trail

KEY = "AWSLogs/111122223333/CloudTrail/x.json.gz"


@pytest.fixture
def s3():
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="trail-bucket")
        yield client


def test_s3_gets_the_file_with_cloudtrails_headers(s3):
    where = open_bucket("s3://trail-bucket/pre/fix?ServerSideEncryption=AES256").put(KEY, b"body").where
    assert where == f"s3://trail-bucket/pre/fix/{KEY}"
    found = s3.get_object(Bucket="trail-bucket", Key=f"pre/fix/{KEY}")
    assert (found["Body"].read(), found["ContentType"], found["ContentEncoding"]) == (
        b"body",
        "application/json",
        "gzip",
    )
    assert found["ServerSideEncryption"] == "AES256"
    assert found["ChecksumCRC32"]


def test_s3_encrypts_with_a_kms_key_when_the_url_names_one(s3):
    open_bucket("s3://trail-bucket?KmsKeyId=alias/trail").put(KEY, b"body")
    found = s3.head_object(Bucket="trail-bucket", Key=KEY)
    assert (found["ServerSideEncryption"], found["SSEKMSKeyId"]) == ("aws:kms", "alias/trail")


def test_s3_never_replaces_a_file(s3):
    bucket = open_bucket("s3://trail-bucket/ünï cödé")
    bucket.put(KEY, b"first")
    bucket.put(KEY, b"second")
    assert s3.get_object(Bucket="trail-bucket", Key=f"ünï cödé/{KEY}")["Body"].read() == b"first"


def test_a_server_without_conditional_writes_gets_plain_ones():
    bucket = S3Bucket("s3://trail-bucket")
    with Stubber(bucket._s3()) as stub:
        stub.add_client_error("put_object", "NotImplemented", http_status_code=501)
        expected = {"Bucket": "trail-bucket", "Key": KEY, "Body": b"b", "ContentType": "application/json"}
        stub.add_response("put_object", {"ETag": "x"}, {**expected, "ContentEncoding": "gzip"})
        bucket.put(KEY, b"b")
        stub.assert_no_pending_responses()


def test_an_answer_that_no_s3_server_would_give_delivers_nothing():
    bucket = S3Bucket("s3://trail-bucket")
    with Stubber(bucket._s3()) as stub:
        stub.add_response("put_object", {})
        with pytest.raises(DeliveryError, match="the answer to PutObject has no ETag") as caught:
            bucket.put(KEY, b"b")
    assert (caught.value.code, caught.value.perhaps) == ("ResponseParserError", True)


def test_a_number_sign_is_a_part_of_the_prefix():
    bucket = S3Bucket("s3://trail-bucket/a#b?ACL=private")
    assert (bucket.prefix, bucket._options) == ("a#b/", {"ACL": "private"})


def test_a_bucket_that_is_not_there_is_told(s3):
    bucket = open_bucket("s3://no-such-bucket")
    with pytest.raises(ConfigError, match=r"no-such-bucket.*NoSuchBucket.*create the bucket"):
        bucket.check()
    with pytest.raises(DeliveryError, match="NoSuchBucket"):
        bucket.put(KEY, b"")


def test_the_check_leaves_one_empty_folder_object(s3):
    bucket = open_bucket("s3://trail-bucket/p")
    bucket.check()
    bucket.check()
    (found,) = s3.list_objects_v2(Bucket="trail-bucket")["Contents"]
    assert (found["Key"], found["Size"]) == ("p/AWSLogs/", 0)


def test_no_credentials_are_told(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(ConfigError, match="credentials"):
        open_bucket("s3://trail-bucket").check()


def test_a_network_that_is_down_is_no_fault_of_the_setting(monkeypatch):
    bucket = S3Bucket("s3://trail-bucket")

    def down(**_):
        raise botocore.exceptions.EndpointConnectionError(endpoint_url="https://x")

    monkeypatch.setattr(bucket._s3(), "put_object", down)
    bucket.check()
    with pytest.raises(DeliveryError):
        bucket.put(KEY, b"")
    with pytest.raises(DeliveryError, match="EndpointConnectionError"):
        bucket.check(now=True)


@pytest.mark.parametrize("url", ["s3://b?colour=blue", "s3:///prefix", "s3://key:secret@bucket/x", "s3://[::1/x"])
def test_s3_urls_that_cannot_be_used_are_told(url):
    with pytest.raises(ConfigError, match=r"expected .*; found .*; write s3://bucket/prefix"):
        open_bucket(url)


def test_a_file_in_the_place_of_the_folder_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(ConfigError, match=r"found the file .*/file; name a folder"):
            FolderBucket(path).check()


def test_fsspec_urls(monkeypatch):
    import fsspec

    bucket = open_bucket("memory://trail")
    bucket.check()
    assert bucket.put(KEY, b"first")[:2] == (f"memory:///trail/{KEY}", True)
    bucket.put(KEY, b"second")
    assert fsspec.filesystem("memory").cat(f"/trail/{KEY}") == b"first"


def test_a_scheme_whose_package_is_missing_is_told(monkeypatch):
    with pytest.raises(ConfigError, match=r"nosuchscheme://.*install the package"):
        FsspecBucket("nosuchscheme://x")
    monkeypatch.setitem(__import__("sys").modules, "fsspec", None)
    with pytest.raises(MissingExtraError, match=r"bototrail\[fsspec\]"):
        FsspecBucket("memory://x")


SIGNED = "The Canonical String for this request should have been 'POST\n/\n\nx-amz-security-token:IQoJSECRET\n'"


def test_what_went_wrong_is_told_without_secrets(monkeypatch):
    bucket = S3Bucket("s3://trail-bucket")
    with Stubber(bucket._s3()) as stub:
        stub.add_client_error("put_object", "SignatureDoesNotMatch", SIGNED, http_status_code=403)
        with pytest.raises(DeliveryError, match=r"x-amz-security-token:HIDDEN_DUE") as caught:
            bucket.put(KEY, b"b")
        stub.add_client_error("put_object", "SignatureDoesNotMatch", SIGNED, http_status_code=403)
        with pytest.raises(ConfigError, match="SignatureDoesNotMatch") as checked:
            bucket.check()
    error = OSError("403, url='https://user:SECRET@host/trail?sig=SECRET'")
    monkeypatch.setattr(FsspecBucket, "_opened", property(lambda _: (_ for _ in ()).throw(error)))
    with pytest.raises(DeliveryError, match="https://host/trail") as stored:
        FsspecBucket("memory://trail?sig=SECRET").put(KEY, b"")
    assert "SECRET" not in f"{caught.value} {checked.value} {stored.value}"


def headers_of(bucket: S3Bucket) -> dict[str, str]:
    """The headers with which a log file is put."""
    sent: dict[str, str] = {}

    def keep(request, **_):
        sent.update({k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in request.headers.items()})
        raise RuntimeError("not sent")

    bucket._s3().meta.events.register("before-send.s3.PutObject", keep)
    with pytest.raises(DeliveryError):
        bucket.put(KEY, b"body", "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/t")
    return sent


def test_kms_gets_cloudtrails_encryption_context():
    sent = headers_of(S3Bucket("s3://trail-bucket/pre?KmsKeyId=alias/trail&region_name=cn-north-1"))
    assert sent["x-amz-server-side-encryption"] == "aws:kms"
    assert sent["x-amz-server-side-encryption-aws-kms-key-id"] == "alias/trail"
    assert orjson.loads(base64.b64decode(sent["x-amz-server-side-encryption-context"])) == {
        "aws:cloudtrail:arn": "arn:aws-cn:cloudtrail:cn-north-1:111122223333:trail/t",
        "aws:s3:arn": f"arn:aws-cn:s3:::trail-bucket/pre/{KEY}",
    }


def test_acl_tags_and_owner_are_sent():
    options = urlencode(
        {"ACL": "bucket-owner-full-control", "Tagging": "team=sec ops&a=b", "ExpectedBucketOwner": "111"}
    )
    sent = headers_of(S3Bucket(f"s3://trail-bucket?{options}"))
    assert sent["x-amz-acl"] == "bucket-owner-full-control"
    assert sent["x-amz-tagging"] == "team=sec ops&a=b"
    assert sent["x-amz-expected-bucket-owner"] == "111"
    assert "x-amz-server-side-encryption" not in sent


def test_a_file_of_profiles_of_its_own(tmp_path):
    (tmp_path / "keys").write_text("[audit]\naws_access_key_id=AKIAAUDIT\naws_secret_access_key=x\n")
    bucket = S3Bucket(f"s3://trail-bucket?profile_name=audit&credentials_file={tmp_path}/keys")
    assert "Credential=AKIAAUDIT/" in headers_of(bucket)["authorization"]


def test_a_role_is_assumed_for_the_bucket(s3):
    bucket = S3Bucket("s3://trail-bucket?role_arn=arn:aws:iam::444455556666:role/audit&region_name=us-east-1")
    assert "Credential=ASIA" in headers_of(bucket)["authorization"]


@pytest.mark.parametrize(
    ("arn", "organization", "below"),
    [
        (None, None, ""),
        ("arn:aws:cloudtrail:us-east-1:111122223333:trail/t", None, "111122223333/CloudTrail/"),
        ("arn:aws:cloudtrail:us-east-1:111122223333:trail/t", "o-abcdefghij", "o-abcdefghij/"),
    ],
)
def test_the_check_stays_below_the_accounts_own_number(arn, organization, below, s3):
    trail = Trail("t", "s3://trail-bucket", S3KeyPrefix="p", TrailARN=arn, OrganizationId=organization)
    ToBucket(trail).check()
    assert [o["Key"] for o in s3.list_objects_v2(Bucket="trail-bucket")["Contents"]] == [f"p/AWSLogs/{below}"]


class Body:
    """The body of an answer, as botocore reads it."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def stream(self, **_):
        yield self._data


def test_a_bucket_in_another_region_is_found():
    bucket, asked = S3Bucket("s3://trail-bucket?region_name=us-east-1"), []
    moved = b"<Error><Code>PermanentRedirect</Code><Message>no</Message></Error>"

    def answer(request, **_):
        asked.append(request.url)
        if len(asked) == 1:
            return AWSResponse(request.url, 301, {"x-amz-bucket-region": "eu-central-1"}, Body(moved))
        return AWSResponse(request.url, 200, {"ETag": '"x"'}, Body(b""))

    bucket._s3().meta.events.register("before-send.s3.PutObject", answer)
    bucket.put(KEY, b"body")
    assert asked[1] == f"https://trail-bucket.s3.eu-central-1.amazonaws.com/{KEY}"


@pytest.mark.parametrize("when", ["writing", "linking"])
def test_what_a_killed_deliverer_left_is_removed(tmp_path, monkeypatch, when):
    bucket = FolderBucket(tmp_path / "bucket")
    with monkeypatch.context() as killed:
        killed.setattr(Path, "unlink", lambda *_, **__: None)
        if when == "writing":
            killed.setattr("os.link", lambda *_: None)
        bucket.put("x.json.gz", b"whole")
    left = {p.name for p in bucket.folder.iterdir()}
    assert len(left) == 1 + (when == "linking")
    assert any(name.startswith(".x.json.gz.") for name in left)
    bucket.put("x.json.gz", b"whole")
    bucket.put("x.json.gz", b"whole")
    assert [(p.name, p.read_bytes()) for p in bucket.folder.iterdir()] == [("x.json.gz", b"whole")]


def test_of_two_who_put_different_files_under_one_name_the_first_wins(tmp_path, monkeypatch):
    bucket = FolderBucket(tmp_path)
    with monkeypatch.context() as late:
        late.setattr(Path, "exists", lambda _: False)
        assert [bucket.put("x.json.gz", body).created for body in (b"one", b"two")] == [True, False]
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("x.json.gz", b"one")]


def test_a_file_system_without_links_gets_files_renamed(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr("os.link", refuse)
    assert FolderBucket(tmp_path).put("x.json.gz", b"one")[:2] == (str(tmp_path / "x.json.gz"), True)
    assert [(p.name, p.read_bytes()) for p in tmp_path.iterdir()] == [("x.json.gz", b"one")]


def test_s3_keeps_metadata_and_tells_whether_it_was_first(s3):
    bucket = open_bucket("s3://trail-bucket")
    assert [bucket.put(KEY, b"1", metadata={"signature": "ab"}).created for _ in range(2)] == [True, False]
    assert s3.head_object(Bucket="trail-bucket", Key=KEY)["Metadata"] == {"signature": "ab"}
