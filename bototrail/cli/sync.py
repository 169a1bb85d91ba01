"""`bototrail sync`."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Final

import click

from bototrail.cli.progress import Line
from bototrail.cli.shown import shown

if TYPE_CHECKING:
    from bototrail.integrity.copying import Outcome
    from bototrail.integrity.sync import Sync

_OUTSIDE: Final = "; what lies elsewhere is copied with --all"
_UNITS: Final = ("bytes", "kB", "MB", "GB", "TB")
# With a backspace, click leaves the lines as they are.
_EXAMPLES: Final = """\b
Examples:
  bototrail sync ./audit s3://my-trail-bucket
  bototrail sync s3://my-trail-bucket/prefix ./copy --dry-run
"""


@click.command(epilog=_EXAMPLES)
@click.argument("source")
@click.argument("destination")
@click.option("--all", "everything", is_flag=True, help="Copy what lies outside of AWSLogs/, too.")
@click.option("--jobs", type=click.IntRange(1, 64), default=8, show_default=True, help="Objects copied at a time.")
@click.option("--dry-run", is_flag=True, help="Write nothing, and show what would be copied.")
@click.option("--mend", is_flag=True, help="Give digest files that are there without their signature their signature.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def sync(*, source: str, destination: str, everything: bool, jobs: int, dry_run: bool, mend: bool, form: str) -> None:
    """Copy a bucket, with the signatures of its digest files.

    SOURCE and DESTINATION are folders, s3://NAME/PREFIX or URLs of fsspec. What is there already is compared and
    skipped; nothing is overwritten. Exit code 1 when something is there with another content, or could not be copied.
    """
    from bototrail.integrity.copying import open_target
    from bototrail.integrity.sync import Sync
    from bototrail.store import open_store

    store = open_store(source)
    copying = Sync(
        store,
        open_target(destination, make=not dry_run),
        everything=everything,
        jobs=jobs,
        dry_run=dry_run,
        mend=mend,
    )
    with Line(sys.stderr) as line:
        for outcome in copying.run():
            _say(outcome, line, dry_run=dry_run and form == "table")
            if line.due():
                line.draw(_summary(copying, dry_run=dry_run, form="table"))
    if not sum(copying.counts.values()):
        click.echo(
            _line(f"note: there is nothing under AWSLogs/ in {store.location}{_OUTSIDE * (not everything)}"), err=True
        )
    if copying.moved:
        click.echo(_line(_moved(*copying.moved)), err=True)
    click.echo(_summary(copying, dry_run=dry_run, form=form))
    if not copying.complete:
        raise SystemExit(1)


def _say(outcome: Outcome, line: Line, *, dry_run: bool) -> None:
    key, what = _line(outcome.key), outcome.what
    if outcome.why:
        line.clear()
        click.echo(f"{what} {key}: {_line(outcome.why)}", err=True)
    elif dry_run and what in ("copied", "mended"):
        line.clear()
        click.echo(f"would be {what}: {key}")


def _line(text: str) -> str:
    return shown(text).replace("\n", r"\n").encode(errors="backslashreplace").decode()


def _moved(told: tuple[str, str], here: tuple[str, str]) -> str:
    if told[1] != here[1]:
        todo = "choose the two places so that keys are as digest files have them"
    else:
        todo = (
            f"name it to `bototrail validate` with --s3-bucket {told[0]}; a folder has that name when [buckets] of the "
            "trails file gives it that"
        )
    return (
        f"note: digest files name the place they are in: {'/'.join(told)} for one, which is now {'/'.join(here)}. What "
        f"they prove holds, but validation there answers has been moved from its original location; {todo}"
    )


def _summary(copying: Sync, *, dry_run: bool, form: str) -> str:
    if form == "json":
        return json.dumps({**copying.counts, "bytes": copying.bytes, "dry_run": dry_run})
    counts = ", ".join(f"{count} {what}" for what, count in copying.counts.items())
    return f"{'would be: ' * dry_run}{counts}; {_size(copying.bytes)}"


def _size(count: float) -> str:
    for unit in _UNITS[:-1]:
        if count < 1000:
            return f"{count:.3g} {unit}"
        count /= 1000
    return f"{count:.1f} {_UNITS[-1]}"
