r"""The filter language: which events are wanted, the same on the command line, on the page and in the endpoint.

A filter is a list of terms, and an event must meet them all:

    eventName=Put*,Delete*     one of these; `*` is any text, `?` any character
    userName!=ci,deploy        none of these
    errorCode=denied           all spellings of "not allowed"
    errorCode=*                any; `errorCode!=*` is none
    since=2h until=now         the time
    AKIAIOSFODNN7EXAMPLE       text anywhere in the record, in upper or lower case

Names are the record's own (`eventName`), LookupEvents' (`EventName`), or short (`event`); upper and lower case, `-` and
`_` do not matter in them. Values are compared as they are written. A backslash takes the meaning from `,`, `*`, `?` and
from itself; in one line of text, quotes hold together what has blanks in it.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, NamedTuple

from bototrail.errors import ConfigError
from bototrail.history.columns import COLUMNS, Column
from bototrail.history.filter_values import checked
from bototrail.history.times import moment

TEXT: Final = "text"
"""The field that is the whole record."""

DENIED: Final = "denied"
"""The value of errorCode that stands for all that mean "not allowed"."""

MOST_TERMS: Final = 50
MOST_VALUES: Final = 500
MOST_CHARACTERS: Final = 2_000

# Other names of columns; those of `Column.field` and `Column.attribute` need no row.
_SHORT: Final = {
    "access_key_id": ("key",),
    "account": ("account",),
    "category": ("category",),
    "error_code": ("error",),
    "event_id": ("id",),
    "event_name": ("event", "name", "operation"),
    "event_source": ("source", "service"),
    "principal": ("principal", "arn"),
    "read_only": ("ro",),
    "region": ("region",),
    "resource_name": ("resource",),
    "resource_type": ("type",),
    "source_ip": ("ip", "address", "sourceip"),
    "user_name": ("user",),
}
_TIMES: Final = ("eventtime", "time", "date")
_SINCE: Final = ("since", "start", "from")
_UNTIL: Final = ("until", "end", "to")
_SPLIT: Final = re.compile(r"([A-Za-z][A-Za-z_.-]*)(!?=)(.*)", re.DOTALL)
_TURNED: Final = re.compile(r"[!-]([A-Za-z][A-Za-z_.-]*)=(.*)", re.DOTALL)


class Pattern(NamedTuple):
    """What a value may be.

    Attributes:
        text: the value itself, or with wildcards.
        wild: whether `*` and `?` are wildcards, unless a backslash stands before them.
    """

    text: str
    wild: bool = False


@dataclass(frozen=True)
class Term:
    """A condition.

    Attributes:
        field: a `Column.field`, or `text`.
        patterns: of which one must match.
        negated: whether none may.
    """

    field: str
    patterns: tuple[Pattern, ...]
    negated: bool = False

    def __str__(self) -> str:
        values = ",".join(pattern.text if pattern.wild else _escaped(pattern.text) for pattern in self.patterns)
        return f"{self.field}{'!=' if self.negated else '='}{values}"


@dataclass(frozen=True)
class Filter:
    """Which events are wanted.

    Attributes:
        terms: which must all hold.
        start: the earliest eventTime, seconds since 1970; None for any.
        end: the latest, inclusive.
    """

    terms: tuple[Term, ...] = ()
    start: int | None = None
    end: int | None = None

    def within(self, start: int | None, end: int | None) -> Filter:
        """The same with another time."""
        return replace(self, start=start, end=end)

    def also(self, *terms: Term) -> Filter:
        """The same with more terms."""
        return replace(self, terms=(*self.terms, *terms))


def is_exactly(field: str, value: str) -> Term:
    """The term that a field is a value, as it is."""
    return Term(field, (Pattern(value),))


def parse(words: Iterable[str], now: datetime) -> Filter:
    """The filter that terms make, one a word.

    Args:
        words: such as `eventName=Put*`.
        now: what `2h` is counted from, aware of its time zone.

    Raises:
        ConfigError: one cannot be understood; the message names its field.
    """
    found = Filter()
    for number, word in enumerate(word for word in words if word.strip()):
        if number >= MOST_TERMS:
            raise ConfigError(f"at most {MOST_TERMS} terms in a filter", "more", "leave some out")
        if len(word) > MOST_CHARACTERS:
            raise ConfigError(f"at most {MOST_CHARACTERS} characters in a term", f"{len(word)}", "shorten it")
        parts = _SPLIT.fullmatch(word)
        name = _plain(parts[1]) if parts else ""
        if parts is None:
            found = found.also(_term(TEXT, _searched(word), negated=False))
        elif name in (*_SINCE, *_UNTIL):
            found = _timed(found, parts, now)
        else:
            found = found.also(_term(_field(parts[1], word), parts[3], negated=parts[2] == "!="))
    if found.start is not None and found.end is not None and found.start > found.end:
        raise ConfigError("since before until", "since after until", "swap them")
    return found


def split(text: str) -> list[str]:
    """The words of a filter in one line: quotes hold together, backslashes stay.

    Raises:
        ConfigError: a quote is not closed.
    """
    lexer = shlex.shlex(text, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.escape = True, "", ""
    try:
        return list(lexer)
    except ValueError:
        raise ConfigError("quotes in pairs in the filter", repr(text), "close the quote") from None


def joined(words: Iterable[str]) -> str:
    """The line of which `split` makes these words."""
    return " ".join(_quoted(word) for word in words)


def terms_text(query: Filter) -> list[str]:
    """A filter's terms as words, without its times."""
    return [str(term) for term in query.terms]


