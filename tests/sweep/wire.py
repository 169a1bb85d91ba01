"""A service's end of every protocol: a result or an error as the bytes that AWS would answer with."""

from __future__ import annotations

import json
import struct
from base64 import b64encode
from datetime import datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr
from zlib import crc32

import cbor2
import orjson

REQUEST_ID = "5f1c7b5e-0000-4000-8000-000000000000"


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def success(operation: Any, value: dict[str, Any]) -> Answer:
    """The answer whose result is `value`."""
    protocol, shape = _protocol(operation), operation.output_shape
    status, headers = int(operation.http.get("responseCode", 200)), _headers(protocol)
    if shape is None:
        return Answer(status, headers, _body(protocol, operation, None, {}))
    members = dict(shape.members)
    for name in [n for n in members if n in value and members[n].serialization.get("location")]:
        _place(members.pop(name), name, value[name], headers)
    stream = next((n for n, member in members.items() if member.serialization.get("eventstream")), None)
    payload = stream or shape.serialization.get("payload")
    if stream:
        body = _events(protocol, members[stream], value[stream])
        if not protocol.startswith("rest"):
            rest = {n: value[n] for n in members if n != stream and n in value}
            body = _event("initial-response", {}, _body(protocol, operation, shape, rest)) + body
    elif payload:
        body = _payload(protocol, operation, members[payload], value.get(payload))
    else:
        body = _body(protocol, operation, shape, {n: value[n] for n in members if n in value})
    return Answer(status, headers, body)


def failure(operation: Any, shape: Any, value: dict[str, Any]) -> Answer:
    """The answer that is the error `shape` (None: a refusal that no model has) with the members `value`."""
    protocol, traits = _protocol(operation), shape.metadata.get("error", {}) if shape else {}
    headers, xml = _headers(protocol), protocol in ("ec2", "query", "rest-xml")
    name = shape.name if shape else "AccessDenied" if xml else "AccessDeniedException"
    value = value if shape else {"message": "no"}
    code, status = traits.get("code", name), int(traits.get("httpStatusCode", 400 if shape else 403))
    status = status if status < 500 else 400  # else botocore tries again
    if operation.http.get("method") == "HEAD":
        return Answer(403, headers, b"")
    if xml:
        inner = f"<Type>Sender</Type><Code>{code}</Code>" + _error_members(shape, value)
        if operation.service_model.service_name in ("s3", "s3control"):
            return Answer(status, headers, f"<Error>{inner}<RequestId>{REQUEST_ID}</RequestId></Error>".encode())
        if protocol == "ec2":
            text = f"<Response><Errors><Error>{inner}</Error></Errors><RequestID>{REQUEST_ID}</RequestID></Response>"
        else:
            text = f"<ErrorResponse><Error>{inner}</Error><RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        return Answer(status, headers, text.encode())
    headers["x-amzn-errortype"] = name
    headers["x-amzn-query-error"] = f"{code};Sender"
    made = {"__type": name, **(_plain(shape, value, cbor=protocol == "smithy-rpc-v2-cbor") if shape else value)}
    return Answer(status, headers, cbor2.dumps(made) if protocol == "smithy-rpc-v2-cbor" else orjson.dumps(made))


def _protocol(operation: Any) -> str:
    return str(operation.service_model.resolved_protocol)


def _headers(protocol: str) -> dict[str, str]:
    """Headers of any answer."""
    own = {"smithy-protocol": "rpc-v2-cbor"} if protocol == "smithy-rpc-v2-cbor" else {}
    return {"x-amzn-requestid": REQUEST_ID, "x-amz-request-id": REQUEST_ID, "x-amz-id-2": "host", **own}


def _place(member: Any, name: str, value: Any, headers: dict[str, str]) -> None:
    """Put a member into the headers; the status stays what it is."""
    traits = member.serialization
    if traits["location"] == "header":
        headers[traits.get("name", name)] = _text(member, value)
    elif traits["location"] == "headers":
        headers.update({traits.get("name", "") + key: _text(member.value, one) for key, one in value.items()})


