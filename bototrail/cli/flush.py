"""`bototrail flush`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.deliver.delivery import Delivery
from bototrail.record.identity import Identities
from bototrail.settings import OFF, load


@click.command()
@state_option
@click.option(
    "--bucket",
    metavar="FOLDER|URL",
    help="Bucket for records whose own trail can no longer be read.  [default: $BOTOTRAIL]",
)
def flush(state: Path | None, bucket: str | None) -> None:
    """Deliver what processes that are gone have left in the spool.

    A process that still runs delivers its own records. Exit code 1 when something could not be delivered; it stays in
    the spool.
    """
    fallback = bucket or os.environ.get("BOTOTRAIL", "")
    fallback = "" if fallback.lower() in OFF else fallback
    settings = load(fallback or os.curdir, state=state_directory(state))
    delivery = Delivery(settings.state, Identities(), settings.spool_days, settings.bucket if fallback else None)
    report = delivery.round()
    for file in report.files:
        click.echo(f"{file.location}  {file.records} record{'s' * (file.records != 1)}")
    click.echo(f"delivered {report.records} records in {len(report.files)} log files", err=True)
    for text in _notes(report.torn, report.expired, [str(p) for p in report.damaged], report.alive):
        click.echo(text, err=True)
    for error in report.errors:
        click.echo(shown(f"not delivered: {error}"), err=True)
    sys.exit(1 if report.errors else 0)


def _notes(torn: int, expired: int, damaged: list[str], alive: list[str]) -> list[str]:
    notes = [f"skipped {torn} lines that a crash had cut short"] if torn else []
    notes += [f"gave up {expired} records that had waited too long"] if expired else []
    notes += [f"set aside a segment that cannot be read whole: {path}" for path in damaged]
    return notes + [f"process {name.partition('-')[0]} still runs and delivers its own records" for name in alive]
