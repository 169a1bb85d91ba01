"""Records without what differs from run to run, so that two runs of one test give the same.

What says when, from where and by whom is left out. Ids that a service makes up become numbered placeholders such as
`<uuid 1>`: the same id has the same number wherever it stands, so a later call must still speak of the same thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from bototrail.record.identity import is_account
from bototrail.testing.calls import Call

_LEFT_OUT = frozenset(
    {"eventID", "eventTime", "recipientAccountId", "requestID", "sharedEventID", "sourceIPAddress", "tlsDetails"}
    | {"userAgent", "vpcEndpointId"}
)
# How the call went over the wire, which the network and botocore's version decide.
_WIRE = frozenset(
    {"AuthenticationMethod", "CipherSuite", "SignatureVersion", "bytesTransferredIn", "bytesTransferredOut"}
    | {"x-amz-id-2"}
)
_RUNNER = ("phase", "test")  # the labels of `--bototrail`

# Made up anew in each run, in whatever form; by lower-case name.
_MADE_UP = frozenset(
    {"clienttoken", "continuationtoken", "nextcontinuationtoken", "nextmarker", "nexttoken", "receipthandle"}
    | {"sequencenumber", "sessiontoken", "sharditerator", "uploadid", "x-amz-request-id", "x-amz-version-id"}
)
# Names of what a service makes up in its answers. What the program has chosen itself stays as it is.
_IDS = re.compile(r"(?:id|publicip|ipaddress|dnsname|macaddress)$", re.IGNORECASE)
_SHORTEST = 6
_TIMES = re.compile(r"(?:time|date|timestamp|at|expir\w*)$", re.IGNORECASE)
_EARLIEST = 1e8  # seconds: 1973; smaller numbers are no moments

_SHORT_IDS = "acl|ami|aki|ari|bun|cgw|dopt|eipalloc|eipassoc|eni|i|igw|nat|pcx|r|rtb|sg|snap|subnet|tgw|vgw|vol|vpc|vpn"
_VOLATILE = re.compile(
    r"(?P<uuid>\b[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\b)"
    r"|\b(?P<unique>AKIA|ASIA|AIDA|AROA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA|ABIA|ACCA)[A-Z0-9]{12,}\b"
    rf"|\b(?P<id>[a-z]+(?:-[a-z]+)*(?=-[0-9a-f]{{17}}\b)|(?:{_SHORT_IDS})(?=-[0-9a-f]{{8}}\b))-[0-9a-f]+\b"
    r"|(?P<time>\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\b[A-Z][a-z]{2} \d{1,2}, \d{4},? \d{1,2}:\d\d:\d\d [AP]M\b"
    r"|\b[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT\b|\b\d{8}T\d{6}Z\b)"
    r"|(?P<suffix>(?<=:secret:)[\w/+=.@-]+-)[A-Za-z0-9]{6}\b"
    r"|(?P<hex>\b[0-9a-f]{16}\b)"
    r"|(?P<host>\blocalhost|\b127\.0\.0\.1|\[::1\]):\d{2,5}\b"
)
_ACCOUNT = re.compile(r"^(arn:[^:]*:[^:]*:[^:]*:)\d{12}(?=:)")
_MASKED = "<masked>"


def masked(calls: Iterable[Call], mask: frozenset[str] = frozenset(), *, ordered: bool = True) -> list[dict[str, Any]]:
    """The records of calls without what differs from run to run.

    Args:
        calls: in the order in which they began.
        mask: names of members whose values are left out as well.
        ordered: whether the order counts; if not, the records are sorted by what they say.
    """
    calls = list(calls)
    if not ordered:
        calls.sort(key=lambda call: json.dumps(_Masker(mask, numbered=False).record(call)))
    masker = _Masker(mask)
    return [masker.record(call) for call in calls]


class _Masker:
    """Counts placeholders over the records of one file."""

    def __init__(self, mask: frozenset[str], *, numbered: bool = True) -> None:
        self._mask, self._numbered = mask, numbered
        self._known: dict[str, dict[str, int]] = {}
        self._chosen: set[str] = set()
        self._ids: dict[str, str] = {}

    def record(self, call: Call) -> dict[str, Any]:
        self._chosen |= {value for _, value in _texts("", call.record.get("requestParameters"))}
        self._learn(call.record.get("responseElements"))
        found: dict[str, Any] = {}
        for name, value in call.record.items():
            if name == "userIdentity":
                found[name] = {"accessKeyId": self._placeholder("caller", call.access_key_id or "")}
            elif name == "additionalEventData":
                if extra := _without_wire(value):
                    found[name] = self._value(name, extra)
            elif name == "resources":
                found[name] = [self._resource(entry) for entry in value]
            elif name == "requestParameters" and isinstance(value, dict):
                found[name] = self._value(name, {k: v for k, v in value.items() if k != "Host"})
            elif name not in _LEFT_OUT:
                found[name] = self._value(name, value)
        return found

    def _resource(self, entry: dict[str, Any]) -> dict[str, Any]:
        """The account in it is the caller's, who may not be known."""
        known = {k: "<account>" if k == "accountId" else v for k, v in entry.items()}
        return {
            k: self._value(k, _ACCOUNT.sub(r"\1<account>", v) if isinstance(v, str) else v) for k, v in known.items()
        }

    def _value(self, name: str, value: Any) -> Any:
        if name in self._mask:
            return _MASKED
        if isinstance(value, dict):
            return {self._text(k): self._value(k, v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._value(name, item) for item in value]
        if isinstance(value, str):
            return self._placeholder(name, value) if value and name.lower() in _MADE_UP else self._text(value)
        if isinstance(value, (int, float)) and value > _EARLIEST and _TIMES.search(name):
            return "<time>"
        return value

    def _learn(self, answer: Any) -> None:
        """Remember the ids that a service has made up, to find them again in later calls."""
        for name, value in _texts("", answer):
            made_up = _IDS.search(name) and value not in self._chosen and not _VOLATILE.search(value)
            last = value.rpartition("/")[2]
            if made_up and len(last) >= _SHORTEST and not is_account(last) and last not in self._chosen:
                self._ids.setdefault(last, name)

    def _text(self, text: str) -> str:
        for value, name in self._ids.items():
            if value in text:
                stands = self._placeholder(name, value).replace("\\", r"\\")
                text = re.sub(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])", stands, text)
        return _VOLATILE.sub(self._replaced, text)

    def _replaced(self, found: re.Match[str]) -> str:
        kind = found.lastgroup
        if kind == "time":
            return "<time>"
        if kind == "host":
            return f"{found['host']}:<port>"
        if kind == "suffix":
            return f"{found['suffix']}{self._placeholder('suffix', found[0])}"
        return self._placeholder(kind if kind in ("uuid", "hex") else found[kind or 0], found[0].lower())

    def _placeholder(self, kind: str, value: str) -> str:
        if not self._numbered:
            return f"<{kind}>"
        known = self._known.setdefault(kind, {})
        return f"<{kind} {known.setdefault(value, len(known) + 1)}>"


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """All texts in a value, each with the name of the member that it stands in."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key, item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(name, item)
    elif isinstance(value, str):
        yield name, value


def _without_wire(extra: Any) -> dict[str, Any]:
    found = {k: v for k, v in extra.items() if k not in _WIRE} if isinstance(extra, dict) else {}
    labels = found.get("labels")
    if isinstance(labels, dict):
        found["labels"] = {k: v for k, v in labels.items() if k not in _RUNNER}
        if not found["labels"]:
            del found["labels"]
    return found
