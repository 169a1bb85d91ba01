"""`bototrail validate`."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.progress import Line, Progress
from bototrail.cli.shown import shown
from bototrail.cli.validate_forms import FORMS, Asked, Form
from bototrail.clock import monotonic, now
from bototrail.deliver.layout import ACCOUNT, REGION
from bototrail.errors import ConfigError
from bototrail.history.times import moment
from bototrail.integrity.places import Remembered, Wanted, has_digests, owners
from bototrail.integrity.summary import Summary
from bototrail.integrity.validate import among
from bototrail.integrity.validate import validate as verdicts_on
from bototrail.integrity.verdicts import INVALID, Verdict

if TYPE_CHECKING:
    from bototrail.integrity.digests import KeyFinder
    from bototrail.store import Store

_ARN: Final = re.compile(r"arn:[a-z-]+:cloudtrail:[a-z0-9-]+:[0-9]{12}:trail/[A-Za-z0-9._-]+")
_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_AWS: Final = "aws"
_MOST_SAID: Final = 300
# With a backspace, click leaves the lines as they are.
_EXAMPLES: Final = """\b
Examples:
  bototrail validate ./audit
  bototrail validate s3://my-trail-bucket --public-keys aws --start 7d --region eu-central-1
"""


@click.command(epilog=_EXAMPLES)
@click.argument("bucket")
@click.option(
    "--trail", "trails", multiple=True, metavar="NAME|ARN", help="Only digest files of this trail; repeatable."
)
@click.option("--account", "accounts", multiple=True, metavar="ID", help="Only this account; repeatable.")
@click.option("--region", "regions", multiple=True, metavar="REGION", help="Only this region; repeatable.")
@click.option("--start", metavar="WHEN", help="Only what was delivered from then on: 2026-11-21, 2h, 7d, yesterday.")
@click.option("--end", metavar="WHEN", help="Only up to then.  [default: now; the newest digest file must be there]")
@click.option(
    "--public-keys",
    "keys",
    multiple=True,
    metavar="PATH|aws",
    help="Public keys: what `aws cloudtrail list-public-keys` prints, PEM, a key folder; `aws` asks CloudTrail for "
    "them. Repeatable.  [default: $BOTOTRAIL_KEYS, else keys in the state directory]",
)
@click.option(
    "--s3-bucket",
    "name",
    metavar="NAME",
    help="What the bucket is called in S3, for a copy elsewhere.  [default: as the first digest file of a chain says]",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    help="Files read at a time.  [default: one a processor for a folder, 16 elsewhere]",
)
@click.option("--format", "form", type=click.Choice(list(FORMS)), default="table", show_default=True)
@click.option("--verbose", is_flag=True, help="With --format table, show what is valid, too.")
@state_option
def validate(
    *,
    bucket: str,
    trails: tuple[str, ...],
    accounts: tuple[str, ...],
    regions: tuple[str, ...],
    start: str | None,
    end: str | None,
    keys: tuple[str, ...],
    name: str | None,
    jobs: int | None,
    form: str,
    verbose: bool,
    state: Path | None,
) -> None:
    """Validate the log files of a bucket by its signed digest files.

    BUCKET is a folder, s3://NAME/PREFIX or any URL of fsspec. Every digest file must be signed and fit the one before
    it, every log file must be as its digest file says, and be named by one; the newest digest file must be there.
    Exit code 1 when anything is not as it should be.
    """
    from bototrail.store import open_store

    _check("--trail", "a trail's name or ARN", trails, _NAME, _ARN)
    _check("--account", "12 digits", accounts, ACCOUNT)
    _check("--region", "a region such as eu-central-1", regions, REGION)
    time = now()
    wanted = Wanted(trails, accounts, regions, *_times(start, end, time), name)
    until = wanted.end or time
    store = Remembered(open_store(bucket))
    finder = _keys(keys, state, lambda: has_digests(store, wanted))
    try:
        shape = FORMS[form](sys.stdout or io.StringIO(), Asked(store.location, wanted.start, until))
        verdicts = verdicts_on(store, finder, wanted, jobs=jobs, now=time)
        summary = _print(verdicts, shape, until, valid=verbose or form != "table")
    except BrokenPipeError:
        sys.stderr.close()  # what is still buffered would complain at exit
        raise SystemExit(1) from None  # whoever reads no further knows nothing of the rest
    for line in (*_failures(finder), *_advice(store, wanted, summary)):
        click.echo(shown(line), err=True)
    if not summary.passed:
        raise SystemExit(1)


def _print(verdicts: Iterator[Verdict], shape: Form, until: float, *, valid: bool) -> Summary:
    """Print verdicts as they come, and what they come to; those on what is valid only if that is wanted."""
    began, summary = monotonic(), Summary()
    with Line(sys.stderr) as line:
        progress = Progress(line, until)
        for verdict in verdicts:
            summary.add(verdict)
            if valid or verdict.status == INVALID:
                line.clear()
                shape.verdict(verdict)
            progress.show(verdict, summary)
    summary.seconds = monotonic() - began
    shape.end(summary)
    return summary


def _advice(store: Store, wanted: Wanted, summary: Summary) -> Iterator[str]:
    """What to do about a bucket without digest files."""
    if summary.digests:
        return
    if wanted != Wanted(bucket=wanted.bucket):
        yield "note: leave out --trail, --account, --region, --start and --end to see whether there are others"
    elif next(owners(store, wanted), None) is None:
        yield f"note: there is nothing under AWSLogs/ in {store.location}; name the bucket that was recorded into"
    else:
        yield (
            "note: digest files are made each full hour, or by `bototrail digest --now`, for what is recorded with "
            "BOTOTRAIL_LOG_FILE_VALIDATION=1, or by a trail that has EnableLogFileValidation"
        )


def _check(option: str, expected: str, values: tuple[str, ...], *patterns: re.Pattern[str]) -> None:
    for value in values:
        if not any(pattern.fullmatch(value) for pattern in patterns):
            raise ConfigError(f"{expected} for {option}", repr(value), "correct it")


def _times(start: str | None, end: str | None, time: float) -> tuple[float | None, float | None]:
    here = datetime.fromtimestamp(time, timezone.utc)
    first = moment(start, here).timestamp() if start else None
    last = moment(end, here).timestamp() if end else None
    if first is not None and first > (time if last is None else last):
        raise ConfigError("a --start before the --end", f"{start} and {end or 'now'}", "correct one of them")
    return first, last


def _keys(given: tuple[str, ...], state: Path | None, needed: Callable[[], bool]) -> KeyFinder:
    from bototrail.integrity.key_files import load_public_keys

    paths = [Path(each) for each in given if each != _AWS]
    if not given:
        folder = _key_folder(state)
        paths = [folder] if folder.is_dir() else []
    known = load_public_keys(paths)
    if _AWS not in given:
        if not known and needed():
            where = f"none in {', '.join(given) or folder}"
            todo = "name what `bototrail keys export` printed with --public-keys, for real CloudTrail --public-keys aws"
            raise ConfigError("public keys to validate with", where, todo)
        return among(known)
    from bototrail.integrity.aws_keys import AwsKeys

    return AwsKeys(known)


def _key_folder(state: Path | None) -> Path:
    from bototrail.settings import load

    settings = load(os.curdir, state=state_directory(state))
    return settings.keys or settings.state / "keys"


def _failures(finder: KeyFinder) -> Iterator[str]:
    failures = getattr(finder, "failures", {})
    for region, why in failures.items():
        said = " ".join(why.split())[:_MOST_SAID]  # the page of a proxy, say
        yield f"CloudTrail in {region} gave no public keys: {said}; name them with --public-keys, or correct that"
