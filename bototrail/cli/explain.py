"""`bototrail explain SERVICE [OPERATION]`."""

from __future__ import annotations

from typing import Any

import click
import orjson

# With a backspace, click leaves the lines as they are.
_EXAMPLES = """\b
Examples:
  bototrail explain iam CreateLoginProfile
  bototrail explain ec2 run-instances --depth 5
  bototrail explain states.amazonaws.com
  bototrail explain --format json s3 put_object
"""


@click.command(epilog=_EXAMPLES)
@click.argument("service", metavar="SERVICE")
@click.argument("operation", metavar="[OPERATION]", required=False)
@click.option(
    "--depth",
    type=click.IntRange(1, 10),
    default=3,
    show_default=True,
    help="How many structures inside one another are shown.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def explain(service: str, operation: str | None, depth: int, form: str) -> None:
    """Show what a record of OPERATION will look like, before anybody makes the call.

    SERVICE is botocore's name (s3, stepfunctions) or an eventSource (states.amazonaws.com). OPERATION is its name
    (PutObject, put_object, put-object) or its eventName (PutBucketLifecycle, CreateFunction20150331), in any case.
    Without OPERATION: all operations of the service, with eventName, eventCategory and readOnly.

    The JSON form holds everything, with an example of a record. Nothing is sent, no credentials are needed.
    """
    from bototrail.operations import Catalogue

    catalogue = Catalogue()
    if operation is None:
        _show(_listed(catalogue, service), form, _table)
        return
    from bototrail.cli.explain_text import page
    from bototrail.record.explain import explain as explain_operation

    found = catalogue.operation(service, operation)
    explained = explain_operation(found.service, found.operation, depth)
    if form == "json":
        _show({**explained.to_dict(), "notes": list(found.notes)}, form, _table)
    else:
        click.echo("\n".join(page(explained, found.notes)))


def _listed(catalogue: Any, service: str) -> list[dict[str, Any]]:
    return [
        {
            "service": plan.service_name,
            "operation": plan.operation_name,
            "eventSource": plan.event_source,
            "eventName": plan.event_name,
            "eventCategory": plan.event_category,
            "readOnly": plan.read_only,
        }
        for name in catalogue.services(service)
        for plan in catalogue.plans(name)
    ]


def _show(found: Any, form: str, table: Any) -> None:
    click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if form == "json" else table(found))


def _table(rows: list[dict[str, Any]]) -> str:
    columns = ("service", "operation", "eventName", "eventCategory", "readOnly")
    lines = [columns, *((*(str(row[c]) for c in columns[:-1]), str(row["readOnly"]).lower()) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(columns))]
    shown = ("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    return "\n".join((f"eventSource  {rows[0]['eventSource']}", "", *shown))
