"""What the recorder hands back: what a flush did, and the records of a `recording()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from bototrail.capture.capture import Capture
from bototrail.spool import Entry, finish

if TYPE_CHECKING:
    from bototrail.policy import Policy


@dataclass(frozen=True)
class Flushed:
    """What `flush` did.

    Attributes:
        files: where the log files are that were delivered, paths or URLs.
        records: how many records they hold.
        errors: what went wrong, empty when everything is in its bucket. It will be tried again.
        complete: whether everything recorded so far is in its bucket.
    """

    files: tuple[str, ...] = ()
    records: int = 0
    errors: tuple[str, ...] = ()
    complete: bool = True


class Recording:
    """The records that were made inside `recording()`."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._entries: list[Entry] = []
        self._finished: list[dict[str, Any]] = []

    def _take(self, entry: Entry) -> None:
        self._entries.append(entry)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The CloudTrail records so far, in the order in which their calls ended. Who made them is resolved now."""
        self._capture.asker.ask()
        done = len(self._finished)
        identities = self._capture.identities
        self._finished += [orjson.loads(finish(entry, identities)[1]) for entry in self._entries[done:]]
        return list(self._finished)

    def policy(self, *, generalize: bool = False, conditions: bool = True, account: str | None = None) -> Policy:
        """The smallest IAM policy that allows the calls so far; `bototrail.policy.policy_of` says what the options do.

        Raises:
            MissingExtraError: the extra `policy` is not installed.
        """
        from bototrail.policy import policy_of

        return policy_of(self.records, generalize=generalize, conditions=conditions, account=account)
