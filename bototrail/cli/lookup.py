"""`bototrail lookup` and `bototrail tail`."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TextIO, TypeVar

import click

from bototrail.cli.following import follow
from bototrail.cli.indexing import Place, history_options, opened
from bototrail.cli.lookup_columns import Column, columns
from bototrail.cli.lookup_forms import FORMS, Form, form_of
from bototrail.cli.lookup_hints import hints
from bototrail.cli.shown import shown
from bototrail.errors import ConfigError
from bototrail.history.filters import Filter, parse

if TYPE_CHECKING:
    from bototrail.history.history import History

_Function = TypeVar("_Function", bound=Callable[..., Any])
_ON_A_TERMINAL: Final = 50
_LAST: Final = 10
_AT_ONCE: Final = 2_000
_MANY: Final = click.IntRange(0, 1_000_000_000)
_FILTER: Final = """\b
A FILTER is FIELD=VALUE, or text that stands anywhere in the record:
  eventName=Put*,Delete*    one of these; * is any text, ? any character
  userName!=ci              not this one
  errorCode=denied          all that mean "not allowed"
  errorCode=*               any; errorCode!=* for calls that went well
  service=s3 role=deploy    all terms must hold
  since=2h until=2026-11-21T10:20:00Z
"""
# With a backspace, click leaves the lines as they are.
_EXAMPLES: Final = """\b
Examples:
  bototrail lookup --bucket ./audit errorCode=denied since=1d
  bototrail lookup 'eventName=Delete*' userName!=ci --columns eventTime,userName,resourceName
  bototrail lookup accessKeyId=AKIAIOSFODNN7EXAMPLE --format jsonl | jq .eventName
  bototrail lookup readOnly=false --format csv > writes.csv
"""
_TAIL_EXAMPLES: Final = """\b
Examples:
  bototrail tail --bucket ./audit
  bototrail tail -n 0 'errorCode=*'
  bototrail tail service=s3 readOnly=false --format jsonl
"""


def _output_options(function: _Function) -> _Function:
    """What both commands take: the filter, its times, and what is shown in which form."""
    options = (
        click.argument("terms", metavar="[FILTER]...", nargs=-1),
        click.option("--since", metavar="WHEN", help="Only events from then on: 2026-11-21, 2h, 7d, yesterday."),
        click.option(
            "--columns",
            "names",
            metavar="A,B,C",
            help="What to show: fields, and paths in the record such as requestParameters.bucketName.",
        ),
        click.option(
            "--format", "form", type=click.Choice(FORMS), help="[default: table on a terminal, jsonl elsewhere]"
        ),
        history_options,
    )
    for option in reversed(options):
        function = option(function)
    return function


class _Asked(NamedTuple):
    """What is to be printed, and how."""

    query: Filter
    columns: list[Column] | None
    form: str
    out: TextIO

    def printer(self, *, follows: bool = False) -> Form:
        """Who prints it."""
        return form_of(self.form, self.out, self.columns, follows=follows)


def _asked(terms: Iterable[str], since: str | None, until: str | None, names: str | None, form: str | None) -> _Asked:
    times = [f"{name}={text}" for name, text in (("since", since), ("until", until)) if text is not None]
    words = [*terms, *times]
    for text in (*words, names or ""):
        _check_spelling(text)
    query = parse(words, datetime.now(timezone.utc))
    out = sys.stdout or io.StringIO()
    if isinstance(out, io.TextIOWrapper):
        out.reconfigure(errors="backslashreplace")  # whatever the terminal's characters are
    chosen = None if names is None else columns(names)
    return _Asked(query, chosen, form or ("table" if out.isatty() else "jsonl"), out)


def _check_spelling(text: str) -> None:
    """Bytes that mean nothing in the terminal's encoding come as halves of characters, which no record has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        encoding = sys.getfilesystemencoding()
        todo = f"write it in {encoding}, or set LC_ALL to what it is written in"
        raise ConfigError(f"a filter and columns in {encoding}", ascii(text), todo) from None


@click.command(epilog=_FILTER + "\n" + _EXAMPLES)
@_output_options
@click.option("--until", metavar="WHEN", help="Only events up to then.")
@click.option(
    "--limit",
    type=_MANY,
    metavar="N",
    help=f"At most so many, 0 for all.  [default: {_ON_A_TERMINAL} for a table on a terminal, else all]",
)
@click.option("--reverse", is_flag=True, help="The oldest first.")
@click.option("-f", "--follow", "follows", is_flag=True, help="The last ones, then new ones as they come: see `tail`.")
def lookup(
    *,
    terms: tuple[str, ...],
    since: str | None,
    until: str | None,
    names: str | None,
    form: str | None,
    limit: int | None,
    reverse: bool,
    follows: bool,
    **place: Any,
) -> None:
    """Look events up: who did what, when, from where, and what came of it.

    The newest come first. What was called a moment ago is found, too, although it is not delivered yet. A bucket is
    indexed at the first use, in the cache directory; it is never changed itself.
    """
    asked = _asked(terms, since, until, names, form)
    if follows:
        _follow(asked, _LAST if limit is None else limit, Place(**place))
        return
    here = asked.form == "table" and asked.out.isatty()
    most = _ON_A_TERMINAL if limit is None and here else limit or None
    printer = asked.printer()
    with opened(Place(**place)) as history:
        count = _print(history, asked.query, printer, most, reverse=reverse)
        asked.out.flush()
        if not count:
            _say(["no event meets this filter", *hints(history, asked.query)])
        elif count == most and limit is None and len(history.events(asked.query, count + 1)) > count:
            _say([f"these are the {'oldest' if reverse else 'newest'} {count}; for more, use --limit N, or 0 for all"])


def _print(history: History, query: Filter, printer: Form, most: int | None, *, reverse: bool) -> int:
    """Print events as they are read; gives how many."""
    count = 0

    def counted() -> Iterable[Any]:
        nonlocal count
        few = most is not None and most <= _AT_ONCE
        found = history.events(query, most or 0, reverse=reverse) if few else history.every(query, reverse=reverse)
        for event in islice(found, most):
            count += 1
            yield event

    printer.rows(counted())
    printer.end()
    return count


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(shown(line), err=True)


@click.command(epilog=_TAIL_EXAMPLES)
@_output_options
@click.option("-n", "--limit", "last", type=_MANY, default=_LAST, show_default=True, help="How many to begin with.")
def tail(
    *, terms: tuple[str, ...], since: str | None, names: str | None, form: str | None, last: int, **place: Any
) -> None:
    """Print the last events, then new ones as they come, until Ctrl-C.

    Calls on this machine come when they are made, others when their log files are delivered. FILTER is as for
    `bototrail lookup`.
    """
    _follow(_asked(terms, since, None, names, form), last, Place(**place))


def _follow(asked: _Asked, last: int, place: Place) -> None:
    if asked.query.end is not None:
        raise ConfigError("no end to what is followed", "until", "leave it out")
    if asked.form == "json":
        raise ConfigError("a format without an end to follow", "json", "use --format jsonl")
    printer = asked.printer(follows=True)
    with opened(place, wait=True) as history:
        follow(history, asked.query, printer, asked.out, last)
