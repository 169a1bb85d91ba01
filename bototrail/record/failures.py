"""How CloudTrail names the failure of a call."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from bototrail.model import Call
from bototrail.record.rules import HIDDEN
from bototrail.record.shapes import is_sensitive

# Every service's refusals have one name, whatever its answer says. [rules.md §8]
_DENIED: Final = "AccessDenied"
_DENIALS: Final = frozenset({"AccessDenied", "AccessDeniedException"})
# Query services: codes that no model has, by the name of AWS's common exceptions. [rules.md §8]
_COMMON: Final = {
    "InvalidParameterCombination": "InvalidParameterCombinationException",
    "InvalidParameterValue": "InvalidParameterValueException",
    "Throttling": "ThrottlingException",
    "ValidationError": "ValidationException",
}


# A service that refuses a signature tells what it signed itself, the session token in it.
_TOKEN: Final = re.compile(r"(x-amz-security-token[:=]\s?)[^\s&\"']+", re.IGNORECASE)
# Credentials before the host; a query, where other stores have theirs.
_IN_URL: Final = re.compile(r"(\w+://)(?:[^/?#@\s\"']*@)?([^?#\s\"']*)(?:[?#][^\s\"']*)?")


def without_token(message: str) -> str:
    """A service's message, without the caller's session token."""
    return _TOKEN.sub(rf"\1{HIDDEN}", message)


def harmless(text: str) -> str:
    """What went wrong, without what may be secret in it."""
    return _IN_URL.sub(r"\1\2", without_token(text))


def error_code(call: Call) -> str | None:
    """ErrorCode of a call, None when it succeeded."""
    code, rules = call.error_code, call.plan.rules
    if code is None or not call.answered:
        return code
    row = rules.errors.get(f"{call.plan.operation_name}.{code}") or rules.errors.get(code)
    if row is not None:
        return row
    if rules.error_prefix:
        side = "Server" if (call.status or 0) >= 500 else "Client"
        return f"{side}.{code}"
    if code in _DENIALS:
        return _DENIED
    shape = call.plan.error_shapes.get(code)
    return str(shape.name) if shape is not None else _COMMON.get(code, code)


def is_refusal(call: Call, code: str | None) -> bool:
    """Whether the caller was not allowed to make the call."""
    return code == _DENIED and call.answered


def is_unread(call: Call, code: str | None) -> bool:
    """Whether the call failed before the service read its parameters."""
    if code is None or not call.answered:
        return False
    return (code == _DENIED and not call.plan.keeps_parameters) or code in call.plan.rules.drops_parameters


def error_message(call: Call) -> str | None:
    """The message of a failure; hidden where the model marks it as sensitive."""
    shape = call.plan.error_shapes.get(call.error_code or "") if call.answered else None
    members = shape.members.items() if shape is not None else ()
    secret = any(name.lower() == "message" and is_sensitive(member) for name, member in members)
    return HIDDEN if secret and call.error_message else call.error_message


def error_elements(call: Call) -> Mapping[str, Any] | None:
    """The responseElements of a failure, for the services that write its body there."""
    if call.plan.read_only or not (call.plan.rules.error_body and call.answered):
        return None
    shape = call.plan.error_shapes.get(call.error_code or "")
    members = shape.members if shape is not None else {}
    body: dict[str, Any] = {}
    for name, value in call.error_fields.items():
        if name in members and isinstance(value, (str, int, float, bool)):
            body[members[name].serialization.get("name", name)] = value
    if not body and (message := error_message(call)):
        names = (member.serialization.get("name", name) for name, member in members.items())
        body[next((key for key in names if key.lower() == "message"), "message")] = message
    return body or None
