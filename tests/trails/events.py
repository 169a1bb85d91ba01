"""Trails and events in few words, for the tables of cases."""

from __future__ import annotations

import json
import re
from typing import Any

from record.calls import OWNER, plan

from bototrail.model import Call, Connection
from bototrail.record import assemble
from bototrail.trails import Trail
from bototrail.trails.selectors import EventFacts, Selection, at_global_endpoint

ACCOUNT = "111122223333"
ANN = f"arn:aws:iam::{ACCOUNT}:user/ann"
SIGNS = {
    "=": "Equals",
    "^=": "StartsWith",
    "$=": "EndsWith",
    "!=": "NotEquals",
    "!^=": "NotStartsWith",
    "!$=": "NotEndsWith",
}
_FIELD = re.compile(r"(\S+) (!?[\^$]?=) (.*)")


def selector(*fields: str) -> dict[str, Any]:
    """An advanced selector of lines like `resources.ARN !^= arn:aws:s3:::a/ | arn:aws:s3:::b/`."""
    rows: dict[str, dict[str, Any]] = {}
    for line in fields:
        field, sign, values = _FIELD.fullmatch(line).groups()
        rows.setdefault(field, {"Field": field})[SIGNS[sign]] = values.split(" | ")
    return {"FieldSelectors": list(rows.values())}


def management(*fields: str) -> dict[str, Any]:
    return selector("eventCategory = Management", *fields)


def data(kind: str, *fields: str) -> dict[str, Any]:
    return selector("eventCategory = Data", f"resources.type = AWS::{kind}", *fields)


def advanced(*selectors: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"AdvancedEventSelectors": selectors, **more}


def basic(*resources: tuple[str, list[str]], **members: Any) -> dict[str, Any]:
    """A trail with one basic selector."""
    chosen = [{"Type": f"AWS::{kind}", "Values": values} for kind, values in resources]
    return {"EventSelectors": ({**members, **({"DataResources": chosen} if resources else {})},)}


def trail_of(fields: dict[str, Any]) -> Trail:
    return Trail("t", "/bucket", **fields)


def call_of(service: str, operation: str, params: Any = None, /, **seen: Any) -> Call:
    """A finished call, as the hooks would have seen it."""
    made = plan(service, operation)
    parsed = seen.pop("parsed", {})
    facts = {
        "region": "us-east-1",
        "partition": "aws",
        "url": f"https://{made.service_name}.us-east-1.amazonaws.com/",
        "user_agent": "Boto3/1.44.5",
        "status": 200,
        "connection": Connection("192.0.2.7", "TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        "time": 1700000000.9,
        "request_parameters": made.request_parameters(params or {}),
        "parsed": parsed,
        "response_elements": None if "error_code" in seen else made.response_elements(parsed, {}),
    }
    return Call(plan=made, **{**facts, **seen})


def record_of(call: Call) -> dict[str, Any]:
    whole: dict[str, Any] = json.loads(assemble(call, "0a0b0c0d-0000-4000-8000-000000000000", OWNER))
    return whole


def decided(trails: list[Trail], call: Call, known: bool = True) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the hooks make of a call: who wants it, and who is not decided."""
    verdict = Selection(trails).verdict(call.plan, call.region, at_global_endpoint(call))
    facts = EventFacts(call, ACCOUNT, ANN, True) if known else EventFacts(call, None, None, False)
    return verdict.decide(facts) if verdict.asks else (verdict.always, ())
