"""What the hooks see on every path that a botocore call can take: one call, one record, and the call unchanged."""

from __future__ import annotations

import socket

import boto3
import botocore.exceptions
import pytest
from border import STS_BUSY, STS_OK, answer
from botocore.client import BaseClient
from botocore.config import Config
from botocore.stub import Stubber
from moto import mock_aws

import bototrail


def names(trail) -> list[str]:
    return [r["eventName"] for r in trail.records]


def codes(trail) -> list[str | None]:
    return [r.get("errorCode") for r in trail.records]


def test_a_success_is_one_record_of_what_was_sent_and_answered(client):
    sts = client("sts")
    answer(sts, (200, STS_OK))
    with bototrail.recording() as trail:
        result = sts.get_caller_identity()
    assert result["Account"] == "111122223333"
    (record,) = trail.records
    assert (record["eventSource"], record["eventName"]) == ("sts.amazonaws.com", "GetCallerIdentity")
    assert record["requestID"] == "rid-1"
    assert record["userAgent"].startswith("Boto")
    assert record["userIdentity"]["arn"] == "arn:aws:iam::111122223333:user/alice"
    assert record["recipientAccountId"] == "111122223333"


def test_a_client_error_is_one_record_and_still_raised(client):
    with mock_aws(), bototrail.recording() as trail:
        s3 = client("s3")
        with pytest.raises(s3.exceptions.NoSuchBucket):
            s3.list_objects_v2(Bucket="not-there")
    assert codes(trail) == ["NoSuchBucket"]
    assert trail.records[0]["errorMessage"] == "The specified bucket does not exist"


@pytest.mark.parametrize("arguments", [{}, {"Bucket": "b", "Unknown": 1}, {"Bucket": "not a bucket name"}])
def test_what_botocore_refuses_is_no_record(client, arguments):
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.ParamValidationError):
        client("s3").head_bucket(**arguments)
    assert trail.records == []


def test_a_stubbed_answer_is_recorded_and_marked(client):
    sts = client("sts")
    with Stubber(sts) as stub, bototrail.recording() as trail:
        stub.add_response(
            "get_caller_identity", {"Account": "111122223333", "Arn": "arn:aws:iam::111122223333:root", "UserId": "1"}
        )
        stub.add_client_error("get_caller_identity", "AccessDenied", "no", http_status_code=403)
        sts.get_caller_identity()
        with pytest.raises(botocore.exceptions.ClientError):
            sts.get_caller_identity()
    assert codes(trail) == [None, "AccessDenied"]
    assert [r["additionalEventData"]["stubbed"] for r in trail.records] == [True, True]


def test_a_stub_without_an_answer_is_no_record(client):
    sts = client("sts")
    with Stubber(sts), bototrail.recording() as trail, pytest.raises(botocore.exceptions.StubResponseError):
        sts.get_caller_identity()
    assert trail.records == []


class _OddResponse:
    status_code = 200


def test_a_handler_that_answers_before_the_call_may_answer_oddly(client):
    sts = client("sts")
    sts.meta.events.register("before-call.sts.GetCallerIdentity", lambda **_: (_OddResponse(), {"Account": "1"}))
    with bototrail.recording() as trail:
        assert sts.get_caller_identity() == {"Account": "1"}
    assert names(trail) == ["GetCallerIdentity"]


def test_a_handler_that_raises_before_the_call_leaves_no_record(client):
    sts = client("sts")

    def refuse(**_):
        raise RuntimeError("not today")

    sts.meta.events.register("before-call.sts", refuse)
    with bototrail.recording() as trail, pytest.raises(RuntimeError):
        sts.get_caller_identity()
    assert trail.records == []


@pytest.mark.parametrize("event", ["before-send", "before-sign"])
def test_a_handler_that_raises_while_sending_is_recorded_with_its_class(client, event):
    sts = client("sts")

    def refuse(**_):
        raise RuntimeError("not today")

    sts.meta.events.register(event, refuse)
    with bototrail.recording() as trail, pytest.raises(RuntimeError):
        sts.get_caller_identity()
    assert codes(trail) == ["RuntimeError"]


def test_no_credentials_is_recorded_with_botocores_class(client, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.NoCredentialsError):
        client("sts").get_caller_identity()
    assert codes(trail) == ["NoCredentialsError"]
    assert "requestID" not in trail.records[0]


def test_a_handler_that_raises_after_the_call_does_not_hide_the_answer(client):
    sts = client("sts")
    answer(sts, (200, STS_OK))

    def refuse(**_):
        raise RuntimeError("too late")

    sts.meta.events.register_first("after-call.sts.GetCallerIdentity", refuse)
    with bototrail.recording() as trail, pytest.raises(RuntimeError):
        sts.get_caller_identity()
    assert codes(trail) == [None]
    assert trail.records[0]["requestID"] == "rid-1"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3), GeneratorExit()])
def test_a_call_that_is_broken_off_is_recorded(client, error):
    sts = client("sts")
    answer(sts, error)
    with bototrail.recording() as trail, pytest.raises(type(error)):
        sts.get_caller_identity()
    assert codes(trail) == [type(error).__name__]


def test_a_refused_connection_is_one_record_for_all_attempts(client):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        sts = client("sts", endpoint_url=url, config=Config(retries={"total_max_attempts": 3}))
        with bototrail.recording() as trail, pytest.raises(botocore.exceptions.EndpointConnectionError):
            sts.get_caller_identity()
    assert codes(trail) == ["EndpointConnectionError"]
    assert "responseElements" in trail.records[0]
    assert trail.records[0]["responseElements"] is None


