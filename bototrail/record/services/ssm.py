"""AWS Systems Manager."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bototrail.record.rules import HIDDEN, Resource, Service


def _arn(path: str) -> Resource:
    # Systems Manager writes no type. [rules.md §10]
    return Resource("", f"arn:{{partition}}:ssm:{{region}}:{{account}}:{path}")


def _owned(path: str, shared: str) -> tuple[Resource, Resource]:
    # What is AWS's own belongs to no account.
    public = Resource("", f"arn:{{partition}}:ssm:{{region}}::{path}", only=shared)
    return replace(_arn(path), skip=shared), public


_ASSOCIATION: Final = _arn("association/{request.associationId}")
_DOCUMENT: Final = _owned("document/{request.name}", "AWS-")
_OWN_DOCUMENT: Final = (_arn("document/{request.name}"),)
_OWN_PARAMETER: Final = (_arn("parameter/{request.name|bare}"),)
_PARAMETER: Final = _owned("parameter/{request.name|bare}", "aws/")

SERVICE: Final = Service(
    # [a record of 2021]
    writes=frozenset(
        {
            "GetDeployablePatchSnapshotForInstance",
        }
    ),
    # [rules.md §12; one-time tokens and sessions]
    hidden={
        "CreateDocumentRequest.Content": HIDDEN,
        "GetDeployablePatchSnapshotForInstanceResult.SnapshotDownloadUrl": HIDDEN,
        "ResumeSessionResponse.TokenValue": "Value hidden due to security reasons.",
        "StartSessionResponse.TokenValue": "Value hidden due to security reasons.",
        "UpdateDocumentRequest.Content": HIDDEN,
    },
    # [StartAutomationExecution of 2021]
    forms={"StartAutomationExecutionRequest.Parameters": "veiled"},
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
        "CreateAssociation": _DOCUMENT,
        "CreateDocument": _OWN_DOCUMENT,
        "DeleteAssociation": (_ASSOCIATION,),
        "DeleteDocument": _OWN_DOCUMENT,
        "DeleteParameter": _OWN_PARAMETER,
        "DescribeDocument": _DOCUMENT,
        "GetParameter": _PARAMETER,
        "GetParameterHistory": _PARAMETER,
        "GetParameters": _owned("parameter/{request.names.*|bare}", "aws/"),
        "PutInventory": (
            Resource("", "arn:{partition}:ec2:{region}:{account}:instance/{request.instanceId}", only="i-"),
            _arn("managed-instance-inventory/{request.instanceId}"),
        ),
        "PutParameter": _OWN_PARAMETER,
        "UpdateAssociation": (_ASSOCIATION, *_DOCUMENT),
        "UpdateDocument": _OWN_DOCUMENT,
        "UpdateServiceSetting": (_arn("servicesetting{request.settingId}"),),
    },
)
