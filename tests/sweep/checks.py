"""What must hold for every call: the program notices nothing, and one record tells of it, and tells no secret."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import orjson
from jsonschema import Draft202012Validator
from sweep.calls import Caller, Outcome, Plan
from sweep.values import MARKS

import bototrail
from bototrail.record.rules import Service

SCHEMA = json.loads((files("bototrail.record") / "record.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
AT_ONCE = 100  # calls whose results are kept until they are made again
# What stands for a value that could not be written as the model says.
PLACEHOLDER = re.compile(rb'"<(?!sensitiveDataRemoved>)[A-Za-z]+>"|"could not be read"|"omitted":true')


def differences(before: Outcome, now: Outcome) -> Iterator[str]:
    """What a program would see of being recorded."""
    for name in Outcome._fields:
        if getattr(before, name) != getattr(now, name):
            yield f"{name} changed from {str(getattr(before, name))[:200]} to {str(getattr(now, name))[:200]}"


def faults(plan: Plan, rules: Service, records: list[dict[str, Any]]) -> Iterator[str]:
    """What is wrong with the records of one call."""
    if len(records) != 1:
        yield f"{len(records)} records"
        return
    record = records[0]
    for error in VALIDATOR.iter_errors(record):
        yield f"{error.json_path}: {error.message[:200]}"
    text = orjson.dumps(record)
    if json.loads(json.dumps(record)) != orjson.loads(text):
        yield "means something else when it was read again"
    for pattern, what in (MARKS, "secret"), (PLACEHOLDER, "placeholder"):
        if found := pattern.search(text):
            yield f"{what}: {text[max(0, found.start() - 80) : found.end() + 20]!r}"
    name = rules.event_names.get(plan.operation, plan.operation)
    if record["eventName"] not in (name, name + rules.refused_suffix):
        yield f"eventName {record['eventName']}"
    if ("errorCode" in record) != plan.fails:
        yield f"errorCode {record.get('errorCode')}"


def swept(caller: Caller) -> list[str]:
    """Make every call of a service without the recorder and then with it; what was wrong."""
    wrong: list[str] = []
    plans = list(caller.plans())
    for start in range(0, len(plans), AT_ONCE):
        before = [(plan, _alone(caller, plan, wrong)) for plan in plans[start : start + AT_ONCE]]
        with bototrail.recording() as trail:
            done = 0
            for plan, expected in before:
                if expected is None:
                    continue
                found = list(differences(expected, caller.call(plan)))
                records = trail.records
                found += faults(plan, caller.rules, records[done:])
                done = len(records)
                wrong += [f"{_name(caller, plan)}: {what}" for what in found]
    return wrong


def _alone(caller: Caller, plan: Plan, wrong: list[str]) -> Outcome | None:
    """A call that nobody records; None when botocore does not even send it."""
    try:
        outcome = caller.call(plan)
    except Exception as error:
        wrong.append(f"{_name(caller, plan)}: not sent: {error!r}")
        return None
    if (outcome.error is not None) != plan.fails or len(outcome.requests) != 1:
        wrong.append(f"{_name(caller, plan)}: answered {len(outcome.requests)} times, with {outcome.error}")
    return outcome


def _name(caller: Caller, plan: Plan) -> str:
    return f"{caller.model.service_name}.{plan.operation} ({'error' if plan.fails else 'result'})"