def _text(shape: Any, value: Any) -> str:
    """A scalar in a header or an element."""
    if shape.serialization.get("jsonvalue") and not isinstance(value, str):
        return b64encode(json.dumps(value).encode()).decode()
    if isinstance(value, list):
        return ",".join(_text(shape.member, one) for one in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else str(value)


def _payload(protocol: str, operation: Any, member: Any, value: Any) -> bytes:
    if value is None:
        return b""
    if hasattr(value, "getvalue"):
        return bytes(value.getvalue())
    if isinstance(value, (bytes, str)):
        return value.encode() if isinstance(value, str) else value
    return _body(protocol, operation, member, value)


def _body(protocol: str, operation: Any, shape: Any, value: Any) -> bytes:
    """A structure as the body of an answer."""
    if protocol == "smithy-rpc-v2-cbor":
        return cbor2.dumps(_plain(shape, value, cbor=True) if shape else {}, datetime_as_timestamp=True)
    if protocol in ("json", "rest-json"):
        return orjson.dumps(_plain(shape, value, cbor=False) if shape else {})
    inner = "".join(_elements(shape, value)) if shape else ""
    name = f"{operation.name}Response"
    if protocol == "ec2":
        inner += f"<requestId>{REQUEST_ID}</requestId>"
    elif protocol == "query":
        wrapper = shape.serialization.get("resultWrapper") if shape else None
        inner = f"<{wrapper}>{inner}</{wrapper}>" if wrapper else inner
        inner += f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
    return f"<{name}>{inner}</{name}>".encode()


def _plain(shape: Any, value: Any, *, cbor: bool) -> Any:
    """For JSON and CBOR: the names on the wire, and what JSON has no type for as text."""
    kind = shape.type_name
    if kind == "structure" and not getattr(shape, "is_document_type", False):
        members = shape.members
        return {members[n].serialization.get("name", n): _plain(members[n], v, cbor=cbor) for n, v in value.items()}
    if kind == "list":
        return [_plain(shape.member, one, cbor=cbor) for one in value]
    if kind == "map":
        return {key: _plain(shape.value, one, cbor=cbor) for key, one in value.items()}
    if cbor:
        return value
    if kind == "timestamp":
        return value.timestamp()
    return b64encode(value).decode() if kind == "blob" else value


def _error_members(shape: Any, value: dict[str, Any]) -> str:
    if shape is None:
        return "<Message>no</Message>"
    made = _elements(shape, {name: one for name, one in value.items() if name not in ("Code", "Type")})
    return "".join(made).replace("message>", "Message>")


def _elements(shape: Any, value: dict[str, Any]) -> list[str]:
    """The members of a structure as elements."""
    made = []
    for name, one in value.items():
        member = shape.members[name]
        if not member.serialization.get("xmlAttribute"):
            made.append(_element(member, member.serialization.get("name", name), one))
    return made


def _element(shape: Any, tag: str, value: Any) -> str:
    flattened = shape.serialization.get("flattened")
    if shape.type_name == "structure":
        return f"<{tag}{_attributes(shape, value)}>{''.join(_elements(shape, value))}</{tag}>"
    if shape.type_name == "list":
        name = shape.member.serialization.get("name", tag if flattened else "member")
        made = "".join(_element(shape.member, name, one) for one in value)
        return made if flattened else f"<{tag}>{made}</{tag}>"
    if shape.type_name == "map":
        names = shape.key.serialization.get("name", "key"), shape.value.serialization.get("name", "value")
        entry = tag if flattened else "entry"
        made = "".join(
            f"<{entry}>{_element(shape.key, names[0], key)}{_element(shape.value, names[1], one)}</{entry}>"
            for key, one in value.items()
        )
        return made if flattened else f"<{tag}>{made}</{tag}>"
    return f"<{tag}>{escape(_text(shape, value))}</{tag}>"


def _attributes(shape: Any, value: dict[str, Any]) -> str:
    made = ""
    for name, one in value.items():
        traits = shape.members[name].serialization
        if traits.get("xmlAttribute"):
            prefix = traits["name"].partition(":")[0]
            made += f' xmlns:{prefix}="urn:{prefix}" {traits["name"]}={quoteattr(one)}'
    return made


def _events(protocol: str, shape: Any, value: dict[str, Any]) -> bytes:
    """One event of each kind."""
    return b"".join(_event(name, *_event_parts(protocol, shape.members[name], one)) for name, one in value.items())


def _event_parts(protocol: str, shape: Any, value: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    heads = {n for n in value if shape.members[n].serialization.get("eventheader")}
    headers = {n: value[n] for n in value if n in heads}
    rest = {n: one for n, one in value.items() if n not in heads}
    for name, one in rest.items():
        member = shape.members[name]
        if member.serialization.get("eventpayload"):
            return headers, one.encode() if isinstance(one, str) else _event_body(protocol, member, one)
    return headers, _event_body(protocol, shape, rest)


def _event_body(protocol: str, shape: Any, value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if protocol == "rest-xml":
        return _element(shape, shape.name, value).encode()
    made = _plain(shape, value, cbor=protocol == "smithy-rpc-v2-cbor")
    return cbor2.dumps(made, datetime_as_timestamp=True) if protocol == "smithy-rpc-v2-cbor" else orjson.dumps(made)


def _event(name: str, headers: dict[str, Any], body: bytes) -> bytes:
    """A message of an event stream: lengths, their checksum, headers, body, checksum of the whole."""
    every = {":event-type": name, ":message-type": "event", **headers}
    heads = b"".join(bytes([len(key)]) + key.encode() + _event_header(value) for key, value in every.items())
    prelude = struct.pack("!II", len(heads) + len(body) + 16, len(heads))
    message = prelude + struct.pack("!I", crc32(prelude)) + heads + body
    return message + struct.pack("!I", crc32(message))


def _event_header(value: Any) -> bytes:
    if isinstance(value, bool):
        return b"\x00" if value else b"\x01"
    if isinstance(value, int):
        return struct.pack("!Bi", 4, value)
    if isinstance(value, datetime):
        return struct.pack("!Bq", 8, int(value.timestamp() * 1000))
    text = str(value).encode()
    return struct.pack("!BH", 7, len(text)) + text
