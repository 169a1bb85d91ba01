"""Where the values of additionalEventData come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from bototrail.model import Call
from bototrail.record.rules import Service

Source = Callable[[Call], Any]


def _header(headers: Mapping[str, Any], name: str) -> str | None:
    """A header as text; names as sent may be in any case, values may be bytes."""
    value = headers.get(name) or headers.get(name.lower())
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return None if value is None else str(value)


def _length(call: Call, headers: Mapping[str, Any]) -> int | float:
    if headers is call.request_headers and call.request_length is not None:
        number = call.request_length
    else:
        # A body with its checksum behind it is sent in chunks, and its length in a header of S3's own.
        text = _header(headers, "Content-Length") or _header(headers, "X-Amz-Decoded-Content-Length") or "0"
        number = int(text) if text.isascii() and text.isdigit() else 0
    # Data events have them as floating point numbers. [rules.md §6]
    return number if call.plan.management else float(number)


def _authentication(call: Call) -> str | None:
    if call.access_key_id is None:
        return None
    return "QueryString" if call.presigned else "AuthHeader"


def _signature(call: Call) -> str | None:
    if call.access_key_id is None:
        return None
    if call.connection is None:  # nothing was sent, and the headers are those of before the signature
        return "SigV4"
    authorization = _header(call.request_headers, "Authorization") or ""
    return "SigV2" if authorization.startswith("AWS ") else "SigV4"


def _cipher(call: Call) -> str | None:
    return call.connection.cipher_suite if call.connection else None


_SSE: Final = {"AES256": "SSE_S3", "aws:kms": "SSE_KMS", "aws:kms:dsse": "DSSE_KMS"}


def _encryption(call: Call) -> str | None:
    """What encrypted the object: asked for in the request, or the bucket's default."""
    name = "x-amz-server-side-encryption"
    if f"{name}-customer-algorithm" in call.response_headers:
        return "SSE_C"
    found = _SSE.get(str(call.response_headers.get(name, "")))
    if found is None:
        return None
    return found if _header(call.request_headers, name) else f"Default_{found}"


_ZONE = re.compile(r"--(\w+-az\d+)--x-s3$")


def _zone(call: Call) -> str | None:
    """The availability zone that a directory bucket has in its name."""
    parameters = call.request_parameters
    bucket = parameters.get("bucketName") if isinstance(parameters, dict) else None
    found = _ZONE.search(bucket) if isinstance(bucket, str) else None
    return found[1] if found else None


SOURCES: Final[Mapping[str, Source]] = {
    "authentication": _authentication,
    "cipher": _cipher,
    "encryption": _encryption,
    "received": lambda call: _length(call, call.response_headers),
    "sent": lambda call: _length(call, call.request_headers),
    "signature": _signature,
    "zone": _zone,
}


def compile_extra(rules: Service) -> tuple[tuple[str, Source], ...]:
    """What the service writes into additionalEventData, as functions of a call."""
    return tuple((key, _source(*source.partition(" ")[::2])) for key, source in rules.extra.items())


def _source(kind: str, name: str) -> Source:
    if kind == "header":
        return lambda call: call.response_headers.get(name)
    if kind == "literal":
        return lambda _: name
    return SOURCES[kind]


def additional_data(call: Call) -> dict[str, Any]:
    """AdditionalEventData: what the service writes, then what is ours (labels and how the call was made)."""
    out: dict[str, Any] = {}
    for key, source in call.plan.extra:
        value = source(call)
        if value is not None:
            out[key] = value
    if call.labels:
        out["labels"] = dict(call.labels)
    if call.stubbed:
        out["stubbed"] = True
    if call.presigned:
        out["presigned"] = True
    return out
