"""GetObject without botocore's long way to it, which takes more time than all that is done with a small object.

A request that botocore itself has sent with success is sent again with another key and signed anew, over botocore's
own connections. Whatever comes of that but an answer of 200 is left to botocore, which knows retries, regions, errors.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote, urlsplit

_SIGNED: Final = re.compile(r"AWS4-HMAC-SHA256 Credential=[^,]*/\d{8}/([^/,]+)/s3/aws4_request,")
# Headers that belong to one request. Checksums are not asked for: what is read has a hash of its own.
_OF_ONE: Final = frozenset(
    {
        "amz-sdk-invocation-id",
        "amz-sdk-request",
        "authorization",
        "expect",
        "x-amz-checksum-mode",
        "x-amz-content-sha256",
        "x-amz-date",
        "x-amz-security-token",
        "x-amzn-trace-id",
    }
)
_NOTHING: Final = hashlib.sha256().hexdigest()
_TRIES: Final = 3
"""How often botocore may succeed where this does not, before it is left to botocore alone."""


@dataclass(frozen=True)
class _Example:
    """A request that went well: its URL before the key, the signed path before the key, its region and headers."""

    url: str
    path: str
    host: str
    region: str
    headers: Mapping[str, str]


class Shortcut:
    """Sends requests for objects after the example of botocore's own.

    Args:
        client: boto3's client of S3, which must be asked first, by the same thread.
    """

    def __init__(self, client: Any) -> None:
        # Private parts of botocore; a version that has them elsewhere does without the shortcut.
        self._session: Any = getattr(getattr(client, "_endpoint", None), "http_session", None)
        self._credentials: Any = getattr(getattr(client, "_request_signer", None), "_credentials", None)
        self._example: _Example | None = None
        self._failed = 0
        self._key: tuple[tuple[str, str, str], bytes] = (("", "", ""), b"")
        self._here = threading.local()
        client.meta.events.register("before-send.s3.GetObject", self._seen)

    def _seen(self, request: Any, **_: Any) -> None:
        self._here.request = request

    def learn(self, name: str) -> None:
        """Take the last request of this thread for an example, because it went well; `name` is the object's key."""
        request, self._here.request = getattr(self._here, "request", None), None
        if request is None or self._session is None or self._credentials is None:  # perhaps it went to no network
            return
        headers = {str(n).lower(): v.decode() if isinstance(v, bytes) else str(v) for n, v in request.headers.items()}
        signed = _SIGNED.match(headers.get("authorization", ""))
        if signed is None or not request.url.endswith(f"/{_quoted(name)}") or self._failed >= _TRIES:
            return
        url = request.url.removesuffix(_quoted(name))
        parts = urlsplit(url)
        if parts.query:
            return
        kept = {name: value for name, value in headers.items() if name not in _OF_ONE}
        port = "" if parts.port in (None, 443 if parts.scheme == "https" else 80) else f":{parts.port}"
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        self._example = _Example(url, parts.path, f"{host}{port}", signed[1], kept)

    def get(self, name: str) -> tuple[Any, Mapping[str, str]] | None:
        """An object's raw body (`read`, `close`) and headers, None when botocore has to be asked."""
        example = self._example
        if example is None:
            return None
        try:
            answer = self._session.send(self.signed(example, name))
        except Exception:  # noqa: BLE001 botocore tries again, and says what is wrong
            return None
        if answer.status_code == 200:
            return answer.raw, answer.headers
        answer.raw.close()
        if answer.status_code != 404 and answer.status_code < 500:
            self._example, self._failed = None, self._failed + 1
        return None

    def signed(self, example: _Example, name: str) -> Any:
        """A request that is ready to be sent, with a signature of version 4 over all that S3 asks for."""
        from botocore.awsrequest import AWSPreparedRequest

        path = _quoted(name)
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        credentials = self._credentials.get_frozen_credentials()
        headers = {**example.headers, "x-amz-content-sha256": _NOTHING, "x-amz-date": now}
        if credentials.token:
            headers["x-amz-security-token"] = credentials.token
        signed = {"host": example.host, **{n: v.strip() for n, v in headers.items() if n.startswith("x-amz-")}}
        names = ";".join(sorted(signed))
        lines = "".join(f"{n}:{signed[n]}\n" for n in sorted(signed))
        asked = f"GET\n{example.path}{path}\n\n{lines}\n{names}\n{_NOTHING}"
        scope = f"{now[:8]}/{example.region}/s3/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(asked.encode()).hexdigest()}"
        key = self._signing_key(credentials.secret_key, now[:8], example.region)
        who, signature = f"{credentials.access_key}/{scope}", hmac.digest(key, text.encode(), "sha256").hex()
        headers["authorization"] = f"AWS4-HMAC-SHA256 Credential={who}, SignedHeaders={names}, Signature={signature}"
        return AWSPreparedRequest("GET", example.url + path, headers, None, True)

    def _signing_key(self, secret: str, day: str, region: str) -> bytes:
        known, key = self._key
        if known != (secret, day, region):
            key = f"AWS4{secret}".encode()
            for part in (day, region, "s3", "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key = (secret, day, region), key
        return key


def _quoted(name: str) -> str:
    """A key as it stands in an URL, botocore's way."""
    return quote(name, safe="/~")
