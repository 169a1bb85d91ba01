"""Plans and records of calls that nobody makes."""

from __future__ import annotations

import functools
import json
from typing import Any

import botocore
import botocore.session
import pytest

from bototrail.model import Call, Connection, Owner
from bototrail.record import Plan, assemble, plan_for

OWNER = Owner(
    b'{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/ann",'
    b'"accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"ann"}',
    b"111122223333",
)
CURRENT = tuple(map(int, botocore.__version__.split(".")[:2])) >= (1, 43)
of_current_models = pytest.mark.skipif(not CURRENT, reason="older models lack newer services and operations")


@functools.cache
def session() -> Any:
    return botocore.session.Session()


# Files of rows about some requests of another service.
MODELS = {"s3express": "s3"}


@functools.cache
def service_model(service: str) -> Any:
    return session().get_service_model(MODELS.get(service, service))


def has(service: str, operation: str, params: Any) -> bool:
    """Whether the model, which may be an older one, has an operation with these arguments."""
    if service not in session().get_available_services() or operation not in service_model(service).operation_names:
        return False
    return _has(service_model(service).operation_model(operation).input_shape, params)


def _has(shape: Any, value: Any) -> bool:
    if shape is None or not isinstance(value, dict) or shape.type_name != "structure":
        return True
    return all(name in shape.members and _has(shape.members[name], item) for name, item in value.items())


def plan(service: str, operation: str) -> Plan:
    model = service_model(service)
    return plan_for(model, model.operation_model(operation), service)


def line_by(made: Plan, params: Any = None, parsed: Any = None, **seen: Any) -> bytes:
    """The record of a call, as it is written."""
    headers = seen.get("response_headers", {})
    facts = {
        "access_key_id": "AKIAEXAMPLE",
        "url": f"https://{made.service_name}.us-east-1.amazonaws.com/",
        "user_agent": "Boto3/1.44.5",
        "status": 200,
        "request_id": "5f1c7b5e-0000-4000-8000-000000000000",
        "connection": Connection("192.0.2.7", "TLSv1.3", "TLS_AES_128_GCM_SHA256"),
        "time": 1700000000.9,
        "request_parameters": made.request_parameters(params or {}),
        "parsed": parsed or {},
        "response_elements": None if "error_code" in seen else made.response_elements(parsed or {}, headers),
    }
    return assemble(Call(plan=made, **{**facts, **seen}), "0a0b0c0d-0000-4000-8000-000000000000", OWNER)


def record_by(made: Plan, params: Any = None, parsed: Any = None, **seen: Any) -> dict[str, Any]:
    """The record of a call, as a reader gets it."""
    whole: dict[str, Any] = json.loads(line_by(made, params, parsed, **seen))
    return whole


def line(service: str, operation: str, params: Any = None, parsed: Any = None, **seen: Any) -> bytes:
    """The record of a call of `operation`, as it is written."""
    return line_by(plan(service, operation), params, parsed, **seen)


def record(service: str, operation: str, params: Any = None, parsed: Any = None, **seen: Any) -> dict[str, Any]:
    """The record of a call of `operation`."""
    return record_by(plan(service, operation), params, parsed, **seen)
