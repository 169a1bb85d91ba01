"""The digest files of one account and region, in the order of their keys, and the log files that they name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, NamedTuple

from bototrail.clock import event_time
from bototrail.integrity import digests, logs, verdicts
from bototrail.integrity.content import FormatError, LogFile, seconds
from bototrail.integrity.digests import HOUR, Checked, KeyFinder
from bototrail.integrity.form import Chain, DigestName, digest_name
from bototrail.integrity.places import Wanted
from bototrail.integrity.pool import Job, Pool
from bototrail.integrity.succession import Hole, Missing, Succession
from bototrail.integrity.verdicts import CHAIN, DIGEST, INVALID, LOG, Fault, Verdict
from bototrail.store.base import Store

GRACE: Final = 2 * HOUR
"""How long after its beginning an hour must have its digest file: an hour later it is over, and one more is granted."""

LATER: Final = 25 * HOUR
"""How long after the end asked for digest files are read on, to see whether they name log files of before."""

MOST_SERIES: Final = 1000
"""Succession of digest files in a folder; CloudTrail has 5 trails in a region."""


class Context(NamedTuple):
    """What all of a validation share.

    Attributes:
        store: the bucket.
        keys: finds public keys.
        wanted: what is to be validated.
        pool: the threads.
        now: seconds since 1970.
    """

    store: Store
    keys: KeyFinder
    wanted: Wanted
    pool: Pool
    now: float

    def location(self, key: str) -> str:
        """Where a key is, for people."""
        return f"{self.store.location.rstrip('/')}/{key}"


class _Read(NamedTuple):
    """A digest file of a listing, what came of reading it (None when it is not there), and whether it was asked for."""

    key: str
    name: DigestName
    told: bool
    found: Checked | None


class Walk:
    """The walk through one folder of digest files.

    Args:
        context: what all share.
        folder: the folder's key, ending in `/`.
        listed: told of the keys of log files that digest files name which are signed as they should be.

    Attributes:
        series: those that were met, by chain and whether they are of backfill digests.
        overdue: chains that lack their newest digest files.
    """

    def __init__(self, context: Context, folder: str, listed: Callable[[tuple[str, ...]], None]) -> None:
        self.series: dict[tuple[Chain, bool], Succession] = {}
        self.overdue: set[Chain] = set()
        self._context, self._folder, self._listed = context, folder, listed

    def verdicts(self) -> Iterator[Verdict | Job[Verdict]]:
        """One on each digest file and log file, those of log files to be worked out; then on what is missing."""
        ahead = min(max(4, self._context.pool.threads), 16)
        found: Iterator[Verdict | _Read] = self._context.pool.ordered(self._jobs(), ahead)
        for each in found:
            if isinstance(each, _Read):
                yield from self._digest(each)
            else:
                yield each
        for (chain, backfill), series in self.series.items():
            if not backfill:
                yield from self._newest(chain, series)
            elif (chain, False) not in self.series and self._context.wanted.takes(chain):
                yield self._chain(chain, "no digest files but backfill ones", "")

    @property
    def began(self) -> float:
        """When the first of the chains began, seconds since 1970; 0 when that is not known of one of them."""
        starts = [series.began or 0.0 for (_, backfill), series in self.series.items() if not backfill]
        return min(starts, default=0.0)

    def _jobs(self) -> Iterator[Verdict | _Read | Job[Verdict | _Read]]:
        """Digest files to be read, in order; and verdicts on what is none."""
        for entry in self._context.store.entries(self._folder):
            if not entry.key.endswith(".json.gz"):
                continue  # such as what others keep beside them; the AWS CLI does not look at it either
            name = digest_name(entry.key)
            end = _end(name)
            if name is None or end is None:
                if not self._context.wanted.trails:
                    yield self._verdict(entry.key, INVALID, Fault(verdicts.MISNAMED))
                continue
            series = self._series_of(name)
            if series is None:
                yield self._verdict(entry.key, INVALID, Fault(verdicts.MANY_TRAILS))
            elif (told := self._told(name, end, series)) is not None:
                series.met = True
                yield Job(partial(self._read, entry.key, name, told))
            elif end < (self._context.wanted.start or 0.0):
                series.before, series.met = entry.key, True
                series.passed(end)

    def _series_of(self, name: DigestName) -> Succession | None:
        key = (name.chain, name.backfill)
        if key not in self.series:
            if len(self.series) >= MOST_SERIES:
                return None
            context, wanted = self._context, self._context.wanted
            self.series[key] = Succession(
                *key,
                bucket=wanted.bucket or context.store.bucket,
                prefix=context.store.prefix,
                start=wanted.start,
                now=context.now,
                look=self._look,
            )
        return self.series[key]

    def _told(self, name: DigestName, end: float, series: Succession) -> bool | None:
        """Whether a digest file was asked for; None when it need not even be read."""
        wanted = self._context.wanted
        if wanted.start is not None and end < wanted.start:
            return None
        if wanted.end is None or end <= wanted.end + HOUR:
            return wanted.takes(name.chain)
        # A file that was delivered late stands in a later digest file, or in a backfill digest of any time. Of a chain
        # without any in the range the first one tells whether there should be some.
        return False if name.backfill or end <= wanted.end + LATER or not series.met else None

    def _read(self, key: str, name: DigestName, told: bool) -> _Read:
        return _Read(key, name, told, self._look(key, name))

    def _look(self, key: str, name: DigestName) -> Checked | None:
        context = self._context
        return digests.read(context.store, context.store.prefix, key, name, context.keys)

    def _digest(self, read: _Read) -> Iterator[Verdict | Job[Verdict]]:
        """On a digest file, and the log files that it names."""
        found, series = read.found, self.series[read.name.chain, read.name.backfill]
        if found is None:  # it went between listing and reading
            if read.told:
                yield self._verdict(read.key, INVALID, Fault(verdicts.NOT_FOUND), read.name)
            return
        beyond = not read.told and self._context.wanted.takes(read.name.chain)
        if not beyond:
            series.passed(seconds(found.name.end))
        if fault := series.fault(found):
            if not beyond:  # else what is not told would excuse what is missing
                series.skip()
            if read.told:
                yield self._verdict(read.key, INVALID, fault, read.name, found)
            return
        hole = self._hole_before(series, found) if beyond else None
        wrong = list(series.links(found))
        if hole is not None:
            yield self._chain(read.name.chain, hole.reason, f"{found.key} comes after it")
        files = found.files()
        prefix = self._context.store.prefix
        self._listed(tuple(file.key[len(prefix) :] for file in files if file.key.startswith(prefix)))
        if not read.told:
            return
        yield from self._linked(read.name, found, wrong)
        assert found.content is not None
        for file in files:
            yield self._log(file, found.content.bucket, read.name)

    def _hole_before(self, series: Succession, found: Checked) -> Hole | None:
        """The time up to the end asked for that is missing before the first good digest file of later."""
        assert found.content is not None
        assert self._context.wanted.end is not None
        last = series.end
        if series.backfill or last is None or not last < min(found.content.start, self._context.wanted.end):
            return None
        return None if series.bad else Hole(last, found.content.start)  # of bad ones it was told

    def _linked(self, name: DigestName, found: Checked, wrong: list[Fault | Missing | Hole]) -> Iterator[Verdict]:
        """On a good digest file, and what is missing before it."""
        faults = []
        for each in wrong:
            if isinstance(each, Missing):
                detail = f"{each.named_by} names it"
                yield self._verdict(each.key, INVALID, Fault(verdicts.NOT_FOUND, detail), name)
            elif isinstance(each, Hole):
                yield self._chain(name.chain, each.reason, "", backfill=name.backfill)
            else:
                faults.append(each)
        if not faults:
            yield self._verdict(found.key, verdicts.VALID, Fault(""), name, found)
            return
        others = [fault.reason + (f", {fault.detail}" if fault.detail else "") for fault in faults[1:]]
        fault = Fault(faults[0].reason, "; ".join(filter(None, [faults[0].detail, *others])))
        yield self._verdict(found.key, INVALID, fault, name, found)

    def _log(self, file: LogFile, bucket: str, name: DigestName) -> Verdict | Job[Verdict]:
        prefix = self._context.store.prefix
        if file.bucket != bucket or not file.key.startswith(prefix):
            where = f"s3://{file.bucket}/{file.key}"
            detail = "it cannot be looked at from here"
            return Verdict(LOG, where, file.key, INVALID, verdicts.OTHER_BUCKET, detail, name.backfill, name.chain)
        return Job(partial(self._hash, file.key[len(prefix) :], file.hash, name))

    def _hash(self, key: str, expected: str, name: DigestName) -> Verdict:
        fault = logs.check(self._context.store, key, expected)
        status, said = (verdicts.VALID, Fault("")) if fault is None else (INVALID, fault)
        return Verdict(LOG, self._context.location(key), key, status, *said, name.backfill, name.chain)

    def _newest(self, chain: Chain, series: Succession) -> Iterator[Verdict]:
        """On digest files that should have come since the last one."""
        wanted, now = self._context.wanted, self._context.now
        due = now - GRACE if wanted.end is None else min(wanted.end - HOUR, now - GRACE)
        if series.until is None:
            if wanted.takes(chain) and (series.began is None or series.began < due):
                yield self._chain(chain, f"no digest file up to {event_time(wanted.end or now)}", "")
            return
        if series.until > due:
            return
        self.overdue.add(chain)
        if wanted.takes(chain):
            todo = "bototrail digest makes those that are due; of a trail that was stopped, say until when with --end"
            yield self._chain(chain, f"no digest file since {event_time(series.until)}", todo)

    def _chain(self, chain: Chain, reason: str, detail: str, *, backfill: bool = False) -> Verdict:
        where = f"{self._context.location(chain.folder)} {chain.trail}"
        return Verdict(CHAIN, where, chain.folder, INVALID, reason, detail, backfill, chain)

    def _verdict(
        self, key: str, status: str, fault: Fault, name: DigestName | None = None, found: Checked | None = None
    ) -> Verdict:
        said = found.content if found else None
        return Verdict(
            DIGEST,
            self._context.location(key),
            key,
            status,
            *fault,
            name is not None and name.backfill,
            name and name.chain,
            said and said.start,
            said and said.end,
        )


def _end(name: DigestName | None) -> float | None:
    """What a key says of digestEndTime, None when it is no time."""
    try:
        return None if name is None else seconds(name.end)
    except FormatError:
        return None
