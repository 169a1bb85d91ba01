"""AWS Systems Manager."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bototrail.record.rules import HIDDEN, Resource, Service


def _arn(path: str) -> Resource:
    # Systems Manager writes no type. [rules.md §10]
    return Resource("", f"arn:{{partition}}:ssm:{{region}}:{{account}}:{path}")


_DOCUMENT: Final = (_arn("document/{request.name}"),)


def _parameter(path: str) -> tuple[Resource, Resource]:
    # AWS's own parameters belong to no account.
    template, shared = f"parameter/{{request.{path}|bare}}", "aws/"
    public = Resource("", f"arn:{{partition}}:ssm:{{region}}::{template}", only=shared)
    return replace(_arn(template), skip=shared), public


_PARAMETER: Final = _parameter("name")

SERVICE: Final = Service(
    # [rules.md §12; one-time tokens and sessions]
    hidden={
        "PutParameterRequest.Value": HIDDEN,
        "ResumeSessionResponse.TokenValue": "Value hidden due to security reasons.",
        "SendCommandRequest.Parameters": HIDDEN,
        "StartSessionResponse.TokenValue": "Value hidden due to security reasons.",
    },
    # Sensitive by the model, logged in clear by the service. [rules.md §4: UpdateInstanceInformation]
    shown=frozenset(
        {
            "*.IPAddress",
        }
    ),
    # [rules.md §4]
    defaults={
        "PutParameterRequest": {"allowedPattern": ""},
        "SendCommandRequest": {"interactive": False},
    },
    # A throttled call is not read either. [rules.md §8]
    drops_parameters=frozenset(
        {
            "ThrottlingException",
        }
    ),
    # [rules.md §10]
    resources={
        "CreateDocument": _DOCUMENT,
        "DeleteDocument": _DOCUMENT,
        "DeleteParameter": _PARAMETER,
        "DescribeDocument": _DOCUMENT,
        "GetParameter": _PARAMETER,
        "GetParameterHistory": _PARAMETER,
        "GetParameters": _parameter("names.*"),
        "PutInventory": (
            Resource("", "arn:{partition}:ec2:{region}:{account}:instance/{request.instanceId}", only="i-"),
            _arn("managed-instance-inventory/{request.instanceId}"),
        ),
        "PutParameter": _PARAMETER,
        "UpdateDocument": _DOCUMENT,
    },
)
