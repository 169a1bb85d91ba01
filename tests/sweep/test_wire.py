"""The answers of the sweep say what they are meant to say, in every protocol."""

from __future__ import annotations

from typing import Any

import pytest
from sweep.calls import Caller, Needs, session_with_token
from sweep.values import MARK, Values

from bototrail.record.rules import rules_for


@pytest.mark.parametrize(
    ("service", "protocol"),
    [
        ("eventbridgev2", "smithy-rpc-v2-cbor"),
        ("route53", "rest-xml"),
        ("ec2", "ec2"),
        ("eks", "rest-json"),
        ("organizations", "json"),
        ("rds", "query"),
    ],
)
def test_a_result_arrives_as_it_was_made(service: str, protocol: str) -> None:
    caller = Caller(session_with_token(), service, rules_for(service), Needs())
    assert caller.model.resolved_protocol == protocol
    for plan in caller.plans():
        if not plan.fails:
            result = caller.call(plan).result
            del result["ResponseMetadata"]
            assert result == Values(caller.rules).of(caller.model.operation_model(plan.operation).output_shape), plan


@pytest.mark.parametrize(
    ("service", "operation", "member"),
    [
        ("bedrock-runtime", "ConverseStream", "stream"),
        ("kinesis", "SubscribeToShard", "EventStream"),
        ("s3", "SelectObjectContent", "Payload"),
    ],
)
def test_events_arrive_as_they_were_made(service: str, operation: str, member: str) -> None:
    caller = Caller(session_with_token(), service, rules_for(service), Needs({"ConsumerARN": _CONSUMER}))
    plan = next(plan for plan in caller.plans() if plan.operation == operation and not plan.fails)
    made: Any = Values(caller.rules).of(caller.model.operation_model(operation).output_shape)[member]
    kind, events = caller.call(plan).result[member]
    assert (kind, events) == ("events", [{name: event} for name, event in made.items()])
    assert MARK in str(events)


_CONSUMER = "arn:aws:kinesis:us-east-1:111122223333:stream/value/consumer/value:1"
