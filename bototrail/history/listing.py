"""Which log files there are in a bucket, and what is to be done about them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Final, NamedTuple

from bototrail.errors import BucketError
from bototrail.history.catalogue import Known
from bototrail.integrity.places import in_logs
from bototrail.store import Entry, Store
from bototrail.store.folder import FolderStore

MOST_BYTES: Final = 7 * 1024 * 1024
"""Bytes of log files, as they lie in the bucket, that are taken in at a time: they make one part, nearly whole."""

MOST_FILES: Final = 1_000
"""Log files that are taken in at a time."""

ALL_SECONDS: Final = 15 * 60
"""Seconds after which all of a large bucket is listed again, and not its newest days alone."""

FEW_FILES: Final = 5_000
"""Log files of a bucket that is always listed as a whole, with a handful of requests."""

_MANY_ROOTS: Final = 20
_PROBES: Final = 8  # files that could not be read, of which the others' hope depends
_LOG: Final = re.compile(
    r"AWSLogs/(?:o-[a-z0-9]+/)?\d{12}/CloudTrail(?:-(?:Insight|NetworkActivity|Aggregated))?/[a-z0-9-]+"
    r"/(\d{4}/(?:0[1-9]|1[0-2])/(?:0[1-9]|[12]\d|3[01]))/[^/]+\.json(?:\.gz)?",
    re.ASCII,
)
_STAMP: Final = re.compile(r"_(\d{8}T\d{4}Z)")


class Load(NamedTuple):
    """Log files that are taken in at a time.

    Attributes:
        keys: of the files, and their tags.
        bytes: of the files.
        instead: a part that goes, because one of its files has changed; these are its others, too.
    """

    keys: list[tuple[str, str]]
    bytes: int
    instead: str = ""


class Found(NamedTuple):
    """What is to be done about a bucket.

    Attributes:
        loads: log files to take in.
        unread: keys among them of files that could not be read last time, for a try.
        rest: the others of those.
        gone: keys that are to be forgotten.
    """

    loads: list[Load]
    unread: frozenset[str]
    rest: list[Load]
    gone: list[str]


class Listing:
    """The log files of a bucket.

    Args:
        store: the bucket.
        known: the files that the index knows.
        days: how far back they are wanted.
        now: seconds since 1970.
        retry: whether those that could not be read are tried again.
    """

    def __init__(self, store: Store, known: Mapping[str, Known], days: int, now: float, *, retry: bool) -> None:
        self._store, self._known, self._retry = store, known, retry
        self._today = datetime.fromtimestamp(now, timezone.utc)
        # The folder is the day of delivery, and nothing is delivered before it was made.
        self._first = (self._today - timedelta(days=days)).strftime("%Y/%m/%d")

    def found(self, listed: float, *, wider: bool) -> tuple[Found, bool]:
        """What is to be done, and whether everything was listed for that.

        Args:
            listed: when that was the last time, seconds since 1970.
            wider: whether older events are wanted than last time.

        Raises:
            BucketError: the bucket cannot be listed.
        """
        if not wider and self._may_be_short(listed):
            entries = {entry.key: entry for entry in self._newest()}
            if not any(self._has_changed(entry) for entry in entries.values()):
                return self._plan(entries, whole=False, wider=False), False
        return self._plan({entry.key: entry for entry in self._all()}, whole=True, wider=wider), True

    # ---- listing
    def _may_be_short(self, listed: float) -> bool:
        is_folder = isinstance(self._store, FolderStore)
        recent = 0 <= self._today.timestamp() - listed <= ALL_SECONDS
        return not is_folder and recent and len(self._known) >= FEW_FILES and len(self._roots()) <= _MANY_ROOTS

    def _all(self) -> Iterator[Entry]:
        yield from self._wanted(self._store.entries())
        if isinstance(self._store, FolderStore) and not Path(self._store.folder).is_dir():
            raise BucketError(self._store.location, "nothing there")

    def _newest(self) -> Iterator[Entry]:
        """What was delivered to each account's region since the day before the last known delivery."""
        for root, last in self._roots().items():
            yield from self._wanted(self._store.entries(f"{root}/", f"{root}/{self._day_before(last)}"))

    def _day_before(self, day: str) -> str:
        try:
            found = datetime.strptime(day, "%Y/%m/%d").replace(tzinfo=timezone.utc)
        except ValueError:  # the 31st of February
            return day[:8]
        return f"{min(found, self._today) - timedelta(days=1):%Y/%m/%d}"

    def _roots(self) -> dict[str, str]:
        """Folders of an account's region, and the last day that is known there."""
        found: dict[str, str] = {}
        for key in self._known:
            root, year, month, day, _ = key.rsplit("/", 4)
            found[root] = max(found.get(root, ""), f"{year}/{month}/{day}")
        return found

    def _wanted(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        first, known = self._first, self._known
        for entry in entries:
            key = entry.key
            day = key[: key.rindex("/")][-10:] if key in known else day_of(key)  # what is known is a log file
            if day and day >= first:
                yield entry

    # ---- comparing
    def _plan(self, entries: Mapping[str, Entry], *, whole: bool, wider: bool) -> Found:
        known = self._known
        new = [entry for entry in entries.values() if entry.key not in known]
        unread = sorted(entry for key, entry in entries.items() if self._retry and key in known and not known[key].tag)
        changed = {key for key, entry in entries.items() if self._has_changed(entry)}
        if wider:
            changed |= {key for key, file in known.items() if file.cut and file.tag}
        missing = {key for key in known if key not in entries} if whole else set()
        old = {key for key in missing if (day_of(key) or "") < self._first}
        stale = {known[key].part for key in changed | (missing - old)} - {""}
        again = [entries[key] for key in changed if key in entries and not known[key].part]
        return Found(
            [*self._remade(stale, entries), *loads([*new, *again, *unread[:_PROBES]])],
            frozenset(entry.key for entry in unread[:_PROBES]),
            list(loads(unread[_PROBES:])),
            [key for key in missing if not known[key].part],
        )

    def _has_changed(self, entry: Entry) -> bool:
        known = self._known.get(entry.key)
        return known is not None and known.tag not in ("", tag_of(entry))

    def _remade(self, stale: set[str], entries: Mapping[str, Entry]) -> Iterator[Load]:
        """What parts are to be made of anew whose files have changed, or are gone."""
        files: dict[str, list[Entry]] = {part: [] for part in stale}
        if stale:
            for key, file in self._known.items():
                if file.part in stale and key in entries:
                    files[file.part].append(entries[key])
        for part, found in files.items():
            yield Load([(entry.key, tag_of(entry)) for entry in found], sum(entry.size for entry in found), part)


def day_of(key: str) -> str | None:
    """The day of delivery of a log file, `YYYY/MM/DD`; None of what is no log file."""
    found = _LOG.fullmatch(in_logs(key))
    return found[1] if found else None


def tag_of(entry: Entry) -> str:
    """Tells the content of a log file from any other that may have its key."""
    return f"{entry.tag or entry.modified}-{entry.size}"


def loads(entries: Sequence[Entry]) -> Iterator[Load]:
    """Log files in portions, in the order of their delivery."""
    keys, size, most = list[tuple[str, str]](), 0, _share(sum(entry.size for entry in entries))
    for entry in sorted(entries, key=_delivered):
        keys.append((entry.key, tag_of(entry)))
        size += entry.size
        if size >= most or len(keys) >= MOST_FILES:
            yield Load(keys, size)
            keys, size = [], 0
    if keys:
        yield Load(keys, size)


def _share(size: int) -> int:
    """Bytes of a portion, so that as many processes as there are cores have done theirs at the same time."""
    portions, cores = -(-size // MOST_BYTES), os.cpu_count() or 1
    return -(-size // (-(-portions // cores) * cores)) if portions > 1 else MOST_BYTES


def _delivered(entry: Entry) -> tuple[str, str]:
    found = _STAMP.search(entry.key.rpartition("/")[2])
    return (found[1] if found else (day_of(entry.key) or "").replace("/", ""), entry.key)
