"""What a request's JSON must be like, by botocore's own model of the service."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timezone
from functools import cache
from typing import Any, Final

import orjson

from bototrail.errors import ServiceError

_LAST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z, the last second that dates have
_SERVICES: Final = {"AWSOrganizationsV20161128": "organizations"}  # by what X-Amz-Target begins with; else CloudTrail
# Members of which CloudTrail tells by an exception of their own that they are too small. [its API reference]
_RANGES: Final = {"MaxResults": "InvalidMaxResultsException"}


def read_request(target: str, body: bytes) -> dict[str, Any]:
    """The members of a request, with times as seconds since 1970.

    Members that the model does not have, and nulls, are left out, as AWS does.

    Args:
        target: X-Amz-Target, `...CloudTrail_20131101.LookupEvents`; for CloudTrail unless it says otherwise.
        body: the JSON.

    Raises:
        ServiceError: UnknownOperationException when the operation is another service's; SerializationException or
            ValidationException, naming the member.
    """
    prefix, _, operation = target.rpartition(".")
    service = _model(_SERVICES.get(prefix, "cloudtrail"))
    if operation not in service.operation_names:
        message = f"expected an operation of {service.service_name}; found {operation}"
        raise ServiceError("UnknownOperationException", message)
    shape = service.operation_model(operation).input_shape
    try:
        given = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        raise _unreadable(f"expected JSON in UTF-8: {error}") from None
    if shape is None:
        return {}
    found: dict[str, Any] = _read(shape, given, "")
    _check(shape, found)
    return found


def _check(shape: Any, found: dict[str, Any]) -> None:
    """Raises for what is missing or too small; what is too large or unknown is for the operation to refuse."""
    for name in found.keys() & _RANGES.keys():
        least = shape.members[name].metadata["min"]
        if found[name] < least:
            raise ServiceError(_RANGES[name], f"expected {least} at least for {name}; found {found[name]}")
    from botocore.validate import ParamValidator

    report = ParamValidator().validate(found, shape)
    if report.has_errors():
        raise ServiceError("ValidationException", report.generate_report())


@cache
def errors_of(operation: str) -> frozenset[str]:
    """The exceptions that the model lists for an operation of CloudTrail."""
    return frozenset(shape.name for shape in _model("cloudtrail").operation_model(operation).error_shapes)


@cache
def members_of(operation: str) -> tuple[str, ...]:
    """The members of the answer to an operation of CloudTrail."""
    return tuple(_model("cloudtrail").operation_model(operation).output_shape.members)


@cache
def _model(service: str) -> Any:
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def _unreadable(message: str) -> ServiceError:
    return ServiceError("SerializationException", message)


def _read(shape: Any, value: Any, where: str) -> Any:
    """A value of a shape; nothing below is looked at that the shape does not have, so depth is limited."""
    expected, reader = _READERS[shape.type_name]
    try:
        return reader(shape, value, where)
    except (TypeError, ValueError, OverflowError):
        found = {bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list", dict: "an object"}
        name = found.get(type(value), "null")
        raise _unreadable(f"expected {expected} for {where[1:] or 'the request'}; found {name}") from None


def _structure(shape: Any, value: Any, where: str) -> dict[str, Any]:
    members = shape.members
    known = {name: each for name, each in _of(dict, value).items() if name in members and each is not None}
    return {name: _read(members[name], each, f"{where}.{name}") for name, each in known.items()}


def _list(shape: Any, value: Any, where: str) -> list[Any]:
    return [_read(shape.member, each, f"{where}[{number}]") for number, each in enumerate(_of(list, value))]


def _map(shape: Any, value: Any, where: str) -> dict[str, Any]:
    return {name: _read(shape.value, each, f"{where}[{name!r}]") for name, each in _of(dict, value).items()}


def _of(kind: type[Any], value: Any) -> Any:
    # bool is an int for Python, and no number for JSON
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError
    return value


def _number(_shape: Any, value: Any, _where: str) -> float:
    return value if isinstance(value, int) and not isinstance(value, bool) else float(_of(float, value))


def _time(_shape: Any, value: Any, _where: str) -> float:
    """Seconds since 1970, out of such a number or of ISO 8601 text; UTC where the text does not say."""
    if isinstance(value, str):
        text = re.sub(r"[zZ]$", "+00:00", value)
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text))
        value = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
    seconds = _number(_shape, value, _where)
    if not 0 <= seconds <= _LAST:
        message = f"expected a time in seconds since 1970 for {_where[1:]}, up to the year 9999; found {value}"
        raise _unreadable(message)
    return seconds


def _plain(kind: type[Any]) -> Callable[[Any, Any, str], Any]:
    return lambda _shape, value, _where: _of(kind, value)


_READERS: Final[dict[str, tuple[str, Callable[[Any, Any, str], Any]]]] = {
    "structure": ("an object", _structure),
    "list": ("a list", _list),
    "map": ("an object", _map),
    "string": ("text", _plain(str)),
    "blob": ("text", _plain(str)),
    "boolean": ("true or false", _plain(bool)),
    "integer": ("a whole number", _plain(int)),
    "long": ("a whole number", _plain(int)),
    "float": ("a number", _number),
    "double": ("a number", _number),
    "timestamp": ("a time in seconds since 1970", _time),
}
