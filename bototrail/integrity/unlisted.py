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
from bototrail.integrity.succession import SKEW
from bototrail.integrity.verdicts import FOLDER, INVALID, LOG, PENDING, UNPROVEN, Verdict
from bototrail.integrity.walk import GRACE, Context, Walk
from bototrail.store.base import Entry

LATE: Final = 900.0
"""Seconds between the time in a log file's name and its delivery, as CloudTrail promises them."""

LAG: Final = 60.0
"""Seconds that the clock of a store may be behind that of the one who signs."""

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
        told = len(walk.overdue) == len(ends)  # all chains are behind, which was said
        since = (max if told else min)(ends, default=0.0)
        shared = any(backfill for _, backfill in walk.series)  # another host's may come in a backfill digest yet
        began = walk.began
        for kind in self._owner.kinds(self._context.store):
            before = 0
            for entry, stamp in self._entries(kind):
                if entry.key in listed:
                    continue
                if stamp is not None and stamp < began:
                    before += 1
                    continue
                status, reason, detail = INVALID, verdicts.UNLISTED, self._perhaps_late(entry)
                if self._may_come(entry, stamp, since, told=told, shared=shared):
                    status, reason, detail = PENDING, verdicts.NOT_YET, ""
                yield Verdict(LOG, self._context.location(entry.key), entry.key, status, reason, detail)
            if before:
                yield self._folder(kind, before, UNPROVEN)

    def _may_come(self, entry: Entry, stamp: float | None, since: float, *, told: bool, shared: bool) -> bool:
        """Whether it may still come to stand in a digest file.

        Args:
            entry: the log file.
            stamp: the time in its name, seconds since 1970.
            since: the end of the newest digest file.
            told: whether it was told that all are overdue.
            shared: whether hosts that were late make backfill digests here.
        """
        if stamp is None or stamp > self._context.now + SKEW:
            return False
        named_later = stamp >= since - since % 60
        if told and named_later:
            return True
        # What was written before the newest digest file's end should be in it. In a copy all files are new, and whoever
        # plants one can say when he wrote it; so that counts for a short while only.
        lag = LAG if self._context.store.bucket is not None else 0.0
        written_later = entry.modified >= since - lag if entry.modified else named_later
        return self._is_fresh(stamp) and (written_later or shared)

    def _is_fresh(self, stamp: float | None) -> bool:
        """Whether a log file of that time need not be in a digest file yet."""
        now = self._context.now
        return stamp is not None and now - GRACE - LATE < stamp <= now + SKEW

    def _perhaps_late(self, entry: Entry) -> str:
        """What to say of a log file that is older than its being there: copies are such too, so it is no excuse."""
        now = self._context.now
        if self._context.wanted.end is None and now - GRACE < entry.modified <= now + SKEW:
            return f"it is there since {event_time(entry.modified)}; if it was delivered late, a digest file comes soon"
        return ""

    def without_digests(self, began: float) -> Iterator[Verdict]:
        """On the log files of a region that has no digest file at all.

        Args:
            began: when the first digest file of the account began, seconds since 1970.
        """
        folder = self._owner.digests(self._region)
        if any(digest_name(entry.key) is not None for entry in self._context.store.entries(folder)):
            return
        for kind in self._owner.kinds(self._context.store):
            counts = dict.fromkeys((INVALID, UNPROVEN, PENDING), 0)
            for _, stamp in self._entries(kind):
                before = stamp is not None and stamp < began
                counts[UNPROVEN if before else PENDING if self._is_fresh(stamp) else INVALID] += 1
            for status, count in counts.items():
                if count:
                    yield self._folder(kind, count, status)

    def _folder(self, kind: str, count: int, status: str) -> Verdict:
        key = f"{self._owner.folder}{kind}/{self._region}/"
        have = "log file has" if count == 1 else "log files have"
        reason, detail = f"{count} {have} no digest files{' yet' * (status == PENDING)}", ""
        if status == INVALID:
            detail = "the folder of digest files was deleted, or they were made without any"
        if status == UNPROVEN:
            reason = f"{count} {'log file is' if count == 1 else 'log files are'} from before the first digest file"
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
    """The time in a log file's name, seconds since 1970; None when there is none, or it is in the folder of another."""
    day, _, name = place.rpartition("/")
    found = LOG_FILE_NAME.fullmatch(name)
    if found is None or found["time"][:8] != day.replace("/", ""):
        return None
    t = found["time"]
    try:
        return seconds(f"{t[:4]}-{t[4:6]}-{t[6:8]}T{t[9:11]}:{t[11:13]}:00Z")
    except FormatError:
        return None
