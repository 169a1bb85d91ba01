"""A finished record as bytes: prepared fragments with the values of one call between them."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import orjson

from bototrail.clock import event_time
from bototrail.model import NOTHING, Call, Connection, Owner
from bototrail.record.extra import additional_data
from bototrail.record.failures import error_code, error_elements, error_message, is_refusal, is_unread
from bototrail.record.plan import UNREADABLE, Face, Plan
from bototrail.record.resources import ACCOUNT, Source

# Limits of AWS's records. [facts §1.8]
_TEXT_LIMIT: Final = 1024
_TREE_LIMIT: Final = 100 * 1024
_EXTRA_LIMIT: Final = 28 * 1024
# Our own; the services have at most a hundred, and without a limit the names in a request would stand there twice.
_RESOURCES_LIMIT: Final = 16 * 1024

_START: Final = b'{"eventVersion":"1.11","userIdentity":'
_REMEMBERED: Final = 64
_NULL: Final = b"null"
_ACCOUNT: Final = orjson.dumps(ACCOUNT)[1:-1]
_ENDPOINT = re.compile(r"^(?:[\w.-]+\.)?(vpce-[0-9a-z]+)(?:-[0-9a-z]+)*\.[\w.-]+\.vpce\.amazonaws\.com")


def assemble(call: Call, event_id: str, owner: Owner, source_ip: str | None = None) -> bytes:
    """The record of a call, one JSON object in UTF-8 without blanks.

    Args:
        call: what was seen.
        event_id: eventID.
        owner: whose record it is; its bytes go in as they are.
        source_ip: stands in for our own address, for programs behind a gateway.
    """
    plan, code = call.plan, error_code(call)
    face = plan.face if code is None or not is_refusal(call, code) else plan.refusal
    host = _host(call.url)
    parameters = _parameters(call, code, host)
    address = source_ip or (call.connection.source_ip if call.connection else "127.0.0.1")
    origin = (call.region, address, call.user_agent)
    # The limits of the parts keep the whole below AWS's 256 KB.
    return b"".join(
        (
            _START,
            owner.identity,
            b',"eventTime":"',
            event_time(call.time).encode(),
            face.openings.get(origin) or _opening(plan, face, origin),
            b"" if code is None else _failure(call, code),
            b',"requestParameters":',
            _NULL if parameters is None else _tree("requestParameters", parameters),
            b',"responseElements":',
            _answer(call, code),
            _extra(call),
            b',"requestID":' + _dump(_cut(call.request_id)) if call.request_id else b"",
            b',"eventID":"',
            event_id.encode(),
            plan.middle if plan.entries is None else _resources(call, code, parameters, owner),
            face.tail,
            owner.account,
            plan.endings.get((host, call.connection)) or _ending(plan, host, call.connection),
        )
    )


def _host(url: str) -> str:
    """The host of a URL and its port, without the name and password that may stand before them."""
    return url.partition("//")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


def _remember(cache: dict[Any, bytes], key: Any, value: bytes) -> bytes:
    """What is the same for most calls of an operation is spelt once."""
    if len(cache) >= _REMEMBERED:
        cache.clear()
    cache[key] = value
    return value


def _opening(plan: Plan, face: Face, origin: tuple[str, str, str]) -> bytes:
    """From behind eventTime to userAgent."""
    region, address, agent = origin
    agent = _cut(plan.rules.user_agent.format(agent))
    fields = {"awsRegion": region, "sourceIPAddress": address, "userAgent": agent}
    return _remember(face.openings, origin, face.head + _dump(fields)[1:-1])


def _parameters(call: Call, code: str | None, host: str) -> Any:
    """RequestParameters as the service would have logged them."""
    if is_unread(call, code):
        return None
    parameters = call.request_parameters
    if not (call.plan.rules.host and host):
        return parameters
    return {**parameters, "Host": host} if isinstance(parameters, dict) else {"Host": host}


def _failure(call: Call, code: str) -> bytes:
    out = b',"errorCode":' + _dump(_cut(code))
    if (call.plan.rules.error_message or not call.answered) and (message := error_message(call)):
        out += b',"errorMessage":' + _dump(_cut(message))
    return out


def _answer(call: Call, code: str | None) -> bytes:
    answer = call.response_elements if code is None else error_elements(call)
    return _NULL if answer is None else _tree("responseElements", answer)


def _tree(name: str, value: Any) -> bytes:
    out = _dump(value)
    return out if len(out) <= _TREE_LIMIT else _too_large(name, len(out))


def _too_large(name: str, size: int) -> bytes:
    return _dump({"reason": f"{name} too large", "omitted": True, "originalSize": str(size)})


def _extra(call: Call) -> bytes:
    if not (call.plan.extra or call.labels or call.stubbed or call.presigned):
        return b""
    try:
        out = _dump(additional_data(call))
    except Exception:  # noqa: BLE001 - headers of a mock; the rest of the record counts
        return b""
    return b',"additionalEventData":' + out if 2 < len(out) <= _EXTRA_LIMIT else b""


def source_of(call: Call, code: str | None, parameters: Any) -> Source:
    """What the entries of `resources` are made from.

    Args:
        call: what was seen.
        code: errorCode.
        parameters: requestParameters.
    """
    request = parameters if isinstance(parameters, dict) else {}
    response = call.response_elements if code is None and isinstance(call.response_elements, dict) else {}
    return Source(call.partition, call.region, request, response, call.parsed if code is None else NOTHING)


def entries_of(plan: Plan, code: str | None, source: Source) -> list[dict[str, str]]:
    """The entries of `resources`, with `ACCOUNT` for the caller's account."""
    if plan.entries is None or (code is not None and code in plan.rules.no_resources):
        return []
    return plan.entries(source)


