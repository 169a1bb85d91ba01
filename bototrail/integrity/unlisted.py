"""Log files that no digest file names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import Final

from bototrail.clock import event_time
from bototrail.deliver.layout import LOG_FILE_NAME
from bototrail.integrity import verdicts
from bototrail.integrity.content import FormatError, seconds
from bototrail.integrity.form import digest_name
from bototrail.integrity.places import Owner
from bototrail.integrity.verdicts import FOLDER, INVALID, LOG, PENDING, Verdict
from bototrail.integrity.walk import GRACE, Context, Walk
from bototrail.store.base import Entry

LATE: Final = 900.0
"""Seconds between the time in a log file's name and its delivery, as CloudTrail promises them."""

_UNFINISHED: Final = re.compile(r"\.[^/]+\.json\.gz\.tmp")


class Listed:
    """The keys of log files that digest files name; in a temporary database, so that they may be millions."""

    def __init__(self) -> None:
        import sqlite3

        self._base = sqlite3.connect("")
        self._base.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8192;")
        self._base.execute("CREATE TABLE listed (key BLOB PRIMARY KEY) WITHOUT ROWID")

    def add(self, keys: Iterable[str]) -> None:
        """Remember some."""
        self._base.executemany("INSERT OR IGNORE INTO listed VALUES (?)", ((_hash(key),) for key in keys))

    def __contains__(self, key: str) -> bool:
        return self._base.execute("SELECT 1 FROM listed WHERE key = ?", (_hash(key),)).fetchone() is not None

    def close(self) -> None:
        """Forget them."""
        self._base.close()


def _hash(key: str) -> bytes:
    return blake2b(key.encode(errors="surrogatepass"), digest_size=16).digest()


class Unlisted:
    """Looks for log files of an account and region that no digest file names.

    Args:
        context: what all of the validation share.
        owner: whose they are.
        region: of which region.
    """

    def __init__(self, context: Context, owner: Owner, region: str) -> None:
        self._context, self._owner, self._region = context, owner, region

    def verdicts(self, walk: Walk, listed: Listed) -> Iterator[Verdict]:
        """On each of them; nothing on those that are named.

        Args:
            walk: through the digest files, at its end.
            listed: the log files that they name.
        """
        hourly = [series for (_, backfill), series in walk.series.items() if not backfill]
        ends = [series.until for series in hourly if series.until is not None]
        first = min((series.since for series in hourly if series.since is not None), default=0.0)
        told = len(walk.overdue) == len(ends)  # all chains are behind, which was said
        for kind in self._owner.kinds(self._context.store):
            for entry, stamp in self._entries(kind):
                if entry.key in listed:
                    continue
                status, reason, detail = INVALID, verdicts.UNLISTED, ""
                if self._may_come(entry, stamp, ends, told):
                    status, reason = PENDING, verdicts.NOT_YET
                elif stamp is not None and stamp < first:
                    detail = "it is older than the first digest file; --start leaves such files out"
                elif self._context.now - GRACE < max(ends, default=0.0) <= entry.modified <= self._context.now:
                    detail = "it was written after the newest one; if it was delivered late, the next one names it"
                yield Verdict(LOG, self._context.location(entry.key), entry.key, status, reason, detail)

    def _may_come(self, entry: Entry, stamp: float | None, ends: list[float], told: bool) -> bool:
        """Whether it may still come to stand in a digest file, because it was delivered after the newest one's end.

        When it was written proves little, because in a copy all files are new. So the time in its name counts, give or
        take as long as a delivery takes.

        Args:
            entry: the log file.
            stamp: the time in its name, seconds since 1970.
            ends: of the newest digest file of each chain.
            told: whether all of them are overdue.
        """
        if stamp is None or not (told or stamp > self._context.now - GRACE - LATE):
            return False
        since = (max if told else min)(ends, default=0.0)
        late = stamp >= since - LATE and (entry.modified >= since or not entry.modified)
        return late or stamp >= since - since % 60

    def without_digests(self) -> Iterator[Verdict]:
        """On the log files of a region that has no digest file at all."""
        folder = self._owner.digests(self._region)
        if any(digest_name(entry.key) is not None for entry in self._context.store.entries(folder)):
            return
        for kind in self._owner.kinds(self._context.store):
            due = recent = 0
            for _, stamp in self._entries(kind):
                if stamp is not None and stamp > self._context.now - GRACE - LATE:
                    recent += 1
                else:
                    due += 1
            for count, status, yet in ((due, INVALID, ""), (recent, PENDING, " yet")):
                if count:
                    yield self._folder(kind, count, status, yet)

    def _folder(self, kind: str, count: int, status: str, yet: str) -> Verdict:
        key = f"{self._owner.folder}{kind}/{self._region}/"
        have = "log file has" if count == 1 else "log files have"
        reason = f"{count} {have} no digest files{yet}"
        detail = "" if yet else "made before digest files were, or the folder of digest files was deleted"
        return Verdict(FOLDER, self._context.location(key), key, status, reason, detail, files=count)

    def _entries(self, kind: str) -> Iterator[tuple[Entry, float | None]]:
        """The files of a folder that were asked for, and the times in their names, None where there is none."""
        wanted = self._context.wanted
        folder = f"{self._owner.folder}{kind}/{self._region}/"
        after = "" if wanted.start is None else f"{folder}{_day(wanted.start)}"
        for entry in self._context.store.entries(folder, after):
            place = entry.key[len(folder) :]
            if wanted.end is not None and place[:10] > _day(wanted.end):
                return
            mark = entry.key.endswith("/") and not entry.size  # of a folder, in S3
            if not mark and not _UNFINISHED.fullmatch(place.rpartition("/")[2]):
                stamp = _stamp(place)
                if self._in_range(place, stamp):
                    yield entry, stamp

    def _in_range(self, place: str, stamp: float | None) -> bool:
        """Whether the name is in the range asked for; where it tells no time, its folder counts, which is of a day."""
        wanted = self._context.wanted
        if stamp is not None:
            return not (wanted.start and stamp < wanted.start) and not (wanted.end is not None and stamp > wanted.end)
        return wanted.start is None or place[:10] >= _day(wanted.start)


def _day(time: float) -> str:
    """The date folder of a time."""
    return event_time(time)[:10].replace("-", "/")


def _stamp(place: str) -> float | None:
    """The time in a log file's name, seconds since 1970."""
    found = LOG_FILE_NAME.fullmatch(place.rpartition("/")[2])
    if found is None:
        return None
    t = found["time"]
    try:
        return seconds(f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[9:11]}:{t[11:13]}:00Z")
    except FormatError:
        return None
