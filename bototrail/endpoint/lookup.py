"""LookupEvents."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import Any, Final

import orjson

from bototrail.endpoint.context import Context
from bototrail.errors import ServiceError
from bototrail.history.columns import COLUMNS
from bototrail.history.event import Cursor, Event
from bototrail.history.filters import Filter, Pattern, Term, is_exactly

_MOST: Final = 50  # events of a page [facts, section 6; so are all rules here]
_LONGEST: Final = 2000  # characters of a value
_COUNTS_DOUBLE: Final = re.compile("[_ ,\n]")
_LAST: Final = 253_370_764_800  # 9999-01-01: what comes after overflows dates of clients east of Greenwich
_TAG: Final = 16  # bytes of a token that tell whether it is one of ours

_COLUMNS: Final = {column.attribute: column for column in COLUMNS if column.attribute}
_FIELDS_OF_INSIGHTS: Final = ("EventId", "EventName", "EventSource")

# Neither is an event that happened, and neither has a place in an answer: Insights events are asked for by themselves,
# aggregated ones are no calls.
_CALLS: Final = Term("eventCategory", (Pattern("Insight"), Pattern("Aggregated")), negated=True)


def lookup_events(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The newest events, of all accounts and regions, a page at a time."""
    query = _filter(request, context)
    most = request.get("MaxResults", _MOST)
    if not 1 <= most <= _MOST:
        message = f"expected a MaxResults from 1 to {_MOST}; found {most}"
        raise ServiceError("InvalidMaxResultsException", message)
    asked = _digest({**request, "MaxResults": most, "NextToken": None})
    token = request.get("NextToken")
    after = None if token is None else _cursor(token, asked)
    history = context.history(now=after is None)
    found = history.events(query, most + 1, after=after)
    answer: dict[str, Any] = {"Events": [_told(event) for event in found[:most]]}
    if len(found) > most:
        answer["NextToken"] = _token(found[most - 1].cursor, asked)
    return answer


# ---- what is asked for
def _filter(request: dict[str, Any], context: Context) -> Filter:
    start, end = request.get("StartTime"), request.get("EndTime")
    if start is not None and end is not None and start > end:
        raise ServiceError("InvalidTimeRangeException", "expected a StartTime before EndTime; found one after it")
    category = request.get("EventCategory")
    if category not in (None, "insight"):
        message = f"expected insight for EventCategory, or none; found {category[:200]!r}"
        raise ServiceError("InvalidEventCategoryException", message)
    attributes = request.get("LookupAttributes", [])
    if len(attributes) > 1:
        raise _bad(f"at most one of LookupAttributes; found {len(attributes)}")
    if category:
        kinds = is_exactly("eventCategory", "Insight")
    else:
        kinds = is_exactly("eventCategory", "Management") if context.library.management_only else _CALLS
    terms = [_term(each, _FIELDS_OF_INSIGHTS if category else tuple(_COLUMNS)) for each in attributes]
    # An eventTime has whole seconds: what happened in the second of StartTime may have been after it.
    return Filter(
        (*terms, kinds), None if start is None else int(start), int(min(_LAST, _LAST if end is None else end))
    )


def _term(attribute: dict[str, str], known: tuple[str, ...]) -> Term:
    key, value = attribute["AttributeKey"], attribute["AttributeValue"]
    if key not in known:
        raise _bad(f"an AttributeKey among {', '.join(known)}; found {key[:200]!r}")
    length = len(value) + len(_COUNTS_DOUBLE.findall(value))
    if length > _LONGEST:
        raise _bad(
            f"at most {_LONGEST} characters for the AttributeValue of {key}, '_', ' ', ',' and newlines counting "
            f"double; found {length}"
        )
    if key == "ReadOnly" and value not in ("true", "false"):
        raise _bad(f"true or false for the AttributeValue of {key}; found {value[:200]!r}")
    column = _COLUMNS[key]
    return is_exactly(column.field, value.replace("\n", " ") if column.many else value)


def _bad(message: str) -> ServiceError:
    return ServiceError("InvalidLookupAttributesException", f"expected {message}")


# ---- pages
def _digest(content: Any) -> bytes:
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).digest()[:_TAG]


def _token(cursor: Cursor, asked: bytes) -> str:
    """The place where a page ends, and a tag by which it is known to be ours and to belong to the same request.

    The tag is no secret: who makes a token of his own gets no more to see than StartTime and EndTime would show him. So
    tokens outlive the server.
    """
    place = orjson.dumps([*cursor])
    return base64.urlsafe_b64encode(_digest([asked.hex(), *cursor]) + place).decode()


def _cursor(token: str, asked: bytes) -> Cursor:
    try:
        text = base64.b64decode(token, b"-_", validate=True)
        time, event_id = orjson.loads(text[_TAG:])
        cursor = Cursor(time, event_id)
        is_ours = isinstance(time, int) and isinstance(event_id, str) and abs(time) <= _LAST
    except (binascii.Error, TypeError, ValueError):
        is_ours = False
    if not is_ours or _token(cursor, asked) != token:
        message = "The token is not valid, or was given for a request with other parameters."
        raise ServiceError("InvalidNextTokenException", message)
    return cursor


# ---- what is answered
def _told(event: Event) -> dict[str, Any]:
    """An event; what its record does not say is left out."""
    read_only = None if event.read_only is None else str(event.read_only).lower()
    out: dict[str, Any] = {
        "EventId": event.event_id,
        "EventName": event.event_name,
        "ReadOnly": read_only,
        "AccessKeyId": event.access_key_id,
        "EventTime": event.event_time,
        "EventSource": event.event_source,
        "Username": event.user_name,
    }
    out = {name: value for name, value in out.items() if value not in (None, "")}
    out["Resources"] = [_resource(kind, name) for kind, name in event.resources()]
    out["CloudTrailEvent"] = event.record
    return out


def _resource(kind: str, name: str) -> dict[str, str]:
    return {"ResourceType": kind, "ResourceName": name} if kind else {"ResourceName": name}