def test_a_read_timeout_is_one_record(client):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        config = Config(read_timeout=0.2, retries={"total_max_attempts": 2})
        sts = client("sts", endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}", config=config)
        with bototrail.recording() as trail, pytest.raises(botocore.exceptions.ReadTimeoutError):
            sts.get_caller_identity()
    assert codes(trail) == ["ReadTimeoutError"]
    assert trail.records[0]["sourceIPAddress"] == "127.0.0.1"


def test_retries_are_one_record_and_the_last_attempt_counts(client):
    sts = client("sts", config=Config(retries={"mode": "standard", "total_max_attempts": 3}))
    requests = answer(sts, (503, STS_BUSY), (503, STS_BUSY), (200, STS_OK))
    with bototrail.recording() as trail:
        assert sts.get_caller_identity()["ResponseMetadata"]["RetryAttempts"] == 2
    assert (len(requests), codes(trail)) == (3, [None])


def test_an_s3_error_with_status_200_is_one_record(client):
    s3 = client("s3", config=Config(retries={"total_max_attempts": 2}))
    body = b"<Error><Code>InternalError</Code><Message>again</Message></Error>"
    requests = answer(s3, (200, body))
    with bototrail.recording() as trail, pytest.raises(botocore.exceptions.ClientError):
        s3.copy_object(Bucket="bucket", Key="k", CopySource="bucket/other")
    assert (len(requests), codes(trail)) == (2, ["InternalError"])


def test_pages_polls_and_collections_are_a_record_each(client):
    with mock_aws():
        s3 = client("s3")
        s3.create_bucket(Bucket="pages")
        for i in range(5):
            s3.put_object(Bucket="pages", Key=str(i), Body=b"")
        with bototrail.recording() as trail:
            pages = s3.get_paginator("list_objects_v2").paginate(Bucket="pages", PaginationConfig={"PageSize": 2})
            assert sum(len(page["Contents"]) for page in pages) == 5
            s3.get_waiter("object_exists").wait(Bucket="pages", Key="1")
            with pytest.raises(botocore.exceptions.WaiterError):
                s3.get_waiter("object_exists").wait(
                    Bucket="pages", Key="no", WaiterConfig={"Delay": 0, "MaxAttempts": 3}
                )
            assert len(list(boto3.resource("s3").Bucket("pages").objects.page_size(4))) == 5
    assert names(trail) == ["ListObjects"] * 3 + ["HeadObject"] * 4 + ["ListObjects"] * 2


def test_parts_of_an_upload_are_a_record_each_and_carry_the_callers_labels(client, tmp_path):
    (tmp_path / "big").write_bytes(b"x" * (11 << 20))
    with mock_aws():
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="parts")
        with bototrail.recording() as trail, bototrail.labelled(actor="nightly"):
            config = boto3.s3.transfer.TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
            s3.upload_file(str(tmp_path / "big"), "parts", "big", Config=config)
    assert sorted(names(trail)) == ["CompleteMultipartUpload", "CreateMultipartUpload"] + ["UploadPart"] * 3
    assert {r["additionalEventData"]["labels"]["actor"] for r in trail.records} == {"nightly"}


def test_a_redirected_call_and_the_head_that_it_makes_are_two_records(client):
    s3 = client("s3", config=Config(s3={"addressing_style": "path"}))
    moved = b"<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message><Bucket>far</Bucket></Error>"

    def handler(request, **_):
        return (301, moved) if "eu-west-1" not in request.url else (200, b"<ListBucketResult/>")

    from border import Raw
    from botocore.awsrequest import AWSResponse

    def border(request, **_):
        status, body = handler(request)
        return AWSResponse(request.url, status, {"x-amz-bucket-region": "eu-west-1"}, Raw(body))

    s3.meta.events.register("before-send", border)
    with bototrail.recording() as trail:
        s3.list_objects_v2(Bucket="far")
    assert names(trail)[-1] == "ListObjects"
    assert trail.records[-1]["awsRegion"] == "eu-west-1"
    assert len(trail.records) in (1, 2)  # HeadBucket only where the answer does not name the region


def test_presigning_is_no_record_unless_asked_for(client, tmp_path):
    old = client("s3")
    bototrail.start(tmp_path / "audit", identity="offline")
    with bototrail.recording() as trail:
        old.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"})
    assert trail.records == []


def test_presigned_urls_are_recorded_when_asked_for(client, tmp_path):
    old = client("s3")
    bototrail.start(tmp_path / "audit", identity="offline", presigned=True)
    new = client("s3")
    with bototrail.recording() as trail:
        old.generate_presigned_url("get_object", Params={"Bucket": "bucket", "Key": "k"})
        new.generate_presigned_post("bucket", "k")
    assert [(r["eventName"], r["additionalEventData"]["presigned"]) for r in trail.records] == [
        ("GetObject", True),
        ("PutObject", True),
    ]
    assert trail.records[1]["requestParameters"]["bucketName"] == "bucket"


def test_a_test_that_replaces_make_api_call_is_left_alone(client, monkeypatch):
    monkeypatch.setattr(BaseClient, "_make_api_call", lambda self, name, kwargs: {"fake": name})
    with bototrail.recording() as trail:
        assert client("sts").get_caller_identity() == {"fake": "GetCallerIdentity"}
    assert trail.records == []
    assert client("sts").get_caller_identity() == {"fake": "GetCallerIdentity"}
