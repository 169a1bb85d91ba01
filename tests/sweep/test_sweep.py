"""Every operation of every service that botocore knows, called twice: answered with a result and with an error.

Arguments and results are made from the models, with a mark in everything that the models, or our own tables, call
secret. In parts, so that several processes share them.
"""

from __future__ import annotations

import gzip
import logging
from collections import Counter
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import botocore
import botocore.session
import pytest
from botocore.exceptions import BotoCoreError
from sweep.calls import Caller, Needs, session_with_token
from sweep.checks import swept
from sweep.values import ABSENT, ACCOUNT, MARK, MARKS

import bototrail
from bototrail.record.rules import rules_for

CURRENT = tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 43)
pytestmark = pytest.mark.skipif(not CURRENT, reason="older botocores lack operations and a protocol")

PARTS = 32

_STREAM = f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/value"
NEEDS = {
    "cloudfront-keyvaluestore": Needs(
        # Its signature needs awscrt.
        {"KvsARN": f"arn:aws:cloudfront::{ACCOUNT}:key-value-store/0a0b0c0d-0000-4000-8000-000000000000"},
        signed=False,
    ),
    # Endpoints in several regions, whose signature needs awscrt.
    "events": Needs({"EndpointId": ABSENT}),
    "kinesis": Needs(
        {
            "ChannelARN": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:channel/value",
            "ConsumerARN": f"{_STREAM}/consumer/value:1",
            "QueueARN": f"arn:aws:kinesis:us-east-1:{ACCOUNT}:queue/value",
            "ResourceARN": _STREAM,
            "StreamARN": _STREAM,
        }
    ),
    "machinelearning": Needs({"PredictEndpoint": "https://realtime.machinelearning.us-east-1.amazonaws.com"}),
    # Else the checksums of the answer would have to be right.
    "s3": Needs({"ChecksumMode": ABSENT}),
    "sesv2": Needs({"EndpointId": ABSENT}),
}

_BOTH_WAYS = "talks in both directions at once, which botocore offers no method for"
NOT_OFFERED = {
    ("bedrock-runtime", "InvokeModelWithBidirectionalStream"): _BOTH_WAYS,
    ("connecthealth", "StartMedicalScribeListeningSession"): _BOTH_WAYS,
    ("lexv2-runtime", "StartConversation"): _BOTH_WAYS,
    ("polly", "StartSpeechSynthesisStream"): _BOTH_WAYS,
    ("qbusiness", "Chat"): _BOTH_WAYS,
}


@cache
def session() -> botocore.session.Session:
    return session_with_token()


def make(service: str, needs: Needs | None = None) -> Caller:
    return Caller(session(), service, rules_for(service), needs or NEEDS.get(service, Needs()))


@cache
def parts() -> list[list[str]]:
    """Services in parts that take about the same time, which goes with the size of their models."""
    loader = session().get_component("data_loader")
    sizes = {}
    for service in loader.list_available_services("service-2"):
        path = Path(service, loader.determine_latest_version(service, "service-2"))
        found = [p for root in loader.search_paths for p in Path(root, path).glob("service-2.json*")]
        sizes[service] = found[0].stat().st_size
    made: list[list[str]] = [[] for _ in range(PARTS)]
    weights = [0] * PARTS
    for service in sorted(sizes, key=lambda name: (-sizes[name], name)):
        lightest = weights.index(min(weights))
        made[lightest].append(service)
        weights[lightest] += sizes[service]
    return made


@pytest.mark.parametrize("part", range(PARTS))
def test_every_operation(part: int, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setenv("BOTOTRAIL_IDENTITY", "offline")
    caplog.set_level(logging.DEBUG, "bototrail")
    wrong = []
    for service in parts()[part]:
        caller = make(service)
        expected = {name for name in caller.model.operation_names if (service, name) not in NOT_OFFERED}
        assert set(caller.methods) == expected, service
        wrong += swept(caller)
    said = [entry.getMessage() for entry in caplog.records if entry.name.startswith("bototrail")]
    assert (wrong[:50], len(wrong), said[:10]) == ([], 0, [])


def test_the_parts_are_all_there_is() -> None:
    loader = session().get_component("data_loader")
    together = [service for part in parts() for service in part]
    assert sorted(together) == sorted(session().get_available_services())
    operations: Counter[str] = Counter()
    for service in together:
        model = loader.load_service_model(service, "service-2")
        operations[session().get_service_model(service).resolved_protocol] += len(model["operations"])
    assert operations.total() >= 19_000
    assert set(operations) == {"ec2", "json", "query", "rest-json", "rest-xml", "smithy-rpc-v2-cbor"}


def test_few_operations_are_left_out() -> None:
    assert len(NOT_OFFERED) <= 10


@pytest.mark.parametrize(
    ("service", "argument"), [(service, name) for service, needs in NEEDS.items() for name in needs.arguments]
)
def test_what_botocore_insists_on_is_needed(service: str, argument: str) -> None:
    rest = {name: value for name, value in NEEDS[service].arguments.items() if name != argument}
    caller = make(service, Needs(MappingProxyType(rest), NEEDS[service].signed))
    having = [plan for plan in caller.plans() if argument in _members(caller, plan.operation)]
    if not having:
        pytest.skip(f"this botocore's {service} has no {argument} yet")
    assert any(_refuses(caller, plan) for plan in having)


def _members(caller: Caller, operation: str) -> Any:
    return getattr(caller.model.operation_model(operation).input_shape, "members", ())


def _refuses(caller: Caller, plan: Any) -> bool:
    try:
        caller.call(plan)
    except (AttributeError, BotoCoreError, ValueError):
        return True
    return False


SPOOLED = ("cloudwatch", "cognito-idp", "ec2", "iam", "lambda", "rds", "s3", "secretsmanager", "sns", "ssm", "sts")


def test_no_file_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket, state = tmp_path / "bucket", tmp_path / "state"
    bucket.mkdir()
    bototrail.start(bucket, state=state, identity="offline", flush_seconds=3600)
    marked = calls = 0
    for service in SPOOLED:
        caller = make(service)
        for plan in caller.plans():
            outcome = caller.call(plan)
            marked += any(MARK.encode() in body for _, _, body in outcome.requests)
            calls += 1
    _search(state)
    done = bototrail.stop(timeout=60)
    assert (done.records, done.complete, done.errors) == (calls, True, ())
    assert marked > 100
    _search(state)
    _search(bucket)


def _search(folder: Path) -> None:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert found
    for path in found:
        data = path.read_bytes()
        assert not MARKS.search(gzip.decompress(data) if path.suffix == ".gz" else data), path
