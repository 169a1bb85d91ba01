"""How a digest file fits those before it, walking from the oldest to the newest with the last one in mind.

AWS's own verifier walks the other way, by what each digest file says of the one before it, and compares nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from bototrail.clock import event_time
from bototrail.integrity import verdicts
from bototrail.integrity.content import Content, Previous
from bototrail.integrity.digests import HOUR, Checked
from bototrail.integrity.form import Chain, DigestName, digest_name
from bototrail.integrity.verdicts import Fault, short

SKEW: Final = 300.0
"""Seconds that the clock of the one who signs may be before ours."""

Look = Callable[[str, DigestName], Checked | None]
"""Reads a digest file of any key, by what its key should tell; None when there is none."""


class Missing(NamedTuple):
    """A digest file that another one names, but that is not there.

    Attributes:
        key: its key, as the other one has it.
        named_by: the key of that other one.
    """

    key: str
    named_by: str


class Hole(NamedTuple):
    """A stretch of time that no digest file covers.

    Attributes:
        start: seconds since 1970.
        end: seconds since 1970.
    """

    start: float
    end: float

    @property
    def reason(self) -> str:
        """It in words."""
        return f"no digest file between {event_time(self.start)} and {event_time(self.end)}"


class _Last(NamedTuple):
    """The last digest file that is signed as it should be."""

    key: str
    hash: str
    signature: str
    end: float
    text: str


class Succession:
    """The digest files of a chain, the hourly ones or the backfill ones, one after the other.

    Args:
        chain: whose they are.
        backfill: which of them.
        bucket: the bucket's name in S3; None when the first one is to say it.
        prefix: what keys have before ours there.
        start: from when on digest files are looked at, seconds since 1970; None from the first.
        now: seconds since 1970.
        look: reads those that others name.

    Attributes:
        before: the key of the last one before `start`; empty when there is none.
        until: digestEndTime of the last one, good or bad, as its name tells; None when there is none.
        began: digestStartTime of the first good one, if that is a starting digest and there is none before it.
        bad: how many bad ones came since the last good one.
        met: whether there is any that was looked at, or is from before `start`.
    """

    def __init__(
        self,
        chain: Chain,
        backfill: bool,
        *,
        bucket: str | None,
        prefix: str,
        start: float | None,
        now: float,
        look: Look,
    ) -> None:
        self.chain, self.backfill, self.bucket = chain, backfill, bucket
        self.before = ""
        self.until: float | None = None
        self.began: float | None = None
        self.bad = 0
        self.met = False
        self._prefix, self._start, self._now, self._look = prefix, start, now, look
        self._last: _Last | None = None
        self._starts = 0

    def fault(self, found: Checked) -> Fault | None:
        """What is wrong with a digest file by itself, its bucket among it."""
        said, bucket = found.content, self.bucket
        if said is not None and found.placed and bucket is not None and said.bucket != bucket:
            detail = f"it says that its bucket is {short(said.bucket)}; of a copy, name that with --s3-bucket"
            return Fault(verdicts.MOVED, detail)
        if found.fault is None and said is not None:
            self.bucket = said.bucket
        return found.fault

    def passed(self, end: float) -> None:
        """Note that there is a digest file, whatever it is like."""
        if end <= self._now + SKEW:
            self.until = end if self.until is None else max(end, self.until)

    @property
    def end(self) -> float | None:
        """When the last good one ends, None when there is none."""
        return self._last.end if self._last else None

    def skip(self) -> None:
        """Go past a digest file that nothing can be built on."""
        self.bad += 1

    def links(self, found: Checked) -> Iterator[Fault | Missing | Hole]:
        """What is wrong with a good digest file and those before it, and go past it.

        Args:
            found: one that `fault` finds nothing in.
        """
        said = found.content
        assert said is not None
        if said.start >= said.end:
            yield Fault(verdicts.BACKWARDS)
        if said.end > self._now + SKEW:
            yield Fault(verdicts.IN_FUTURE)
        missing = False
        for each in self._previous(found, said):
            missing = missing or isinstance(each, Missing)
            yield each
        if self._last is not None and not self.backfill:
            yield from self._times(said, self._last.end, missing)
        if self._last is None and not self.before and said.previous is None:
            self.began = said.start
        self._last, self.bad = _Last(found.key, found.hash, found.signature, said.end, said.end_text), 0
        self._starts += said.previous is None

    def _times(self, said: Content, end: float, missing: bool) -> Iterator[Fault | Hole]:
        """What is wrong between the end of the last good one and the start of the next."""
        if said.start < end:
            yield Fault(verdicts.OVERLAPS, f"which ends {event_time(end)}")
        elif said.start == end:
            return
        elif said.previous is None or not (missing or self.bad):
            yield Fault(Hole(end, said.start).reason)
        elif said.start - end > (missing + self.bad + 0.5) * HOUR:
            yield Hole(end, said.start)

    def _previous(self, found: Checked, said: Content) -> Iterator[Fault | Missing]:
        previous, last = said.previous, self._last
        if previous is None:
            yield from self._cut(said)
        elif previous.bucket != self.bucket:
            if last is not None or self.before:
                yield Fault(verdicts.PREVIOUS_BUCKET, short(f"it is {previous.bucket}"))
        elif last is not None and previous.key == self._prefix + last.key:
            yield from _compared(previous, last.hash, last.signature)
        else:
            yield from self._elsewhere(found, previous)

    def _cut(self, said: Content) -> Iterator[Fault]:
        """A starting digest must be the first one; from `start` on, nothing before it may be left out."""
        if self.backfill:
            older = self._starts > 0  # they need not come in the order of their times
        else:
            older = self._last is not None
            older = older or (bool(self.before) and self._start is not None and said.start > self._start)
        if older:
            key = self._last.key if self._last else self.before
            yield Fault(verdicts.CHAIN_CUT, f"{key} comes before it")

    def _elsewhere(self, found: Checked, previous: Previous) -> Iterator[Fault | Missing]:
        """Of a digest file that names another one than the last good one."""
        key = previous.key.removeprefix(self._prefix)
        name = digest_name(key)
        inside = previous.key.startswith(self._prefix) and key != found.key
        other = self._look(key, name or found.name) if inside else None
        between = self._is_between(name, found)
        if other is None and between and inside:
            if name is None or self._start is None or name.end >= event_time(self._start):
                yield Missing(key, found.key)  # else nobody asked for it
        elif other is None or not between or name is None:
            yield Fault(verdicts.PREVIOUS_OBJECT, short(f"it is {previous.key}"))
        elif other.fault is None and (self.backfill or self._last is None):
            yield from _compared(previous, other.hash, other.signature)
        # Else it is a bad one, which is told in its own place.

    def _is_between(self, name: DigestName | None, found: Checked) -> bool:
        """Whether a digest file of that name would come after the last good one and before this one.

        What has no name of a digest file is nowhere, and can only be missing.
        """
        if name is None:
            return True
        if (name.chain, name.backfill) != (self.chain, self.backfill):
            return False
        return self.backfill or (name.end < found.name.end and (self._last is None or self._last.text < name.end))


def _compared(previous: Previous, content_hash: str, signature: str) -> Iterator[Fault]:
    if previous.hash != content_hash:
        yield Fault(verdicts.PREVIOUS_HASH, f"the digest file before it has {content_hash}")
    if previous.signature.lower() != signature:
        yield Fault(verdicts.PREVIOUS_SIGNATURE)
