"""A filter as a condition in DuckDB's SQL; values are always parameters."""

from __future__ import annotations

import re
from typing import Any, Final, NamedTuple

import orjson

from bototrail.history.columns import COLUMNS
from bototrail.history.denials import DENIED as DENIED_CODES
from bototrail.history.denials import DENIED_PATTERNS
from bototrail.history.filters import DENIED, TEXT, Filter, Pattern, Term

_COLUMNS: Final = {column.field: column for column in COLUMNS}


class Condition(NamedTuple):
    """A condition with its parameters, in the order of their question marks."""

    sql: str
    parameters: tuple[Any, ...] = ()


def condition(query: Filter, records: str = "") -> Condition:
    """What holds for the events that a filter wants.

    Args:
        query: the filter.
        records: where the records are, as SQL; empty when they are in the same rows.
    """
    times = [
        f"event_time {way} {int(time)}" for way, time in ((">=", query.start), ("<=", query.end)) if time is not None
    ]
    if records and times:
        records = f"(SELECT event_id, record FROM {records} WHERE {' AND '.join(times)})"
    parts = [_term(term, records) for term in query.terms]
    parts += map(Condition, times)
    return _all(parts, " AND ") if parts else Condition("true")


def _all(parts: list[Condition], between: str) -> Condition:
    return Condition(between.join(part.sql for part in parts), tuple(value for part in parts for value in part[1]))


def _term(term: Term, records: str) -> Condition:
    exact = [pattern.text for pattern in term.patterns if not pattern.wild]
    if term.field == TEXT:
        parts = [_text(pattern, records) for pattern in term.patterns]
    elif term.field == "readOnly":
        parts = [_read_only(pattern) for pattern in term.patterns]
    elif _COLUMNS[term.field].many:
        parts = [_among(_COLUMNS[term.field].name, pattern) for pattern in term.patterns]
    else:
        parts = _one(_COLUMNS[term.field].name, term, exact)
    found = _all(parts, " OR ")
    return Condition(f"NOT ({found.sql})" if term.negated else f"({found.sql})", found.parameters)


def _one(name: str, term: Term, exact: list[str]) -> list[Condition]:
    wild = [pattern for pattern in term.patterns if pattern.wild]
    if name == "error_code" and DENIED in exact:
        exact = [*(text for text in exact if text != DENIED), *sorted(DENIED_CODES)]
        wild += [Pattern(text, wild=True) for text in DENIED_PATTERNS]
    parts = [_like(name, pattern) for pattern in wild]
    if len(exact) == 1:
        parts.append(Condition(f"{name} = ?", (exact[0],)))
    elif exact:
        parts.append(Condition(f"{name} IN ({', '.join('?' * len(exact))})", tuple(exact)))
    return parts


def _like(name: str, pattern: Pattern) -> Condition:
    """No wildcard matches what a record does not say."""
    if set(pattern.text) == {"*"}:
        return Condition(f"{name} <> ''")
    text = _translated(pattern, "%", "_", lambda literal: re.sub(r"([%_\\])", r"\\\1", literal))
    escape = r" ESCAPE '\'" if "\\" in text else ""
    return Condition(f"({name} LIKE ?{escape} AND {name} <> '')", (text,))


def _among(name: str, pattern: Pattern) -> Condition:
    """One of the texts that newlines join, so that there are none in them."""
    pattern = pattern._replace(text=pattern.text.replace("\n", " "))
    if not pattern.wild:
        return Condition(f"contains({name}, ?)", (f"\n{pattern.text}\n",))
    if set(pattern.text) == {"*"}:
        return Condition(f"{name} <> ''")
    text = _translated(pattern, "[^\n]*", "[^\n]", re.escape)
    return Condition(f"regexp_matches({name}, ?)", (f"\n{text}\n",))


def _read_only(pattern: Pattern) -> Condition:
    if pattern.wild:
        return Condition("read_only IS NOT NULL")
    return Condition(f"read_only IS NOT DISTINCT FROM {pattern.text}" if pattern.text in ("true", "false") else "false")


def _text(pattern: Pattern, records: str) -> Condition:
    """The record is JSON, in which some characters are written otherwise."""
    text = _translated(pattern, ".*", ".", _in_json) if pattern.wild else _in_json(pattern.text)
    found = Condition("regexp_matches(record, ?)", (f"(?is){text}",))
    if not records:
        return found
    return Condition(f"event_id IN (SELECT event_id FROM {records} WHERE {found.sql})", found.parameters)


def _in_json(text: str) -> str:
    return re.escape(orjson.dumps(text).decode()[1:-1])


def _translated(pattern: Pattern, many: str, one: str, literal: Any) -> str:
    """A pattern in another language of patterns; a backslash before what is no wildcard means itself."""
    found = re.findall(r"\\([,*?\\])|([*?])|([^\\*?]+|\\)", pattern.text)
    return "".join(
        literal(taken or plain) if taken or plain else (many if wild == "*" else one) for taken, wild, plain in found
    )
