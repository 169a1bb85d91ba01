"""`bototrail why`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click
import orjson

from bototrail.cli.records import Choice, record_options
from bototrail.cli.shown import shown
from bototrail.errors import MissingExtraError

if TYPE_CHECKING:
    from bototrail.policy.why import Refusal

# With a backspace, click leaves the lines as they are.
_EXAMPLES = """\b
Examples:
  bototrail why --bucket ./audit --denied
  bototrail why --bucket ./audit --denied --since 2h --role worker
  bototrail why --bucket ./audit 6d1be1c6-6de5-4b06-a77b-1d5f9c5d1c3b
"""


@click.command(epilog=_EXAMPLES)
@click.argument("event_id", metavar="[EVENT_ID]", required=False)
@click.option("--denied", is_flag=True, help="All calls that were refused.")
@record_options
@click.option("--format", "form", type=click.Choice(["text", "json", "jsonl"]), default="text", show_default=True)
def why(event_id: str | None, denied: bool, form: str, **choice: Any) -> None:
    """Say why a call was refused: the action, the resource, which kind of policy said no, and what would allow it.

    Everything is out of the record and the message that AWS gave with the refusal; nothing is asked for.
    """
    from bototrail.cli.policy_text import why_page

    if (event_id is None) is not denied:
        raise click.UsageError("give the eventID of one call, or --denied for all that were refused")
    records = Choice(**choice).records()
    found = list(_refusals(records)) if event_id is None else [_refusal_of(event_id, records)]
    if form == "json":
        click.echo(orjson.dumps([one.to_dict() for one in found], option=orjson.OPT_INDENT_2).decode())
    elif form == "jsonl":
        for one in found:
            click.echo(orjson.dumps(one.to_dict()).decode())
    else:
        click.echo(shown("\n\n\n".join("\n".join(why_page(one)) for one in found)) or "no call was refused")


def _refusals(records: Iterable[Mapping[str, Any]]) -> Iterator[Refusal]:
    """Why calls were refused, one after the other; the other records are not kept."""
    from bototrail.policy.why import refusal

    unread = 0
    for record in records:
        try:
            found = refusal(record)
        except MissingExtraError:
            raise
        except Exception:  # noqa: BLE001 whatever a file holds
            unread += 1
            continue
        if found is not None:
            yield found
    if unread:
        click.echo(f"{unread} records could not be understood and are left out", err=True)


def _refusal_of(event_id: str, records: Iterable[Mapping[str, Any]]) -> Refusal:
    record = next((record for record in records if record.get("eventID") == event_id), None)
    if record is None:
        raise click.ClickException(
            f"no record with eventID {event_id} is in the bucket; what was just recorded may wait in the spool: "
            "deliver it with `bototrail flush`"
        )
    found = next(_refusals([record]), None)
    if found is None:
        code = record.get("errorCode")
        ended = f"failed with {code}, which is no refusal" if code else "went through"
        raise click.ClickException(shown(f"the call {record.get('eventName')} with eventID {event_id} {ended}"))
    return found
