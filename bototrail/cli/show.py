"""`bototrail show`."""

from __future__ import annotations

import io
import re
import shlex
import sys
from typing import TYPE_CHECKING, Any, Final

import click
import orjson

from bototrail.cli.indexing import Place, history_options, opened
from bototrail.cli.lookup_columns import time_of
from bototrail.cli.painting import Painter, json_shown
from bototrail.cli.shown import shown
from bototrail.errors import ConfigError
from bototrail.history.filters import Filter, Pattern, Term

if TYPE_CHECKING:
    from bototrail.history.event import Event
    from bototrail.history.history import History

_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_MOST: Final = 10
# With a backspace, click leaves the lines as they are.
_EXAMPLES: Final = """\b
Examples:
  bototrail show --bucket ./audit 6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b
  bototrail show 6d1be1c6
  bototrail show 6d1be1c6 --format json
"""


@click.command(epilog=_EXAMPLES)
@click.argument("event_id")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@history_options
def show(event_id: str, form: str, **place: Any) -> None:
    """Show one event whole: who, what, on which resources, the request and the answer.

    EVENT_ID is an eventID, or the beginning of one, if no other begins so. Of a call that was refused it says what was
    missing. With --format json it is the record, as it stands in its log file. Exit code 1 when there is none.
    """
    from bototrail.cli.show_page import page

    if not _ID.fullmatch(event_id):
        raise ConfigError("an eventID, or the beginning of one", repr(event_id), "`bototrail lookup` shows them")
    out = sys.stdout or io.StringIO()
    with opened(Place(**place)) as history:
        event = _event(history, event_id)
    if form == "json":
        text = orjson.dumps(event.parsed(), option=orjson.OPT_INDENT_2).decode()
        click.echo(json_shown(text) if out.isatty() else text)
        return
    why = ["bototrail", "why", *(["--bucket", place["bucket"]] if place["bucket"] else []), event.event_id]
    for line in page(event, Painter(out), shlex.join(why)):
        click.echo(line)


def _event(history: History, event_id: str) -> Event:
    """The one event of which this is the eventID, or its beginning."""
    found = history.event(event_id) or history.event(event_id.lower())
    if found is not None:
        return found
    begins = Term("eventID", tuple(Pattern(f"{text}*", wild=True) for text in {event_id, event_id.lower()}))
    several = history.events(Filter((begins,)), _MOST + 1)
    if not several:
        reached = f"in the last {history.days} days of {history.location}"
        click.echo(shown(f"no event {event_id} {reached}; --days reaches back further"), err=True)
        raise SystemExit(1)
    if len(several) > 1:
        known = "\n".join(f"  {each.event_id}  {time_of(each)}  {each.event_name}" for each in several[:_MOST])
        more = "\n  and more" if len(several) > _MOST else ""
        raise ConfigError("the beginning of one eventID", f"several that begin with {event_id}",
                          f"give more of it:\n{known}{more}")  # fmt: skip
    return several[0]