def field_of(column: Column) -> str:
    """What a filter calls a column."""
    return column.field


def _quoted(word: str) -> str:
    if word and not re.search(r"""[\s'"]""", word):
        return word
    return '"' + word.replace('"', '"\'"\'"') + '"'


def _plain(name: str) -> str:
    return re.sub(r"[._-]", "", name).lower()


FIELDS: Final = {
    **{_plain(name): column.field for column in COLUMNS for name in (column.field, column.attribute) if name},
    **{name: column.field for column in COLUMNS for name in _SHORT.get(column.name, ())},
    TEXT: TEXT,
}
"""Every name that a field has, in lower case without punctuation, and its own one."""
del FIELDS["eventtime"]  # which is since and until


def _field(name: str, word: str) -> str:
    field = FIELDS.get(_plain(name))
    if field is not None:
        return field
    names = [*dict.fromkeys(FIELDS.values()), "since", "until"]
    todo = f"correct it, or write text={word} to search for it"
    if _plain(name) in _TIMES:
        todo = "write since=WHEN and until=WHEN"
    elif near := difflib.get_close_matches(_plain(name), [*FIELDS, *_SINCE, *_UNTIL], 1):
        todo = f"did you mean {FIELDS.get(near[0], near[0])}? To search for it, write text={word}"
    raise ConfigError(f"a field among {', '.join(names)}", repr(name), todo)


def _searched(word: str) -> str:
    """The word, unless it is a term that is written in other ways than ours."""
    if word.startswith(("=", "!=")):
        raise ConfigError(
            "FIELD=VALUE without blanks", repr(word), f"close the gap, or write text={word} to search for it"
        )
    turned = _TURNED.fullmatch(word)
    if turned is not None and _plain(turned[1]) in FIELDS:
        todo = f"write {turned[1]}!={turned[2]}, or text={word} to search for it"
        raise ConfigError(f"{turned[1]}!=VALUE for events without it", repr(word), todo)
    return word


def _timed(found: Filter, parts: re.Match[str], now: datetime) -> Filter:
    name, operator, text = parts.groups()
    if operator != "=":
        raise ConfigError(f"{name}=WHEN", f"{name}!={text}", "use since or until with =")
    try:
        seconds = int(moment(text, now).timestamp())
    except ConfigError as error:
        raise ConfigError(f"{name}=WHEN, {error.expected}", repr(text), "correct it or leave it out") from None
    is_start = _plain(name) in _SINCE
    if (found.start if is_start else found.end) is not None:
        raise ConfigError(f"{name} once", "twice", "leave one out")
    return replace(found, start=seconds) if is_start else replace(found, end=seconds)


def _term(field: str, text: str, *, negated: bool) -> Term:
    values = [text] if field == TEXT else re.findall(r"(?:[^,\\]|\\.|\\$)+", text, re.DOTALL)
    if not values or not text:
        raise ConfigError(f"a value for {field}", "none", f"write {field}=VALUE, or {field}!=* for events without any")
    if len(values) > MOST_VALUES:
        raise ConfigError(f"at most {MOST_VALUES} values for {field}", f"{len(values)}", "leave some out")
    patterns = (_pattern(value) for value in values)
    return Term(field, tuple(Pattern(checked(field, text, wild=wild), wild) for text, wild in patterns), negated)


def _pattern(value: str) -> Pattern:
    if re.search(r"(?<!\\)(?:\\\\)*[*?]", value):
        return Pattern(value, wild=True)
    return Pattern(re.sub(r"\\([,*?\\])", r"\1", value))


def _escaped(text: str) -> str:
    return re.sub(r"([,*?\\])", r"\\\1", text)
