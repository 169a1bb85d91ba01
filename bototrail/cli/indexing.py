"""The history of a bucket, opened for a command and brought up to date."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.progress import Line
from bototrail.cli.shown import shown
from bototrail.clock import monotonic
from bototrail.errors import BototrailError, ConfigError

if TYPE_CHECKING:
    from bototrail.history.history import History
    from bototrail.history.updating import Progress, Updated

_Function = TypeVar("_Function", bound=Callable[..., Any])
_BAR: Final = 24
_MOST_PROBLEMS: Final = 10
_SILENT_SECONDS: Final = 0.6
_BUSY_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Place:
    """Which history is meant, as the options say."""

    bucket: str | None
    state: Path | None
    days: int


def history_options(function: _Function) -> _Function:
    """`--bucket`, `--days` and `--state`; the command gets them as what a `Place` has."""
    options = (
        click.option("--bucket", metavar="FOLDER|URL", help="Bucket to read.  [default: $BOTOTRAIL]"),
        click.option(
            "--days",
            type=click.IntRange(1, 36_500),
            default=90,
            show_default=True,
            envvar="BOTOTRAIL_HISTORY_DAYS",
            help="How far back.  [env: BOTOTRAIL_HISTORY_DAYS]",
        ),
        state_option,
    )
    for option in reversed(options):
        function = option(function)
    return function


@contextmanager
def opened(place: Place, *, wait: bool = False) -> Iterator[History]:
    """The history that the options of a command mean, with all that is new; it is tidied up afterwards.

    Args:
        place: the options.
        wait: whether it is for what comes yet: a bucket may be empty, but the index must be complete.

    Raises:
        BototrailError: there is none, or it cannot be read.
    """
    from bototrail.history.filters import Filter
    from bototrail.history.history import History

    location = place.bucket or os.environ.get("BOTOTRAIL", "")
    if not location:
        raise ConfigError("a bucket to read", "neither --bucket nor $BOTOTRAIL", "give --bucket FOLDER or an URL")
    with History(location, days=place.days, state=state_directory(place.state)) as history:
        _refresh(history, wait=wait)
        if not history.events(Filter(), 1) and not wait:
            _complain(history)
        yield history
        if sys.stdout is not None:
            sys.stdout.flush()
        with suppress(BototrailError):  # what was asked for is done
            history.tidy()


def _complain(history: History) -> None:
    files, _ = history.totals()
    reached = f"in the last {history.days} days of {history.location}"
    if files:
        click.echo(shown(f"no events {reached}; --days reaches back further"), err=True)
        return
    todo = "name the bucket that was recorded into, or reach back further with --days"
    raise ConfigError(f"events {reached}", "no log files below AWSLogs/, and none that wait for delivery", todo)


def _refresh(history: History, *, wait: bool) -> None:
    """Take in what is new, with a line that says how far it is; files that cannot be read are told."""
    if history.busy() and not history.totals()[1]:
        click.echo("another process is making the index of this bucket; waiting until it has", err=True)
    with Line(sys.stderr) as line:
        silence = Timer(_SILENT_SECONDS, _draw, (line, f"listing {history.location}"))
        silence.daemon = True
        silence.start()
        bar = Bar(line)
        try:
            done = _not_busy(lambda: history.refresh(bar.show))
        finally:
            silence.cancel()
            silence.join()
    tell(done)
    if done.busy:
        then = "waiting until it has" if wait else "what it has not come to yet is missing"
        click.echo(f"another process is taking log files in; {then}", err=True)
    while done.busy and wait:  # else what is old would look new
        time.sleep(_BUSY_SECONDS)
        done = history.refresh()
        tell(done)


def _draw(line: Line, text: str) -> None:
    if line.due():
        line.draw(text)


def _not_busy(take: Callable[[], Updated]) -> Updated:
    """Most who are busy are so for a moment."""
    end = monotonic() + _BUSY_SECONDS
    while (done := take()).busy and monotonic() < end:
        time.sleep(0.05)
    return done


def tell(done: Updated) -> None:
    """Name the files that could not be read on stderr."""
    for key, why in done.problems[:_MOST_PROBLEMS]:
        click.echo(shown(f"{key}: {why}").replace("\n", r"\n"), err=True)
    if len(done.problems) > _MOST_PROBLEMS:
        click.echo(f"and {len(done.problems) - _MOST_PROBLEMS} more log files with problems", err=True)


class Bar:
    """How far an index is, in a `Line`.

    Args:
        line: where it is drawn.
    """

    def __init__(self, line: Line) -> None:
        self._line, self._began = line, monotonic()

    def show(self, progress: Progress) -> None:
        """Draw it anew, if it is time."""
        if self._line.due():
            self._line.draw(self.text(progress, monotonic() - self._began))

    @staticmethod
    def text(progress: Progress, seconds: float) -> str:
        """What is drawn.

        Args:
            progress: how far it is.
            seconds: since it began.
        """
        share = progress.files / max(1, progress.of)
        done = round(share * _BAR)
        left = f", {seconds * (1 / share - 1):.0f} s left" if share else ""
        bar = "#" * done + "-" * (_BAR - done)
        return f"[{bar}] {progress.files} of {progress.of} log files, {progress.records} events{left}"
