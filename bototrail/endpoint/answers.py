"""Answers as AWS gives them: JSON 1.1 for CloudTrail, XML for S3's errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.sax.saxutils import escape

import orjson
from starlette.responses import Response

from bototrail.clock import event_id
from bototrail.errors import ServiceError

XMLNS: Final = "http://s3.amazonaws.com/doc/2006-03-01/"

# What XML 1.0 cannot have even as a reference (section 2.2); keys can have it.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def json_answer(content: Mapping[str, Any], status: int = 200) -> Response:
    """An answer of JSON 1.1."""
    headers = {"content-type": "application/x-amz-json-1.1", "x-amzn-requestid": event_id()}
    return Response(orjson.dumps(content), status, headers)


def json_error(error: ServiceError) -> Response:
    """A refusal in JSON 1.1."""
    return json_answer({"__type": error.code, "Message": error.message}, error.status)


def xml_answer(content: str, status: int = 200) -> Response:
    """An answer of S3."""
    headers = {"content-type": "application/xml", "x-amz-request-id": event_id()}
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{content}'.encode(errors="replace"), status, headers)


def xml_error(error: ServiceError, resource: str) -> Response:
    """A refusal of S3."""
    fields = {"Code": error.code, "Message": error.message, "Resource": resource, "RequestId": event_id()}
    return xml_answer(f"<Error>{elements(fields)}</Error>", error.status)


def elements(fields: Mapping[str, object]) -> str:
    """Elements with texts."""
    return "".join(f"<{name}>{xml_text(str(value))}</{name}>" for name, value in fields.items())


def xml_text(text: str) -> str:
    """Text as XML 1.0 can have it; what it cannot have becomes U+FFFD."""
    return escape(_NOT_XML.sub("\ufffd", text), {"\r": "&#13;"})
