"""What a record of an operation will look like, before one makes the call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from bototrail.record.converters import Shape
from bototrail.record.explain.example import example, failure, templates
from bototrail.record.explain.skeleton import skeleton
from bototrail.record.explain.tree import Skeleton
from bototrail.record.explain.words import REQUEST_ID
from bototrail.record.plan import Plan, plan_for
from bototrail.record.rules import row

DEPTH: Final = 3

_FORMS: Final = {
    "json": "JSON text, written as an object",
    "partiql": "without the values in it",
}
_ANSWER_FORMS: Final = {**_FORMS, "encoded": "JSON text, percent-encoded"}


@dataclass(frozen=True)
class Errors:
    """How failures of an operation are recorded.

    Attributes:
        denied: errorCode of a refusal.
        denied_name: its eventName.
        denied_version: its apiVersion.
        denied_parameters: whether requestParameters are written after one.
        without_parameters: other codes after which they are not.
        message: whether errorMessage is written.
        body: whether the error's members are written as responseElements.
        modelled: code in the answer -> errorCode, of the errors that the model names.
        prefix: whether errorCode has `Client.` or `Server.` in front.
    """

    denied: str
    denied_name: str
    denied_version: str | None
    denied_parameters: bool
    without_parameters: tuple[str, ...]
    message: bool
    body: bool
    modelled: Mapping[str, str]
    prefix: bool


@dataclass(frozen=True)
class Explanation:
    """What is known of the records of an operation.

    Attributes:
        plan: the names and categories.
        signed: whether calls are signed; of others userIdentity is what the call itself tells.
        request: requestParameters.
        response: responseElements, None when they are always null.
        why_null: why they are, empty when they are not.
        resources: entries as templates, with `when` those that not every record has.
        unresolved: beginnings of values that make no entry.
        extra: key of additionalEventData -> where its value comes from.
        errors: failures.
        example: a record, finished, as JSON.
    """

    plan: Plan
    signed: bool
    request: Skeleton
    response: Skeleton | None
    why_null: str
    resources: tuple[Mapping[str, Any], ...]
    unresolved: tuple[str, ...]
    extra: Mapping[str, str]
    errors: Errors
    example: bytes

    @property
    def region(self) -> str:
        """The rule of awsRegion."""
        if self.plan.is_global:
            return "us-east-1 (in other partitions their global region), whatever the client's region"
        return "the region that the request is signed for"

    def to_dict(self) -> dict[str, Any]:
        """All of it as JSON."""
        plan = self.plan
        return {
            "service": plan.service_name,
            "operation": plan.operation_name,
            "eventSource": plan.event_source,
            "eventName": plan.event_name,
            "eventCategory": plan.event_category,
            "managementEvent": plan.management,
            "readOnly": plan.read_only,
            "apiVersion": plan.api_version,
            "awsRegion": {"global": plan.is_global, "rule": self.region},
            "signed": self.signed,
            "requestParameters": _part(self.request),
            "responseElements": {"null": self.why_null} if self.response is None else _part(self.response),
            "resources": list(self.resources),
            "additionalEventData": dict(self.extra),
            "errors": asdict(self.errors),
            "example": orjson.loads(self.example),
        }


def _part(found: Skeleton) -> dict[str, Any]:
    members = [asdict(member) for member in found.members]
    return {"skeleton": found.tree.plain(), "members": members}


def explain(service_model: Any, operation_model: Any, depth: int = DEPTH) -> Explanation:
    """Tell what a record of an operation will look like.

    Args:
        service_model: botocore's ServiceModel.
        operation_model: botocore's OperationModel.
        depth: how many structures may lie in one another in the skeletons.

    Returns:
        All that can be known without making the call. The skeletons are made by the converters that make records.
    """
    plan = plan_for(service_model, operation_model)
    response, why_null = _response(plan, operation_model, depth)
    return Explanation(
        plan=plan,
        signed=is_signed(operation_model),
        request=_request(plan, operation_model, depth),
        response=response,
        why_null=why_null,
        resources=templates(plan, operation_model),
        unresolved=_unresolved(plan),
        extra={key: _SOURCES.get(source, source) for key, source in plan.rules.extra.items()},
        errors=_errors(plan, operation_model),
        example=example(plan, service_model, operation_model),
    )


def _request(plan: Plan, operation: Any, depth: int) -> Skeleton:
    tokens = frozenset(getattr(operation, "idempotent_members", ()))

    def facts(shape: Shape, name: str) -> tuple[str, ...]:
        said = [_FORMS.get(str(row(plan.rules.forms, shape.name, name)), "")]
        if name in tokens and shape is operation.input_shape:
            said.append("made by the SDK when not given")
        return tuple(filter(None, said))

    found = skeleton(operation.input_shape, plan.request_parameters, depth, facts)
    if plan.rules.host:
        found.tree.at(("Host",)).say("string, the host that the request went to")
    return found


def _response(plan: Plan, operation: Any, depth: int) -> tuple[Skeleton | None, str]:
    shape = operation.output_shape
    metadata = {"ResponseMetadata": {"RequestId": REQUEST_ID}}
    members = shape.members.items() if shape is not None else ()
    headers = {
        name: str(member.serialization.get("name", name)).lower()
        for name, member in members
        if member.serialization.get("location") == "header"
    }

    def convert(value: Any) -> Any:
        sent = {wire: str(value[name]) for name, wire in headers.items() if name in value}
        return plan.response_elements({**value, **metadata}, sent)

    def facts(shape: Shape, name: str) -> tuple[str, ...]:
        return tuple(filter(None, [_ANSWER_FORMS.get(str(row(plan.rules.forms, shape.name, name)), "")]))

    found = skeleton(shape, convert, depth, facts, given=False)
    return (found, "") if any(not node.omitted for node in found.tree.children.values()) else (None, _why(plan, shape))


def _why(plan: Plan, shape: Shape | None) -> str:
    if plan.read_only and plan.operation_name not in plan.rules.responses:
        return "reads log no result"
    if shape is None or not shape.members:
        return "the operation answers nothing"
    return "the service logs no result of this operation"


def is_signed(operation: Any) -> bool:
    """Whether calls of an operation are signed."""
    return getattr(operation, "auth_type", None) != "none"


def _unresolved(plan: Plan) -> tuple[str, ...]:
    rows = plan.rules.resources.get(plan.operation_name, plan.rules.resources.get("*", ()))
    return tuple(dict.fromkeys(row.skip for row in rows if row.skip))


def _errors(plan: Plan, operation: Any) -> Errors:
    denied = failure(plan, "AccessDenied", 403)
    prefix = "." in denied["errorCode"]
    if prefix:  # EC2, which also has a word of its own for refusals
        denied = failure(plan, "UnauthorizedOperation", 403)
    known = {str(e.metadata.get("error", {}).get("code", e.name)): e.metadata for e in operation.error_shapes}
    failed = {
        code: failure(plan, code, meta.get("error", {}).get("httpStatusCode", 400)) for code, meta in known.items()
    }
    records = {**failed, **{code: failure(plan, code, 400) for code in plan.rules.drops_parameters}}
    return Errors(
        denied=denied["errorCode"],
        denied_name=denied["eventName"],
        denied_version=denied.get("apiVersion"),
        denied_parameters=denied["requestParameters"] is not None,
        without_parameters=tuple(sorted(_codes(records) - {denied["errorCode"]})),
        message="errorMessage" in denied,
        body=denied["responseElements"] is not None,
        modelled={code: record["errorCode"] for code, record in failed.items()},
        prefix=prefix,
    )


def _codes(records: Mapping[str, dict[str, Any]]) -> set[str]:
    """The errorCodes after which requestParameters are null."""
    return {record["errorCode"] for record in records.values() if record["requestParameters"] is None}


_SOURCES: Final = {
    "authentication": "AuthHeader, or QueryString for a presigned URL",
    "cipher": "the connection's cipher",
    "encryption": "SSE_S3, SSE_KMS, DSSE_KMS or SSE_C, with Default_ in front when the bucket's default did it",
    "received": "bytes of the answer's body",
    "sent": "bytes of the request's body",
    "signature": "SigV4, or SigV2",
    "zone": "the availability zone in the bucket's name",
}
