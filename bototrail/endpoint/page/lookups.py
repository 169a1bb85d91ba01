"""What the page asks for, as JSON: one function a path below `/-/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bototrail.endpoint.page import asked, bins
from bototrail.history.columns import COLUMNS
from bototrail.history.denials import denial
from bototrail.history.event import Event
from bototrail.history.filters import Filter, Pattern, Term, is_exactly
from bototrail.history.several import Histories

MOST_EVENTS: Final = 500
MOST_VALUES: Final = 100
LONGEST: Final = 500
"""Characters of a value in tables; longer ones are cut, and told to be."""

_INSIGHTS: Final = 100
_ACTORS: Final = 12  # services whose actions are counted one by one
_NAMES: Final = 3  # resources of an event in tables
_OF_INSIGHTS: Final = ("eventName", "eventSource", "awsRegion", "recipientAccountId")  # what they say, of what is asked

Answer = Callable[[Histories, Mapping[str, str]], dict[str, Any]]
"""Takes what is looked things up in and the request's parameters.

Raises:
    AskedError: a parameter cannot be used.
    BototrailError: the index cannot be read.
"""


def events(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """A page of events: `limit`, `order` (`newest`, `oldest`), `after` (`next` of the page before)."""
    query, limit = asked.query_of(given), asked.number(given, "limit", 100, MOST_EVENTS)
    reverse = asked.choice(given, "order", ("newest", "oldest")) == "oldest"
    found = history.events(query, limit, after=asked.cursor(given), reverse=reverse)
    following = asked.cursor_text(found[-1].cursor) if len(found) == limit else None
    return {"events": [_row(each) for each in found], "next": following}


def _row(event: Event) -> dict[str, Any]:
    """An event for a table."""
    row: dict[str, Any] = {}
    for column, value in zip(COLUMNS, event, strict=False):
        if column.many:
            names = [each for each in value.split("\n") if each]  # type: ignore[union-attr] # it is text
            row[column.field] = [each[:LONGEST] for each in names[:_NAMES]]
            row[f"{column.field}s"] = len(names)
        else:
            row[column.field] = value[:LONGEST] if isinstance(value, str) and column.field != "eventID" else value
    return row


def event(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """One event, whole: of an `id`, and quicker with its `time`; of one that was denied also what is known of why."""
    event_id, query = given.get("id", ""), Filter()
    if given.get("time"):
        time = asked.number(given, "time", 0, 10**9 * 9)
        query = query.within(time, time)
    found = history.events(query.also(is_exactly("eventID", event_id)), 1)
    if not found:
        raise asked.AskedError("id", f"no event has the eventID {event_id[:100]!r}, or it is older than lookups reach")
    resources = [{"type": kind, "name": name} for kind, name in found[0].resources()]
    row: dict[str, Any] = {}
    for column, value in zip(COLUMNS, found[0], strict=False):
        row[column.field] = [each for each in str(value).split("\n") if each] if column.many else value
    return {"event": row, "record": found[0].record, "resources": resources, "denial": _denial(found[0])}


def _denial(event: Event) -> dict[str, Any] | None:
    found = denial(event.parsed())
    if found is None:
        return None
    told = {"action": found.action, "resource": found.resource, "principal": found.principal}
    return {**told, "kind": found.policy_type, "policy": found.policy, "sentences": found.sentences()}


def count(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """How many events there are, and how many of them failed."""
    query = asked.query_of(given)
    return {"events": history.count(query), "failed": history.count(query.also(_any("errorCode")))}


def values(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """The most frequent values of `fields`, `limit` of each.

    What the filter says of a field itself is left out for that field, unless it excludes something: so others can be
    chosen, too. With `contains`, only values that have a text in them.
    """
    query, limit = asked.query_of(given), asked.number(given, "limit", 10, MOST_VALUES)
    found = []
    for field in asked.fields(given):
        others = Filter(tuple(t for t in query.terms if t.field != field or t.negated), query.start, query.end)
        if given.get("contains") and field != "readOnly":
            others = others.also(_contains(field, given["contains"][:LONGEST]))
        pairs = history.values(others, field, limit + 1)
        # [value, events, whether it was cut]
        shown = [[value[:LONGEST], events, len(value) > LONGEST] for value, events in pairs[:limit]]
        found.append({"field": field, "values": shown, "more": len(pairs) > limit})
    return {"fields": found}


def timeline(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """Stretches of time, `bins` at most, told apart by a `field`, and the insights in their range."""
    query = asked.query_of(given)
    field = asked.choice(given, "field", bins.FIELDS)
    most = asked.number(given, "bins", 120, bins.MOST_BINS)
    top = asked.number(given, "top", 6, bins.MOST_SERIES)
    # Insights are no calls; they are marked beside them.
    is_said = any(term.field == "eventCategory" for term in query.terms)
    calls = query if is_said else query.also(Term("eventCategory", (Pattern("Insight"),), negated=True))
    found = bins.timeline(history, calls, field, most, top)
    found["insights"] = [] if found["start"] is None else _insights(history, query, found["start"], found["end"] - 1)
    return found


def _insights(history: Histories, query: Filter, start: int, end: int) -> list[dict[str, Any]]:
    """Insights of a range. They name no caller, so what is asked of one does not hide them."""
    kept = tuple(term for term in query.terms if term.field in _OF_INSIGHTS)
    wanted = Filter((*kept, is_exactly("eventCategory", "Insight")), start, end)
    # Mostly there are none, which a count remembers; to look for some takes its time in a large bucket.
    return [_insight(each) for each in history.events(wanted, _INSIGHTS)] if history.count(wanted) else []


def _insight(event: Event) -> dict[str, Any]:
    record = event.parsed()
    details = record.get("insightDetails")
    details = details if isinstance(details, dict) else {}
    told = {"state": details.get("state"), "type": details.get("insightType"), "pair": record.get("sharedEventID")}
    own = {"time": event.event_time, "id": event.event_id, "name": event.event_name, "source": event.event_source}
    return {name: str(value or "")[:LONGEST] if name != "time" else value for name, value in {**own, **told}.items()}


def summary(history: Histories, given: Mapping[str, str]) -> dict[str, Any]:
    """What a caller did: counts, when first and last, and which actions of which services."""
    query = asked.query_of(given)
    failed = query.also(_any("errorCode"))
    first, last = history.events(query, 1, reverse=True), history.events(query, 1)
    return {
        "events": history.count(query),
        "failed": history.count(failed),
        "denied": history.count(query.also(Term("errorCode", (Pattern("denied"),)))),
        "first": first[0].event_time if first else None,
        "last": last[0].event_time if last else None,
        "services": _services(history, query, failed),
    }


def _services(history: Histories, query: Filter, failed: Filter) -> list[dict[str, Any]]:
    found = []
    troubled = {source for source, _ in history.values(failed, "eventSource", MOST_VALUES)}
    for source, events in history.values(query, "eventSource", _ACTORS):
        own = is_exactly("eventSource", source)
        bad = dict(history.values(failed.also(own), "eventName", MOST_VALUES)) if source in troubled else {}
        actions = history.values(query.also(own), "eventName", _ACTORS + 1)
        shown = [[name[:LONGEST], times, bad.get(name, 0)] for name, times in actions[:_ACTORS]]
        more = len(actions) > _ACTORS
        found.append({"source": source[:LONGEST], "events": events, "actions": shown, "more": more})
    return found


def _any(field: str) -> Term:
    return Term(field, (Pattern("*", wild=True),))


def _contains(field: str, text: str) -> Term:
    escaped = "".join(f"\\{each}" if each in "*?\\" else each for each in text)
    return Term(field, (Pattern(f"*{escaped}*", wild=True),))


ANSWERS: Final[Mapping[str, Answer]] = {
    "count": count,
    "event": event,
    "events": events,
    "summary": summary,
    "timeline": timeline,
    "values": values,
}
"""By their path below `/-/`."""
