"""What may be wrong with a filter that no event meets."""

from __future__ import annotations

import difflib
import fnmatch
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from bototrail.clock import event_time, now
from bototrail.history.filters import DENIED, FIELDS, TEXT, Filter, Pattern, Term

if TYPE_CHECKING:
    from bototrail.history.history import History

_VALUES: Final = 2_000
_MOST: Final = 3
_SOURCE: Final = ".amazonaws.com"  # in which all are alike
_ACTION: Final = re.compile(r"([a-z0-9-]+):([\w*?]+)")
_SESSION: Final = re.compile(r"arn:[^:]*:sts::[^:]*:assumed-role/([^/]+)/(.+)", re.DOTALL)
_OTHERWISE: Final = re.compile(r"([\w.-]+)\s*[:~<>]=?(.*)", re.DOTALL)  # how other languages write terms
_NAMES: Final = {**{name: field for name, field in FIELDS.items() if field != TEXT}, "since": "since", "until": "until"}
_UNIQUE: Final = ("eventID", "readOnly")


def hints(history: History, query: Filter) -> Iterator[str]:
    """What to say about it, a line each; a look at the values that there are.

    Args:
        history: in which nothing was found.
        query: the filter.
    """
    since = int(now()) - history.days * 86_400
    if query.start is not None and query.start < since:
        yield f"lookups reach back {history.days} days, to {event_time(since)}; give --days for more"
    if not history.count(Filter((), query.start, query.end)):
        newest = history.events(Filter(), 1)
        if newest:
            yield f"there are no events at all in that time; the newest is of {event_time(newest[0].event_time)}"
        return
    for term in query.terms:
        if term.field == TEXT:
            yield from _searched(term)
        elif not term.negated and term.field not in _UNIQUE:
            yield from _elsewhere(term) or _misspelt(history, query, term)


def _searched(term: Term) -> Iterator[str]:
    """What was meant for a field, and is searched for as text."""
    for pattern in term.patterns:
        found = _OTHERWISE.fullmatch(pattern.text)
        field = _NAMES.get(re.sub(r"[._-]", "", found[1]).lower()) if found else None
        if found and field:
            yield f"did you mean {field}={found[2].strip()}?"


def _elsewhere(term: Term) -> list[str]:
    """What stands in two fields."""
    found = []
    for pattern in term.patterns:
        if term.field == "eventName" and (action := _ACTION.fullmatch(pattern.text)):
            found.append(f"did you mean eventSource={action[1]} eventName={action[2]}?")
        if term.field == "userIdentity.arn" and (session := _SESSION.fullmatch(pattern.text)):
            found.append(
                f"that field has the ARN of the role itself; did you mean role={session[1]} session={session[2]}?"
            )
    return found


def _misspelt(history: History, query: Filter, term: Term) -> Iterator[str]:
    values: list[str] | None = None
    for pattern in term.patterns:
        if pattern.text == DENIED or history.count(Filter((Term(term.field, (pattern,)),), query.start, query.end)):
            continue
        if values is None:
            found = history.values(Filter((), query.start, query.end), term.field, _VALUES)
            values = [value for value, _ in found]
        near = _near(pattern, values)
        if near:
            yield f"did you mean {' or '.join(str(Term(term.field, (Pattern(value),))) for value in near)}?"
        else:
            yield f"no event has {Term(term.field, (pattern,))}"


def _near(pattern: Pattern, values: list[str]) -> list[str]:
    """Values that are the same but for upper and lower case, else those that look like it."""
    lower = pattern.text.lower()
    if pattern.wild:
        return [value for value in values if fnmatch.fnmatchcase(value.lower(), lower.replace("[", "[[]"))][:_MOST]
    same = [value for value in values if value.lower() == lower]
    if same:
        return same[:_MOST]
    short = {value.lower().removesuffix(_SOURCE): value for value in reversed(values)}
    return [short[value] for value in difflib.get_close_matches(lower.removesuffix(_SOURCE), short, _MOST, 0.75)]
