from __future__ import annotations

import functools
import json
from typing import Any

import botocore.session
import pytest

from bototrail.model import Call, Connection, Owner
from bototrail.record import Plan, assemble, plan_for

OWNER = Owner(
    b'{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::111122223333:user/ann",'
    b'"accountId":"111122223333","accessKeyId":"AKIAEXAMPLE","userName":"ann"}',
    b"111122223333",
)


@functools.cache
def session() -> Any:
    return botocore.session.Session()


# Files of rows about some requests of another service.
MODELS = {"s3express": "s3"}


@functools.cache
def service_model(service: str) -> Any:
    return session().get_service_model(MODELS.get(service, service))


def plan(service: str, operation: str) -> Plan:
    model = service_model(service)
    return plan_for(model, model.operation_model(operation), service)


def line(service: str, operation: str, params: Any = None, parsed: Any = None, **seen: Any) -> bytes:
    """The record of a call, as it is written."""
    made = plan(service, operation)
    headers = seen.get("response_headers", {})
    facts = {
        "access_key_id": "AKIAEXAMPLE",
        "url": f"https://{service}.us-east-1.amazonaws.com/",
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


def record(service: str, operation: str, params: Any = None, parsed: Any = None, **seen: Any) -> dict[str, Any]:
    """The record of a call, as a reader gets it."""
    whole: dict[str, Any] = json.loads(line(service, operation, params, parsed, **seen))
    return whole


@pytest.fixture(name="plan")
def plan_fixture() -> Any:
    return plan


@pytest.fixture(name="line")
def line_fixture() -> Any:
    return line


@pytest.fixture(name="record")
def record_fixture() -> Any:
    return record


@pytest.fixture(name="service_model")
def service_model_fixture() -> Any:
    return service_model
