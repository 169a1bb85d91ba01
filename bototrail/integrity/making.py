"""Digest files of all trails that a state directory delivers for."""

from __future__ import annotations

import contextlib
import fcntl
import functools
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from bototrail.capture.scope import paused
from bototrail.clock import now
from bototrail.deliver.buckets import open_bucket
from bototrail.deliver.destination import Attempt
from bototrail.deliver.ledger import Ledger, Series
from bototrail.deliver.totals import note_attempts
from bototrail.errors import BototrailError, DeliveryError
from bototrail.integrity.chain import HOUR, ChainMaker, Keys, Place
from bototrail.record.failures import harmless
from bototrail.store import open_store
from bototrail.trails import Trail, bucket_name

KIND: Final = "DigestDelivery"
"""What GetTrailStatus calls it: LatestDigestDeliveryTime, LatestDigestDeliveryError."""

KEPT_DAYS: Final = 30.0
"""How long log files wait for a digest when their bucket is gone."""


class Made(NamedTuple):
    """What came of one chain.

    Attributes:
        series: the chain.
        trail: its trail.
        files: places of the digest files that were made.
        error: what went wrong, None when nothing did.
    """

    series: Series
    trail: Trail
    files: list[str]
    error: BototrailError | None


class DigestMaker:
    """Makes what digest files are due; one process at a time for a state directory.

    Args:
        state: the state directory.
        keys: opens the keys, when there is something to sign.
        ledger: its ledger; a new one when left out.
    """

    def __init__(self, state: Path, keys: Callable[[], Keys], ledger: Ledger | None = None) -> None:
        self._state, self._open_keys, self._ledger = state, keys, ledger or Ledger(state)

    def make(self, trails: Collection[Trail] | None = None, *, closing: bool = False) -> list[Made]:
        """Make what is due.

        Args:
            trails: those that log now: their chains go on, hour by hour. Of others only those chains do that have log
                files in no digest. All when left out.
            closing: whether also the hour that has not ended gets its digest now.

        Returns:
            What came of each chain that there was something to do for; nothing while another process is at it.

        Raises:
            OSError: the ledger cannot be read or written.
            BototrailError: the keys cannot be used.
        """
        with _one_at_a_time(self._state / "digests.lock") as alone, paused():
            if not alone:
                return []
            self._ledger.write()
            logging = None if trails is None else {(t.bucket.partition("?")[0], t.Name) for t in trails}
            wanted = [each for each in self._ledger.series() if self._wanted(each[0], each[2], logging, closing)]
            if not wanted:
                return []
            keys = self._ready_keys(Trail.from_dict(trail) for _, trail, _ in wanted)
            made = [self._chain(*each, keys, closing=closing) for each in wanted]
        found = [each for each in made if each.files or each.error]
        self._note((each.trail, each.error) for each in found)
        return found

    def _ready_keys(self, trails: Iterable[Trail]) -> Keys:
        """The keys, with one to sign with: made before it is needed, it must be valid when the first hour ends."""
        try:
            keys = self._open_keys()
            keys.current(now())
        except BototrailError as error:
            self._note((trail, error) for trail in trails)
            raise
        return keys

    def _note(self, outcomes: Iterable[tuple[Trail, BototrailError | None]]) -> None:
        """Have `bototrail status` and GetTrailStatus tell what came of it."""
        with contextlib.suppress(OSError):
            note_attempts(self._state, [Attempt(trail, KIND, now(), error) for trail, error in outcomes])

    def _wanted(
        self, series: Series, state: Mapping[str, Any], logging: Collection[tuple[str, str]] | None, closing: bool
    ) -> bool:
        """Whether there may be something to do for a chain."""
        files, moment = self._ledger.files(series)
        if not self._is_gone(series):
            if not closing and state.get("checked") == moment // HOUR:
                return False  # programs may come and go by the second
            return bool(files) or logging is None or (series.place, series.trail) in logging
        if not files or files[-1].delivered < moment - KEPT_DAYS * 86400:
            self._ledger.forget(series)
        return False

    @staticmethod
    def _is_gone(series: Series) -> bool:
        """Whether its bucket was a folder that is no more; nothing makes it again."""
        return "://" not in series.place and not Path(series.place).is_dir()

    def _chain(
        self, series: Series, trail: dict[str, Any], state: dict[str, Any], keys: Keys, *, closing: bool
    ) -> Made:
        definition = Trail.from_dict(trail)
        files: list[str] = []
        try:
            maker = ChainMaker(series, definition, state, ledger=self._ledger, keys=keys, place=_place(definition))
            files.extend(maker.make(closing=closing))
        except BototrailError as error:
            return Made(series, definition, files, error)
        except Exception as error:  # noqa: BLE001 one chain must not hold up the others
            text = f"{series.place}: {type(error).__name__}: {harmless(str(error))}"
            return Made(series, definition, files, DeliveryError(text, code=type(error).__name__))
        return Made(series, definition, files, None)


def _place(trail: Trail) -> Place:
    s3 = trail.in_s3
    name = s3.name if s3 else trail.S3BucketName or bucket_name(trail.bucket)
    store = functools.cache(lambda: open_store(trail.bucket))
    return Place(open_bucket(trail.bucket), store, name, s3.prefix if s3 else "")


@contextlib.contextmanager
def _one_at_a_time(path: Path) -> Iterator[bool]:
    """Whether this process is the one, as long as it holds the lock."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.lockf(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(fd)
