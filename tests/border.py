"""Answers for the HTTP border, and what came out at the other end."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from botocore.awsrequest import AWSResponse

STS_OK = (
    b'<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>'
    b"<Arn>arn:aws:iam::111122223333:user/alice</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>"
    b"</GetCallerIdentityResult><ResponseMetadata><RequestId>rid-1</RequestId></ResponseMetadata>"
    b"</GetCallerIdentityResponse>"
)
STS_BUSY = b"<ErrorResponse><Error><Code>ServiceUnavailable</Code><Message>busy</Message></Error></ErrorResponse>"


class Raw(io.BytesIO):
    def stream(self, amt: int = 65536, **_: Any) -> Iterator[bytes]:
        yield self.read()


def answer(
    client: Any, *answers: tuple[int, bytes] | BaseException, headers: dict[str, str] | None = None
) -> list[Any]:
    """Answer the client's requests, one after the other; the last one for ever. Returns the requests as they come."""
    seen: list[Any] = []

    def handler(request: Any, **_: Any) -> AWSResponse:
        now = answers[min(len(seen), len(answers) - 1)]
        seen.append(request)
        if isinstance(now, BaseException):
            raise now
        return AWSResponse(request.url, now[0], dict(headers or {}), Raw(now[1]))

    client.meta.events.register("before-send", handler)
    return seen


def handlers(client: Any, event: str) -> list[Callable[..., Any]]:
    """What would be called for an event."""
    emitter = client.meta.events._emitter
    return list(emitter._handlers.prefix_search(event))


def delivered(bucket: Path) -> list[dict[str, Any]]:
    """All records in a local bucket."""
    bodies = [gzip.decompress(path.read_bytes()) for path in bucket.rglob("*.json.gz")]
    return [record for body in bodies for record in orjson.loads(body)["Records"]]
