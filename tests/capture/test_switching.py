"""Starting and stopping, pausing and labelling: who is reached, and that nothing is left behind."""

from __future__ import annotations

import logging
import threading

import boto3
import botocore.exceptions
import pytest
from border import STS_OK, answer, handlers
from botocore.client import BaseClient
from botocore.config import Config
from moto import mock_aws

import bototrail


def test_trouble_inside_never_reaches_the_program(client, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG, "bototrail")

    def broken(*_args, **_kwargs):
        raise ValueError("ours")

    import bototrail.capture.capture as capture

    monkeypatch.setattr(capture, "assemble", broken)
    sts = client("sts")
    answer(sts, (200, STS_OK))
    with bototrail.recording() as trail:
        assert sts.get_caller_identity()["Account"] == "111122223333"
    assert trail.records == []
    assert "ValueError: ours" in caplog.text or "ours" in caplog.text


def test_threads_are_all_recorded(client):
    sts = client("sts")
    answer(sts, (200, STS_OK))
    with bototrail.recording() as trail:
        threads = [threading.Thread(target=lambda: [sts.get_caller_identity() for _ in range(20)]) for _ in range(8)]
        [t.start() for t in threads]
        [t.join() for t in threads]
    assert len(trail.records) == 160
    assert len({r["eventID"] for r in trail.records}) == 160


def test_stop_leaves_every_client_as_it_was(client, tmp_path):
    original = BaseClient.__dict__["_make_api_call"]
    old = client("sts")
    before = {e: handlers(old, f"{e}.sts.GetCallerIdentity") for e in ("before-parameter-build", "before-call")}
    bototrail.start(tmp_path / "audit", identity="offline")
    new = client("sts")
    for each in (old, new):
        answer(each, (200, STS_OK))
        each.get_caller_identity()
    assert handlers(old, "before-call.sts.GetCallerIdentity") != before["before-call"]
    assert bototrail.stop().records == 2
    assert BaseClient.__dict__["_make_api_call"] is original
    assert {e: handlers(old, f"{e}.sts.GetCallerIdentity") for e in before} == before


def test_starting_twice_and_stopping_twice_is_harmless(client, tmp_path):
    sts = client("sts")
    answer(sts, (200, STS_OK))
    for _ in range(2):
        bototrail.start(tmp_path / "audit", identity="offline")
    sts.get_caller_identity()
    assert bototrail.stop().records == 1
    assert bototrail.stop().records == 0


def test_a_wrap_around_ours_keeps_working_after_stop(client, monkeypatch):
    sts = client("sts")
    answer(sts, (200, STS_OK))
    calls = []
    with bototrail.recording() as trail:
        ours = BaseClient._make_api_call

        def outer(self, name, kwargs):
            calls.append(name)
            return ours(self, name, kwargs)

        monkeypatch.setattr(BaseClient, "_make_api_call", outer)
        sts.get_caller_identity()
    sts.get_caller_identity()
    assert (len(trail.records), calls) == (1, ["GetCallerIdentity"] * 2)


def test_paused_and_labelled_hold_for_what_is_inside(client):
    sts = client("sts")
    answer(sts, (200, STS_OK))
    with bototrail.recording() as trail:
        with bototrail.paused():
            sts.get_caller_identity()
        with bototrail.labelled(actor="job", run=7), bototrail.labelled(actor="step"):
            sts.get_caller_identity()
        sts.get_caller_identity()
    labels = [r.get("additionalEventData", {}).get("labels") for r in trail.records]
    assert labels == [{"actor": "step", "run": "7"}, None]


def test_anonymous_calls_are_recorded_as_anonymous(client):
    from botocore import UNSIGNED

    with mock_aws(), bototrail.recording() as trail:
        s3 = client("s3", config=Config(signature_version=UNSIGNED))
        with pytest.raises(botocore.exceptions.ClientError):
            s3.get_object(Bucket="public-data", Key="k")
    assert trail.records[0]["userIdentity"]["accountId"] == "anonymous"


def test_the_nested_client_of_a_role_profile_is_recorded_too(monkeypatch, tmp_path):
    config = tmp_path / "config"
    config.write_text(
        "[profile base]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = s\n"
        "[profile role]\nrole_arn = arn:aws:iam::123456789012:role/deployer\nsource_profile = base\n"
        "role_session_name = me\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with mock_aws(), bototrail.recording() as trail:
        boto3.Session(profile_name="role").client("s3").list_buckets()
        found = trail.records
    assert [r["eventName"] for r in found] == ["AssumeRole", "ListBuckets"]
    identity = found[1]["userIdentity"]
    assert (identity["type"], identity["sessionContext"]["sessionIssuer"]["userName"]) == ("AssumedRole", "deployer")
