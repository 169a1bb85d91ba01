"""`bototrail digest`."""

from __future__ import annotations

import sys
from pathlib import Path
from time import sleep

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.clock import now
from bototrail.errors import SpoolError
from bototrail.settings import load


@click.command()
@state_option
@click.option("--keys", type=click.Path(path_type=Path), help="Key folder.  [default: $BOTOTRAIL_KEYS]")
@click.option("--signing-key", metavar="FILE|ARN", help="What to sign with.  [default: $BOTOTRAIL_SIGNING_KEY]")
@click.option("--now", "closing", is_flag=True, help="Also for the hour that has not ended, up to now.")
def digest(state: Path | None, keys: Path | None, signing_key: str | None, closing: bool) -> None:
    """Make the signed digest files that are due, of all trails that this state directory delivers for.

    Programs that record make them by themselves. This is for cron, for hours in which nothing records, and with --now
    for a machine that is about to go. Exit code 1 when one could not be made; it is made the next time.
    """
    from bototrail.integrity.keys import open_keys
    from bototrail.integrity.making import DigestMaker

    settings = load(".", state=state_directory(state), keys=keys, signing_key=signing_key)
    opened = open_keys(settings.state, settings.keys, settings.signing_key)  # wrong ones are told at any time
    if closing:
        sleep(1 - now() % 1)  # digests end on full seconds: what was delivered in this one is to be in it
    try:
        made = DigestMaker(settings.state, lambda: opened).make(closing=closing)
    except OSError as error:
        raise SpoolError(f"expected a state directory that can be written; found {error}; correct its rights") from None
    for place in (place for each in made for place in each.files):
        click.echo(shown(place))
    count = sum(len(each.files) for each in made)
    click.echo(f"made {count} digest file{'s' * (count != 1)}", err=True)
    failures = [each.error for each in made if each.error is not None]
    for failure in failures:
        click.echo(shown(f"not made: {failure}"), err=True)
    sys.exit(1 if failures else 0)
