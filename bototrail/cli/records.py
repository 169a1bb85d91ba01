"""Options of commands that read a bucket, and the records that they choose."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, TypeVar

import click

from bototrail.cli.shown import shown
from bototrail.errors import ConfigError
from bototrail.history.files import LogFiles
from bototrail.history.times import moment
from bototrail.policy.callers import Caller
from bototrail.store import open_store

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Choice:
    """Which records a command is about, as its options say."""

    bucket: str | None
    roles: tuple[str, ...]
    since: str | None
    until: str | None
    labels: tuple[str, ...]

    def records(self) -> Iterator[Mapping[str, Any]]:
        """The records, file by file; complaints about files go to stderr.

        Raises:
            BototrailError: the bucket cannot be read, or an option cannot be used.
        """
        now = datetime.now(timezone.utc)
        since = moment(self.since, now) if self.since else None
        until = moment(self.until, now) if self.until else None
        callers = [Caller(role) for role in self.roles]
        labels = [_label(text) for text in self.labels]
        location = self.bucket or os.environ.get("BOTOTRAIL", "")
        if not location:
            raise ConfigError("a bucket to read", "neither --bucket nor $BOTOTRAIL", "give --bucket FOLDER or an URL")
        files = LogFiles(open_store(location), lambda text: click.echo(shown(text).replace("\n", r"\n"), err=True))
        for record in files.records(since, until):
            if (not callers or any(caller.made(record) for caller in callers)) and _has(record, labels):
                yield record


def _label(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise ConfigError("NAME=VALUE for --label, such as phase=call", repr(text), "correct it")
    return name, value


def _has(record: Mapping[str, Any], labels: list[tuple[str, str]]) -> bool:
    if not labels:
        return True
    extra = record.get("additionalEventData")
    found = extra.get("labels") if isinstance(extra, Mapping) else None
    return isinstance(found, Mapping) and all(found.get(name) == value for name, value in labels)


def record_options(function: _Function) -> _Function:
    """`--bucket`, `--role`, `--since`, `--until` and `--label`; the command gets them as one `choice`."""
    options = (
        click.option("--bucket", metavar="FOLDER|URL", help="Bucket to read.  [default: $BOTOTRAIL]"),
        click.option(
            "--role", "roles", multiple=True, metavar="ARN", help="Only calls of this role or user; repeatable."
        ),
        click.option("--since", metavar="WHEN", help="Only calls from then on: 2026-11-21, 2h, 7d, yesterday."),
        click.option("--until", metavar="WHEN", help="Only calls up to then."),
        click.option("--label", "labels", multiple=True, metavar="NAME=VALUE", help="Only calls with this label."),
    )
    for option in reversed(options):
        function = option(function)
    return function
