"""Everything about one operation that can be known before it is called, compiled once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple

import orjson

from bototrail.model import Connection
from bototrail.record.converters import Shape
from bototrail.record.ec2 import Ec2
from bototrail.record.extra import compile_extra
from bototrail.record.resources import Entries, compile_entries, reads_answer
from bototrail.record.rules import Service, rules_for
from bototrail.record.s3 import S3, stored
from bototrail.record.shapes import Spelling
from bototrail.record.sources import GLOBAL_SERVICES, event_source
from bototrail.record.values import Converter

Answer = Callable[[Mapping[str, Any], Mapping[str, str]], Any]

UNREADABLE: Final = {"reason": "could not be read", "omitted": True}
_plans: dict[tuple[str, str, str], Plan] = {}
_spellers: dict[tuple[str, str], Speller] = {}


class Plan:
    """One operation of one service.

    Attributes:
        service_name: botocore's name of the service.
        operation_name: name of the operation in the model.
        event_source: such as `s3.amazonaws.com`.
        event_name: eventName, which may differ from the operation.
        event_category: `Management` or `Data`.
        read_only: readOnly.
        is_global: whether the service logs in the partition's global region, whatever the client's region is.
        management: managementEvent.
        api_version: apiVersion as the service spells it, None when it writes none.
        rules: the facts about the service.
        error_shapes: code in an answer -> the shape of the model's exception.
        entries: makes the entries of `resources`.
        reads_answer: whether those come from the result itself, also from what of it is not logged.
        extra: what the service writes into additionalEventData.
        keeps_parameters: whether requestParameters are written after a denial.
        face: bytes of its records.
        refusal: those of its records after a denial.
        middle: the record's bytes from behind eventID to readOnly.
        endings: bytes that are the same for calls over one connection, from behind the account to the end.
    """

    __slots__ = (
        "_answer",
        "_errors",
        "_own_errors",
        "_request",
        "_service_model",
        "api_version",
        "endings",
        "entries",
        "event_category",
        "event_name",
        "event_source",
        "extra",
        "face",
        "is_global",
        "keeps_parameters",
        "management",
        "middle",
        "operation_name",
        "read_only",
        "reads_answer",
        "refusal",
        "rules",
        "service_name",
    )

    def __init__(self, service_model: Any, operation_model: Any, speller: Speller) -> None:
        rules = speller.rules
        self.rules, self._service_model, self._own_errors = rules, service_model, operation_model.error_shapes
        self._errors: Mapping[str, Shape] | None = None
        self.service_name: str = service_model.service_name
        name = self.operation_name = str(operation_model.name)
        names = (self.service_name, service_model.endpoint_prefix, service_model.signing_name)
        self.event_source = f"{rules.event_source or event_source(*names)}.amazonaws.com"
        self.event_name = rules.event_names.get(name, name)
        self.management = name not in rules.data_events
        self.event_category = "Management" if self.management else "Data"
        self.read_only = rules.is_read(name)
        self.is_global = self.service_name in GLOBAL_SERVICES
        self.api_version = rules.api_version
        self.entries: Entries | None = compile_entries(rules, name)
        self.reads_answer = reads_answer(rules, name)
        self.extra = compile_extra(rules)
        self.keeps_parameters = rules.keeps(name)
        self._request: Converter | None = speller.request(operation_model, management=self.management)
        logs_answer = name in rules.responses or not (self.read_only or name in rules.silent)
        self._answer: Answer | None = speller.answer(operation_model) if logs_answer else None
        self.face = _face(self, self.event_name, self.api_version)
        # Who is refused has reached no version of the service. [records of 15 services that write one otherwise]
        self.refusal = _face(self, self.event_name + rules.refused_suffix, None)
        self.middle = b'","readOnly":true' if self.read_only else b'","readOnly":false'
        self.endings: dict[tuple[str, Connection | None], bytes] = {}

    @property
    def error_shapes(self) -> Mapping[str, Shape]:
        """Code in an answer -> the shape of the model's exception; the operation's own go before the service's."""
        if self._errors is None:
            self._errors = {**_error_shapes(self._service_model), **_by_code(self._own_errors)}
        return self._errors

    def request_parameters(self, params: Mapping[str, Any]) -> Any:
        """RequestParameters for the arguments of a call; None when there is nothing to write."""
        if self._request is None:
            return None
        try:
            return self._request(params) or None
        except Exception:  # noqa: BLE001 - a mapping of the program's own that cannot be read
            return dict(UNREADABLE)

    def response_elements(self, parsed: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        """ResponseElements for the result of a call; None when CloudTrail writes null."""
        if self._answer is None:
            return None
        try:
            return self._answer(parsed, headers) or None
        except Exception:  # noqa: BLE001 - as above
            return dict(UNREADABLE)


def plan_for(service_model: Any, operation_model: Any, rows: str = "") -> Plan:
    """The plan of an operation, compiled when it is first asked for.

    Args:
        service_model: botocore's ServiceModel.
        operation_model: botocore's OperationModel.
        rows: name of the file in `services/`, where it is not the service's.
    """
    rows = rows or service_model.service_name
    service = (rows, service_model.api_version)
    key = (*service, operation_model.name)
    plan = _plans.get(key)
    if plan is None:
        # Two threads may both compile one; the plans are equal and one of them stays.
        speller = _spellers.get(service) or _spellers.setdefault(service, Speller(service_model, rules_for(rows)))
        plan = _plans.setdefault(key, Plan(service_model, operation_model, speller))
    return plan


class Speller:
    """The converters of one service, shared by its operations.

    Args:
        service_model: botocore's ServiceModel.
        rules: the facts about the service, which `plan_for` takes from `services/`.
    """

    def __init__(self, service_model: Any, rules: Service) -> None:
        self.rules = rules
        protocol = getattr(service_model, "resolved_protocol", None) or service_model.metadata.get("protocol", "")
        self._ask = Spelling(self.rules, protocol, answer=False)
        self._tell = Spelling(self.rules, protocol, answer=True)
        self._ec2 = Ec2(self.rules, protocol) if self.rules.dialect == "ec2" else None
        self._s3 = S3(self.rules, protocol) if self.rules.dialect == "s3" else None

    def request(self, operation: Any, *, management: bool) -> Converter | None:
        """Converter of the arguments."""
        shape = operation.input_shape
        if self._ec2:
            return self._ec2.request(operation.name, shape)
        if self._s3:
            # The bodies of data events are the data. [rules.md §12]
            return self._s3.request(shape, operation.http.get("requestUri", ""), with_body=management)
        if shape is None:
            return None
        envelope = self.rules.envelope
        return self._ask.enveloped(envelope, operation.name, shape) if envelope else self._ask.whole(shape)

    def answer(self, operation: Any) -> Answer | None:
        """Converter of the result."""
        shape = operation.output_shape
        if self._ec2:
            convert = self._ec2.answer(operation.name, shape)
            return lambda parsed, headers: convert(parsed, _request_id(parsed, headers))
        if self._s3 and operation.name not in self.rules.responses:
            return lambda _, headers: stored(headers)
        if shape is None:
            return None
        inner = _only_structure(shape) if self.rules.unwraps else None
        if inner is None or inner in self.rules.wrapped:
            convert = self._tell.whole(shape)
            return lambda parsed, _: convert(parsed)
        convert = self._tell.whole(shape.members[inner])
        return lambda parsed, _: convert(parsed[inner]) if inner in parsed else None


def _request_id(parsed: Mapping[str, Any], headers: Mapping[str, str]) -> str | None:
    metadata = parsed.get("ResponseMetadata")
    found = metadata.get("RequestId") if isinstance(metadata, Mapping) else None
    return found or headers.get("x-amzn-requestid")


def _only_structure(shape: Shape) -> str | None:
    """The one member of a result, when it is a structure."""
    if len(shape.members) != 1:
        return None
    name, member = next(iter(shape.members.items()))
    return str(name) if member.type_name == "structure" else None


_errors_cache: dict[tuple[str, str], Mapping[str, Shape]] = {}


def _error_shapes(service_model: Any) -> Mapping[str, Shape]:
    key = (service_model.service_name, service_model.api_version)
    errors = _errors_cache.get(key)
    if errors is None:
        errors = _errors_cache[key] = _by_code(service_model.error_shapes)
    return errors


def _by_code(shapes: Iterable[Shape]) -> Mapping[str, Shape]:
    return {shape.metadata.get("error", {}).get("code", shape.name): shape for shape in shapes}


class Face(NamedTuple):
    """Bytes that are the same for records of one operation.

    Attributes:
        head: from behind eventTime to before awsRegion.
        tail: from eventType to the value of recipientAccountId.
        openings: those of calls of one origin, from behind eventTime to userAgent.
    """

    head: bytes
    tail: bytes
    openings: dict[tuple[str, str, str], bytes]


def _face(plan: Plan, event_name: str, api_version: str | None) -> Face:
    names = orjson.dumps({"eventSource": plan.event_source, "eventName": event_name})
    fields: dict[str, Any] = {"eventType": "AwsApiCall"}
    if api_version:
        fields["apiVersion"] = api_version
    fields["managementEvent"] = plan.management
    tail = orjson.dumps(fields)[1:-1] + b',"recipientAccountId":"'
    return Face(b'",' + names[1:-1] + b",", b"," + tail, {})
