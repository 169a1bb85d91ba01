"""One event, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from bototrail.cli.lookup_columns import as_text, time_of
from bototrail.cli.painting import Painter, json_shown, one_line
from bototrail.history.denials import denial
from bototrail.history.event import Event

_Record = Mapping[str, Any]
_Rows = list[tuple[str, str]]
_LABEL: Final = 16
_SOURCE: Final = ".amazonaws.com"

_BEGINNING: Final = re.compile(r'( *)("(?:[^"\\]|\\.)*": )?')
_KEY, _TEXT, _OTHER, _HEADING, _FAILED = "cyan", "green", "magenta", "bold", "bold red"

# What is told in rows or sections of its own; everything else of a record is shown at its end.
_TOLD: Final = frozenset(
    {
        "awsRegion",
        "errorCode",
        "errorMessage",
        "eventCategory",
        "eventID",
        "eventName",
        "eventSource",
        "eventTime",
        "eventType",
        "eventVersion",
        "insightDetails",
        "managementEvent",
        "readOnly",
        "recipientAccountId",
        "requestID",
        "requestParameters",
        "resources",
        "responseElements",
        "sharedEventID",
        "sourceIPAddress",
        "userAgent",
        "userIdentity",
        "vpcEndpointId",
    }
)
_IDENTITY: Final = frozenset(
    {"type", "arn", "userName", "principalId", "accountId", "accessKeyId", "invokedBy", "sessionContext"}
)


def page(event: Event, painter: Painter, why: str) -> Iterator[str]:
    """The lines about an event.

    Args:
        event: the event.
        painter: paints them.
        why: the command that tells more of a refusal.
    """
    record = event.parsed()
    yield _title(event, record, painter)
    sections: list[tuple[str, _Rows]] = [("", _what(event, record)), ("who", _who(event, record))]
    sections += [("on", [(kind or "unknown type", name) for kind, name in event.resources()])]
    sections += [("insight", _insight(record)), ("error", _error(record))]
    for heading, rows in sections:
        yield from _section(heading, rows, painter)
    yield from _refused(record, painter, why)
    for heading, value in _trees(record):
        yield from _tree(heading, value, painter)


def _title(event: Event, record: _Record, painter: Painter) -> str:
    name = one_line(f"{event.event_source.removesuffix(_SOURCE)} {event.event_name}".strip() or "no name")
    ended = painter.paint(f"  {one_line(event.error_code)}", _FAILED) if event.error_code else ""
    details = record.get("insightDetails")
    if isinstance(details, dict):
        ended = "  " + one_line(" ".join(as_text(details.get(key)) for key in ("insightType", "state"))) + ended
    return painter.paint(name, _HEADING) + ended


def _what(event: Event, record: _Record) -> _Rows:
    does = {True: "reads only", False: "may change something", None: ""}[event.read_only]
    kind = ", ".join(each for each in (event.category, as_text(record.get("eventType")), does) if each)
    return [
        ("time", as_text(record.get("eventTime")) or time_of(event)),
        ("region", event.region),
        ("account", event.account),
        ("kind", kind),
        ("event ID", event.event_id),
        ("shared event ID", as_text(record.get("sharedEventID"))),
        ("request ID", as_text(record.get("requestID"))),
        ("version", as_text(record.get("eventVersion"))),
    ]


def _who(event: Event, record: _Record) -> _Rows:
    identity = _mapping(record.get("userIdentity"))
    context = _mapping(identity.get("sessionContext"))
    attributes, issuer = _mapping(context.get("attributes")), _mapping(context.get("sessionIssuer"))
    account = as_text(identity.get("accountId"))
    rest = {key: value for key, value in identity.items() if key not in _IDENTITY}
    more = {key: value for key, value in context.items() if key not in ("attributes", "sessionIssuer")}
    return [
        ("user", event.user_name),
        ("type", as_text(identity.get("type"))),
        ("ARN", as_text(identity.get("arn"))),
        ("role", event.role),
        ("session", event.session),
        ("issued by", as_text(issuer.get("arn"))),
        ("since", as_text(attributes.get("creationDate"))),
        ("MFA", {"true": "yes", "false": "no"}.get(as_text(attributes.get("mfaAuthenticated")), "")),
        ("access key", event.access_key_id),
        ("principal ID", as_text(identity.get("principalId"))),
        ("account", account if account != event.account else ""),
        ("invoked by", as_text(identity.get("invokedBy"))),
        *((key, as_text(value)) for key, value in (*more.items(), *rest.items())),
        ("from", event.source_ip),
        ("through", as_text(record.get("vpcEndpointId"))),
        ("user agent", as_text(record.get("userAgent"))),
    ]


def _error(record: _Record) -> _Rows:
    return [("code", as_text(record.get("errorCode"))), ("message", as_text(record.get("errorMessage")))]


def _insight(record: _Record) -> _Rows:
    """How many calls or errors a minute there are, and were before, and whose."""
    details = _mapping(record.get("insightDetails"))
    context = _mapping(details.get("insightContext"))
    numbers = _mapping(context.get("statistics"))
    minutes = as_text(numbers.get("insightDuration"))
    rows = [
        ("a minute", _average(numbers.get("insight"))),
        ("before", _average(numbers.get("baseline"))),
        ("lasts", f"{minutes} min" if minutes else ""),
    ]
    attributions = context.get("attributions")
    for each in attributions if isinstance(attributions, list) else ():
        for value in _values(_mapping(each).get("insight")):
            rows.append((as_text(_mapping(each).get("attribute")), value))  # noqa: PERF401
    return rows


def _values(found: Any) -> Iterator[str]:
    for each in found if isinstance(found, list) else ():
        yield f"{as_text(_mapping(each).get('value'))}  {_average(each)}".strip()


def _average(found: Any) -> str:
    number = _mapping(found).get("average")
    return f"{number:g}" if isinstance(number, int | float) else as_text(number)


def _refused(record: dict[str, Any], painter: Painter, why: str) -> Iterator[str]:
    """What was missing, and what to look at next."""
    try:
        found = denial(record)
    except Exception:  # noqa: BLE001 whatever a record holds, the rest of it is to be shown
        return
    if found is None:
        return
    yield ""
    yield painter.paint("refused", _HEADING)
    for sentence in found.sentences():
        yield f"  {one_line(sentence)}"
    yield f"  What would allow it: {one_line(why)}"


def _trees(record: _Record) -> Iterator[tuple[str, Any]]:
    rest = {key: value for key, value in record.items() if key not in _TOLD}
    yield from (("request", record.get("requestParameters")), ("answer", record.get("responseElements")))
    yield from sorted(rest.items())


def _section(heading: str, rows: _Rows, painter: Painter) -> Iterator[str]:
    told = [(label, text) for label, text in rows if text]
    if told and heading:
        yield ""
        yield painter.paint(heading, _HEADING)
    last = ""
    for label, text in told:
        # What is not ours must not look like another row.
        name = one_line("" if label == last else label)
        yield f"  {painter.paint(name, _KEY)}{' ' * max(1, _LABEL - len(name))}{one_line(text)}"
        last = label


def _tree(heading: str, value: Any, painter: Painter) -> Iterator[str]:
    if value is None:
        return
    yield ""
    yield painter.paint(one_line(heading), _HEADING)
    for line in orjson.dumps(value, option=orjson.OPT_INDENT_2).decode().split("\n"):
        yield f"  {_json_line(json_shown(line), painter)}"


def _json_line(line: str, painter: Painter) -> str:
    found = _BEGINNING.match(line)
    assert found is not None  # it may be empty
    blanks, key = found.groups(default="")
    rest = line[found.end() :]
    text = rest.rstrip(",{[")
    style = _TEXT if text.startswith('"') else _OTHER
    return f"{blanks}{painter.paint(key, _KEY)}{painter.paint(text, style) if text else ''}{rest[len(text) :]}"


def _mapping(value: Any) -> _Record:
    return value if isinstance(value, dict) else {}
