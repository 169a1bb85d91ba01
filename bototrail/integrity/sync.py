"""A whole bucket is copied into another one: which objects, several at a time, and what became of them."""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from typing import Final

from bototrail.errors import ConfigError
from bototrail.integrity.copying import COPIED, DIFFERING, FAILED, MENDED, SKIPPED, Copier, Outcome, Target
from bototrail.store import Entry, Store
from bototrail.store.folder import FolderStore
from bototrail.store.s3 import S3Store

_LOGS: Final = re.compile(r"(?:^|/)AWSLogs/")
# What a deliverer who was killed left in a folder, or is writing now.
_TEMPORARY: Final = re.compile(r"(?:^|/)\.[^/]*\.tmp$")
_AHEAD: Final = 4
"""Objects that wait for each thread."""


class Sync:
    """Copies a bucket.

    Args:
        source: where from.
        target: where to.
        everything: whether to copy what lies outside of `AWSLogs/`, too.
        jobs: how many objects at a time.
        dry_run: whether nothing is to be written.
        mend: whether digest files that are there without their metadata get them.

    Attributes:
        counts: how many objects have come to what.
        bytes: of what was copied.
        moved: bucket and key of a digest file as it says, and as it is now, if these differ; of the first such one.

    Raises:
        ConfigError: one bucket is a part of the other one.
    """

    def __init__(
        self,
        source: Store,
        target: Target,
        *,
        everything: bool = False,
        jobs: int = 8,
        dry_run: bool = False,
        mend: bool = False,
    ) -> None:
        _check_apart(source, target.store, mend=mend)
        self._source, self._target = source, target
        self._everything, self._jobs = everything, jobs
        self._stop = threading.Event()
        self._copier = Copier(source, target, dry_run=dry_run, mend=mend, stop=self._stop)
        self.counts: Counter[str] = Counter(dict.fromkeys((COPIED, SKIPPED, MENDED, DIFFERING, FAILED), 0))
        self.bytes = 0

    @property
    def moved(self) -> tuple[tuple[str, str], tuple[str, str]] | None:
        """See the class."""
        return self._copier.moved

    @property
    def complete(self) -> bool:
        """Whether all that there is to copy is in the target now."""
        return not (self.counts[DIFFERING] or self.counts[FAILED])

    def run(self) -> Iterator[Outcome]:
        """Copy, and say what became of each object, in the order of their keys.

        Who stops asking stops the copying: what has begun is finished, so that there are whole objects only.

        Raises:
            BucketError: one of the buckets cannot be listed.
        """
        waiting: deque[Future[Outcome]] = deque()
        pool = ThreadPoolExecutor(self._jobs, "bototrail-sync")
        try:
            for entry, there in _paired(self._wanted(), self._target.store.entries()):
                # Threads are in no context of their own, and what is paused here is paused there.
                waiting.append(pool.submit(copy_context().run, self._copier.copy, entry, there))
                if len(waiting) > self._jobs * _AHEAD:
                    yield self._counted(waiting.popleft().result())
            while waiting:
                yield self._counted(waiting.popleft().result())
        finally:
            self._stop.set()
            pool.shutdown(cancel_futures=True)

    def _wanted(self) -> Iterator[Entry]:
        for entry in self._source.entries():
            is_marker = entry.key.endswith("/") and not entry.size
            is_temporary = self._source.bucket is None and _TEMPORARY.search(entry.key)
            if not (is_marker or is_temporary) and (self._everything or _LOGS.search(entry.key)):
                yield entry

    def _counted(self, outcome: Outcome) -> Outcome:
        self.counts[outcome.what] += 1
        self.bytes += outcome.size
        return outcome


def _paired(source: Iterable[Entry], target: Iterable[Entry]) -> Iterator[tuple[Entry, Entry | None]]:
    """Each object of the source with that of its key in the target; both listings are in the order of keys."""
    others = iter(target)
    other = next(others, None)
    for entry in source:
        while other is not None and other.key.encode() < entry.key.encode():
            other = next(others, None)
        yield entry, other if other is not None and other.key == entry.key else None


def _check_apart(source: Store, target: Store, *, mend: bool) -> None:
    """A bucket inside of the other one would be copied into itself without end."""
    ours, theirs = _place(source), _place(target)
    if ours == theirs and not mend:
        raise ConfigError("two buckets", f"one, {source.location}", "name another one to copy to")
    if ours != theirs and theirs[-1].startswith(ours[-1]) and theirs[:-1] == ours[:-1]:
        raise ConfigError("two buckets", f"one inside of the other, {target.location}", "name a place outside of it")


def _place(store: Store) -> tuple[str, ...]:
    if isinstance(store, FolderStore):
        return "folder", f"{store.folder.resolve()}/"
    if isinstance(store, S3Store):
        return "s3", store.endpoint, str(store.bucket), store.prefix
    return "url", f"{store.location.rstrip('/')}/"
