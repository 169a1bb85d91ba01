"""`bototrail trails`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

from bototrail.cli.shown import shown
from bototrail.errors import ConfigError, TrailsFileError
from bototrail.trails import Trail
from bototrail.trails.describe import describe, words
from bototrail.trails.file import TrailsFile, load_trails

if TYPE_CHECKING:
    from bototrail.policy.delivery import Target

_FILE = click.Path(path_type=Path)


@click.group()
def trails() -> None:
    """Check and show the trails file: which records are kept, and where they go."""


@trails.command()
@click.argument("file", type=_FILE)
@click.option(
    "--try", "tried", is_flag=True, help="Also try that the bucket, topic, log group, event bus and key can be used."
)
def check(file: Path, tried: bool) -> None:
    """Check a trails file by CloudTrail's rules.

    Exit code 1 when it has faults, each told on a line of its own.
    """
    loaded = _checked(file)
    for note in loaded.notes:
        click.echo(shown(note))
    if tried and _try(loaded.trails):
        raise SystemExit(1)
    count = len(loaded.trails)
    click.echo(shown(f"{file}: {count} trail{'s' * (count != 1)}, no faults"))


def _checked(file: Path) -> TrailsFile:
    try:
        return load_trails(file)
    except TrailsFileError as error:
        if not error.errors[0].line:  # there is no file to check
            raise
        click.echo(shown(str(error)))
        raise SystemExit(1) from None


def _try(tried: tuple[Trail, ...]) -> int:
    """Use every destination once; returns how many cannot be used."""
    from bototrail.deliver.probe import try_trail

    failures = 0
    for trail in tried:
        for destination, error in try_trail(trail):
            failures += error is not None
            said = "works" if error is None else " ".join(error.splitlines())
            click.echo(shown(f"{trail.Name}: {destination}: {said}"))
    return failures


@trails.command()
@click.argument("file", type=_FILE, required=False, envvar="BOTOTRAIL_TRAILS")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def show(file: Path | None, form: str) -> None:
    """Show what each trail keeps and where it goes.

    FILE is $BOTOTRAIL_TRAILS by default. With --format json it is what `aws cloudtrail describe-trails` prints, with
    the selectors, tags and table of buckets inside.
    """
    if file is None:
        raise ConfigError("a trails file", "neither FILE nor $BOTOTRAIL_TRAILS", "name one")
    loaded = load_trails(file)
    if form == "json":
        buckets = {"buckets": loaded.buckets} if loaded.buckets else {}
        click.echo(_json({**buckets, "trailList": [describe(trail) for trail in loaded.trails]}))
    else:
        click.echo(shown("\n\n".join("\n".join(_page(trail)) for trail in loaded.trails)))
    for note in loaded.notes:
        click.echo(shown(note), err=True)


def _page(trail: Trail) -> list[str]:
    lines, last = [trail.Name], ""
    for heading, text in words(trail):
        lines.append(f"  {'' if heading == last else heading:<10} {text}")
        last = heading
    return lines


@trails.command()
@click.argument("file", type=_FILE)
@click.option("--trail", "name", metavar="NAME", help="Only this trail.")
@click.option(
    "--account",
    "accounts",
    metavar="ID",
    multiple=True,
    help="Whose records are delivered; may be repeated.  [default: that of TrailARN, else any]",
)
@click.option(
    "--kind",
    type=click.Choice(["iam", "bucket", "key", "topic", "all"]),
    default="all",
    show_default=True,
    help="Policy of the identity that delivers, of the bucket, of the KMS key, of the SNS topic.",
)
def policy(file: Path, name: str | None, accounts: tuple[str, ...], kind: str) -> None:
    """Print the least policies that delivery needs.

    The policies of buckets, keys and topics are for those in other accounts: they let each account write below its own
    number only. Folders need none.
    """
    for account in accounts:
        if not (len(account) == 12 and account.isascii() and account.isdecimal()):
            raise ConfigError("12 digits for --account", repr(account), "correct it")
    click.echo(_json(_policies(_targets(file, name, accounts), kind)))


def _targets(file: Path, name: str | None, accounts: tuple[str, ...]) -> list[Target]:
    from bototrail.policy.delivery import target

    loaded = load_trails(file).trails
    chosen = [trail for trail in loaded if name in (None, trail.Name)]
    if not chosen:
        names = ", ".join(trail.Name for trail in loaded)
        raise ConfigError(f"a trail of {file} for --trail", repr(name), f"choose among {names}")
    return [target(trail, accounts) for trail in chosen]


def _policies(targets: list[Target], kind: str) -> Any:
    """One document for one kind and place, else documents by kind, and by bucket, key or topic."""
    from bototrail.policy import delivery

    known = [one for one in targets if "*" not in one.accounts]
    if len(known) < len(targets) and kind != "iam":
        hint = "policies of buckets, keys and topics need to know whose records are delivered: name it with --account"
        if kind != "all":
            raise click.UsageError(hint)
        click.echo(hint, err=True)
    documents = delivery.identity_policy(targets).documents
    out: dict[str, Any] = {
        "iam": documents[0] if len(documents) == 1 else documents,
        "bucket": delivery.bucket_policies(known),
        "key": delivery.key_policies(known),
        "topic": delivery.topic_policies(known),
    }
    if kind == "all":
        return {name: value for name, value in out.items() if value}
    found = out[kind]
    return next(iter(found.values())) if kind != "iam" and len(found) == 1 else found


def _json(value: Any) -> str:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2).decode()
