"""Printing events as they come, until somebody stops it."""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Final, TextIO

import click

from bototrail.cli.indexing import tell
from bototrail.cli.shown import shown
from bototrail.clock import monotonic
from bototrail.errors import BototrailError

if TYPE_CHECKING:
    from bototrail.cli.lookup_forms import Form
    from bototrail.history.filters import Filter
    from bototrail.history.history import History

_EVERY: Final = 1.0  # seconds
_REMOTE_EVERY: Final = 5.0  # a listing over the network costs something
# Times longer than a look takes, at least, it is waited for the next one.
_BUCKET_SHARE: Final = 20
_SPOOL_SHARE: Final = 5
_AFTER_FAILURE: Final = 15.0


def follow(history: History, query: Filter, form: Form, out: TextIO, last: int) -> None:
    """Print the last events, and then each one as it comes; it ends with Ctrl-C, or when nobody reads any more.

    Args:
        history: brought up to date.
        query: which events.
        form: how they are printed.
        out: where.
        last: how many of those that are there.
    """
    arrivals = history.arrivals(query)
    form.rows(arrivals.first(last))
    out.flush()
    looks, pause = Looks(history), _EVERY
    while True:
        time.sleep(pause)
        _stop_if_alone(out)
        began = monotonic()
        delivered = looks.look()
        if found := arrivals.take():
            form.rows(found)
            out.flush()
        if not delivered:
            pause = max(_EVERY, (monotonic() - began) * _SPOOL_SHARE)


class Looks:
    """Looks for what is new: at the spool often, at the bucket as often as it is cheap.

    Args:
        history: brought up to date.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._least = _REMOTE_EVERY if "://" in history.location else _EVERY
        self._next = monotonic() + self._least
        self._failed = False

    def look(self) -> bool:
        """Look once; gives whether at the bucket, too. What cannot be done for now is told once."""
        began = monotonic()
        due = began >= self._next
        try:
            tell(self._history.refresh(delivered=due))
            if due:
                self._history.tidy()
                self._failed = False
        except BototrailError as error:  # of a bucket, or of a cache that is full
            if not self._failed:
                click.echo(shown(f"{error}; trying again"), err=True)
            self._failed = True
        if due:
            now = monotonic()
            self._next = now + max(self._least, (now - began) * _BUCKET_SHARE, _AFTER_FAILURE * self._failed)
        return due


def _stop_if_alone(out: TextIO) -> None:
    """What is written to may be closed long before there is anything to write."""
    try:
        poll = select.poll()
        poll.register(out.fileno(), 0)
        alone = any(event & (select.POLLERR | select.POLLHUP) for _, event in poll.poll(0))
    except (OSError, ValueError):  # no file of the system's
        return
    if alone:
        raise BrokenPipeError
