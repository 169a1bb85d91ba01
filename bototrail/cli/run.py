"""`bototrail run -- CMD...`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.to_bucket import ToBucket
from bototrail.deliver.totals import read_totals
from bototrail.record.identity import Identities
from bototrail.settings import Settings, load, switched_off
from bototrail.trails.watch import trails_of

# With a backspace, click leaves the lines as they are.
_EXAMPLE = """\b
Example:
  bototrail run --bucket ./audit -- python deploy.py --stage test
"""


@click.command(context_settings={"allow_interspersed_args": False}, epilog=_EXAMPLE)
@click.option(
    "--bucket", metavar="FOLDER|URL", help="Folder or URL of the bucket.  [default: $BOTOTRAIL, else ./audit]"
)
@click.option("--trails", help="A trails file instead of a bucket.  [default: $BOTOTRAIL_TRAILS]")
@state_option
@click.option("--quiet", is_flag=True, help="Say nothing at the end.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(bucket: str | None, trails: str | None, state: Path | None, quiet: bool, command: tuple[str, ...]) -> None:
    """Run COMMAND with every AWS SDK call of every Python in it recorded.

    COMMAND may be anything that ends up in a Python in which bototrail is installed: a script, `aws`, a test run, a
    shell script. Its exit code is ours.
    """
    if switched_off():
        sys.exit(_run(command, dict(os.environ)))
    folder = state_directory(state)
    if not (bucket or trails or os.environ.get("BOTOTRAIL") or os.environ.get("BOTOTRAIL_TRAILS")):
        bucket = "./audit"
    settings = load(bucket, trails=trails, state=folder)
    buckets = [ToBucket(trail) for trail in trails_of(settings).trails]
    for each in buckets:
        each.check()  # what is wrong is said before the command runs
    before = read_totals(folder)["delivered"]
    code = _run(command, _environment(settings))
    # Processes that were killed, or ended without Python's exit, left their records in the spool.
    try:
        errors = Delivery(folder, Identities(), settings.spool_days).round().errors
    except Exception as error:  # noqa: BLE001 the command's exit code is ours, whatever goes wrong here
        errors = [f"{type(error).__name__}: {error}"]
    if not quiet:
        where = ", ".join(each.place.partition("?")[0] for each in buckets)
        hint = "do the trails select them, and is" if settings.trails else "is"
        _say(read_totals(folder)["delivered"] - before, where, errors, hint)
    sys.exit(code)


def _environment(settings: Settings) -> dict[str, str]:
    """What makes the command's Pythons record as these settings say."""
    ours = {name: value for name, value in os.environ.items() if name not in ("BOTOTRAIL", "BOTOTRAIL_TRAILS")}
    where = {"BOTOTRAIL_TRAILS": str(settings.trails)} if settings.trails else {"BOTOTRAIL": settings.bucket}
    return {**ours, **where, "BOTOTRAIL_STATE": str(settings.state)}


def _run(command: tuple[str, ...], environment: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=environment)
    except OSError as error:
        click.echo(f"bototrail: cannot run {command[0]}: {error.strerror}", err=True)
        return 127 if isinstance(error, FileNotFoundError) else 126
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _frame: process.send_signal(received))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
    code = process.wait()
    return code if code >= 0 else 128 - code


def _say(records: int, location: str, errors: list[str], hint: str) -> None:
    for error in errors:
        click.echo(shown(f"bototrail: not delivered yet: {error}"), err=True)
    if records:
        click.echo(f"bototrail: {records} record{'s' * (records != 1)} delivered to {location}", err=True)
    elif not errors:
        hint += " bototrail installed in the Python that made the calls?"
        click.echo(f"bototrail: no AWS SDK call was recorded; {hint}", err=True)