def _resources(call: Call, code: str | None, parameters: Any, owner: Owner) -> bytes:
    """ReadOnly and `resources`."""
    middle = call.plan.middle
    entries = entries_of(call.plan, code, source_of(call, code, parameters))
    if not entries:
        return middle
    out = _dump(entries).replace(_ACCOUNT, owner.account)
    return middle + b',"resources":' + out if len(out) <= _RESOURCES_LIMIT else middle


def _ending(plan: Plan, host: str, connection: Connection | None) -> bytes:
    """From behind the account to the end of the record: vpcEndpointId, eventCategory, tlsDetails."""
    fields: dict[str, Any] = {}
    endpoint = _ENDPOINT.match(host) if "vpce" in host else None
    if endpoint:
        fields["vpcEndpointId"] = endpoint[1]
    fields["eventCategory"] = plan.event_category
    if connection is not None and connection.tls_version:
        cipher = {"cipherSuite": connection.cipher_suite} if connection.cipher_suite else {}
        fields["tlsDetails"] = {"tlsVersion": connection.tls_version, **cipher, "clientProvidedHostHeader": host}
    return _remember(plan.endings, (host, connection), b'",' + _dump(fields)[1:])


def _cut(text: str | None) -> str:
    """A text of at most 1 KB."""
    if text is None or len(text) <= _TEXT_LIMIT // 4:
        return text or ""
    data = text.encode("utf-8", "replace")
    return text if len(data) <= _TEXT_LIMIT else data[: _TEXT_LIMIT - 3].decode("utf-8", "ignore") + "..."


def _dump(value: Any) -> bytes:
    try:
        return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)
    except (TypeError, ValueError):
        pass
    try:
        # Lone surrogates, numbers of more than 64 bits, what is no JSON at all.
        clean = json.loads(json.dumps(value, default=str), parse_int=_number, parse_constant=lambda _: None)
        return json.dumps(clean, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    except (RecursionError, TypeError, ValueError):
        # Nested deeper than Python can follow, numbers of more digits than it prints.
        return orjson.dumps(UNREADABLE)


def _number(digits: str) -> int | str:
    """A number, but a text when it is larger than a double: not every reader could read the record."""
    return int(digits) if len(digits) < 309 else digits
