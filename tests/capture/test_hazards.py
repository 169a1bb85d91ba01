"""Programs, and tests of programs, that make life hard for whoever runs inside them."""

from __future__ import annotations

import builtins
import json
import os
import sys
import time
import uuid
from unittest import mock

import boto3
import botocore.session
import pytest
from border import STS_BUSY, STS_OK, Raw, answer, delivered
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from moto import mock_aws

import bototrail

SESSION = (
    b'<CreateSessionResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Credentials><SessionToken>t</SessionToken>'
    b"<SecretAccessKey>s3cr3t-of-session</SecretAccessKey><AccessKeyId>ASIASESSION</AccessKeyId>"
    b"<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>"
)


@pytest.fixture
def sts(client):
    made = client("sts")
    answer(made, (200, STS_OK))
    return made


def not_for_us(original):
    def patched(*args, **kwargs):
        assert not sys._getframe(1).f_globals["__name__"].startswith("bototrail"), "the program's patch reached us"
        return original(*args, **kwargs)

    return patched


def test_what_a_program_patches_or_clears_does_not_stop_us(tmp_path, sts, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    bototrail.start("audit", identity="offline")
    monkeypatch.chdir("elsewhere")
    with monkeypatch.context() as patch:
        for module, name in ((builtins, "open"), (uuid, "uuid4"), (time, "time"), (json, "dumps"), (os, "urandom")):
            patch.setattr(module, name, not_for_us(getattr(module, name)))
        patch.setattr(os, "environ", {})
        sts.get_caller_identity()
    assert bototrail.flush().records == 1
    assert len(delivered(tmp_path / "audit")) == 1


def test_answers_may_be_mocks(client):
    sts = client("sts")
    http = mock.MagicMock(status_code=200)
    sts.meta.events.register("before-call.sts", lambda **_: (http, mock.MagicMock()))
    with bototrail.recording() as trail:
        sts.get_caller_identity()
    assert len(trail.records) <= 1


def test_fields_of_an_answer_may_be_mocks(client):
    sts = client("sts")
    odd = {"ResponseMetadata": {"RequestId": mock.Mock(), "HTTPHeaders": {}}, "Account": mock.Mock()}
    sts.meta.events.register("before-call.sts", lambda **_: (mock.Mock(status_code=200), odd))
    with bototrail.recording() as trail:
        assert sts.get_caller_identity() is odd
    assert [r["eventName"] for r in trail.records] == ["GetCallerIdentity"]


@pytest.mark.parametrize("builtin", [True, False])
@pytest.mark.parametrize("before", [True, False])
def test_clients_of_every_session_are_reached(builtin, before, tmp_path):
    def made():
        session = botocore.session.Session(include_builtin_handlers=builtin)
        client = session.create_client("dynamodb", region_name="us-east-1")
        answer(client, (200, b"{}"), headers={"x-amzn-requestid": "r"})
        return client

    client = made() if before else None
    with bototrail.recording() as trail:
        (client or made()).list_tables()
    assert [r["eventName"] for r in trail.records] == ["ListTables"]


def test_the_default_session_and_resources_are_reached():
    with mock_aws():
        boto3.setup_default_session()
        old = boto3.resource("s3")
        with bototrail.recording() as trail:
            old.create_bucket(Bucket="bucket-of-old")
            boto3.resource("s3").Bucket("bucket-of-old").delete()
            boto3.client("sts").get_caller_identity()
    assert [r["eventName"] for r in trail.records] == ["CreateBucket", "DeleteBucket", "GetCallerIdentity"]


def test_endpoint_discovery_is_a_call_of_its_own(client):
    with mock_aws(), bototrail.recording() as trail:
        client("timestream-write").list_databases()
    assert [r["eventName"] for r in trail.records] == ["DescribeEndpoints", "ListDatabases"]


def test_a_session_of_s3_express_is_a_call_of_its_own_and_its_secret_stays_out(client):
    s3 = client("s3")

    def border(request, **_):
        body = SESSION if request.url.endswith("?session") else b"<ListBucketResult/>"
        return AWSResponse(request.url, 200, {}, Raw(body))

    s3.meta.events.register("before-send", border)
    with bototrail.recording() as trail:
        for _ in range(2):
            s3.list_objects_v2(Bucket="fast--use1-az4--x-s3")
    assert next(r["eventName"] for r in trail.records) == "CreateSession"
    assert len(trail.records) == 3
    assert "s3cr3t-of-session" not in str(trail.records)


def test_a_token_for_a_database_is_no_call(client):
    with bototrail.recording() as trail:
        client("rds").generate_db_auth_token("db.example", 5432, "alice")
    assert trail.records == []


def test_a_call_made_while_another_ends_is_recorded_too(client):
    """As from a handler of the program's own."""
    outer, inner = client("sts"), client("sts")
    for each in (outer, inner):
        answer(each, (200, STS_OK))
    outer.meta.events.register("after-call.sts", lambda **_: inner.get_caller_identity() and None)
    with bototrail.recording() as trail:
        outer.get_caller_identity()
    assert len({r["eventID"] for r in trail.records}) == 2


def test_thousands_of_keys_do_not_pile_up(client, monkeypatch):
    import bototrail.capture.capture as capture

    monkeypatch.setattr(capture, "_MANY", 5)
    with bototrail.recording() as trail:
        for number in range(12):
            sts = client("sts", aws_access_key_id=f"AKIA{number:016}", aws_secret_access_key="x")
            answer(sts, (403, STS_BUSY))
            with pytest.raises(ClientError):
                sts.get_session_token()
        assert len(trail._capture._callers) <= 5
    assert len({r["userIdentity"]["accessKeyId"] for r in trail.records}) == 12


def test_a_paused_call_inside_a_recorded_one_does_not_mix_with_it(client):
    outer, inner = client("sts"), client("sts")
    answer(outer, (200, STS_OK))
    answer(inner, (403, STS_BUSY))
    with bototrail.recording() as trail:
        with pytest.raises(ClientError):
            inner.get_caller_identity()  # now its events are ours, too

        def ask(**_):
            with bototrail.paused(), pytest.raises(ClientError):
                inner.get_caller_identity()

        outer.meta.events.register_first("before-parse.sts", ask)
        outer.get_caller_identity()
    assert [r.get("errorCode") is None for r in trail.records] == [False, True]


def test_what_is_learned_twice_is_written_once(client, tmp_path):
    bototrail.start(tmp_path / "audit", flush_seconds=3600)
    sts = client("sts")
    answer(sts, (200, STS_OK))
    for _ in range(3):
        sts.get_caller_identity()
    (segment,) = (tmp_path / "state").rglob("*.open")
    assert segment.read_bytes().count(b'"kind":"identity"') == 1
