"""One chain of digest files: which hours are due, and what is signed for them.

Digests end on full hours, whoever makes them, so that several hosts meet at the same keys: whoever puts a digest first
has made it, and the others go on from there. Log files of theirs that it does not name follow in backfill digests,
which form a chain of their own.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterator, Mapping
from time import sleep
from typing import Any, Final, NamedTuple, Protocol

from bototrail.clock import event_time
from bototrail.deliver.buckets import Bucket
from bototrail.deliver.ledger import Ledger, Noted, Series
from bototrail.errors import BucketError, MissingObjectError
from bototrail.integrity.content import seconds
from bototrail.integrity.earlier import Earlier, find, newest_first
from bototrail.integrity.form import (
    ALGORITHM,
    BACKFILL_TIMESTAMP,
    SIGNATURE,
    SIGNATURE_ALGORITHM,
    Chain,
    Digest,
    Link,
    LogEntry,
    pack,
    sha256,
    string_to_sign,
)
from bototrail.integrity.public import PublicKey
from bototrail.integrity.signers import Signer
from bototrail.store import Store
from bototrail.trails import Trail

HOUR: Final = 3600
MOST_HOURS: Final = 31 * 24
"""How many hours get digests of their own when none was made for long; all before them share one."""

MOST_STEPS: Final = 64
"""Digest files that are followed back to the last one known here."""

MOST_FILES: Final = 100_000
"""Log files that all of these may name: a program's memory is not for what somebody planted."""


class Keys(Protocol):
    """The keys; see `bototrail.integrity.keys`."""

    def public_keys(self) -> Mapping[str, PublicKey]:
        """All that are known, by fingerprint."""

    def signer_for(self, end: float, now: float) -> Signer:
        """Who signs a digest that ends at `end`."""

    def current(self, now: float) -> Signer:
        """Who signs now."""


class Place(NamedTuple):
    """The bucket of a chain.

    Attributes:
        bucket: to put into.
        store: opens it for reading.
        name: what digest files call it.
        above: what keys in digest files begin with before those of `bucket`: the path in an s3:// URL.
    """

    bucket: Bucket
    store: Callable[[], Store]
    name: str
    above: str


class ChainMaker:
    """Makes the digest files of one chain.

    Args:
        series: the chain, as the ledger knows it.
        trail: its trail.
        state: what the ledger keeps of it; it is saved as the chain grows.
        ledger: the ledger.
        keys: the keys.
        place: the bucket.
    """

    def __init__(
        self, series: Series, trail: Trail, state: dict[str, Any], *, ledger: Ledger, keys: Keys, place: Place
    ) -> None:
        self._series, self._state, self._ledger, self._keys, self._place = series, state, ledger, keys, place
        prefix = (place.above + series.prefix).rstrip("/")
        self.chain = Chain(series.account, series.region, series.trail, series.home, prefix, series.organization)
        self._arn = trail.arn(series.account)
        self._files: list[Noted] = []
        self._now = 0.0
        self._known = keys.public_keys()

    def make(self, *, closing: bool = False) -> Iterator[str]:
        """Make what is due.

        Args:
            closing: whether also the hour that has not ended, up to now.

        Yields:
            The place of each digest file that was made, as a path or URL.

        Raises:
            DeliveryError: one could not be put or signed.
            BucketError: the bucket cannot be read.
        """
        self._files, self._now = self._ledger.files(self._series)
        if closing and self._files and self._files[-1].delivered >= self._now // 1:
            sleep(1.01 - self._now % 1)  # digests end on full seconds, and this one is to name these files, too
            self._files, self._now = self._ledger.files(self._series)
        if self._state.get("pending"):
            yield from self._resume(self._state["pending"])
        if self._due(closing=closing) is not None:
            self._catch_up("head")
        while (span := self._due(closing=closing)) is not None:
            yield from self._standard(*span)
        yield from self._backfills(closing=closing)
        self._save(checked=self._now // HOUR)

    # ---- digests of hours
    def _due(self, *, closing: bool) -> tuple[float, float] | None:
        """The beginning and the end of what the next digest is for, None when nothing is due."""
        head = self._link("head")
        if head is None and not self._files:
            return None
        # What was delivered before is in no digest, and may be from before there were any.
        start = seconds(head.end) if head else float(self._files[0].delivered // 1)
        end = max(start // HOUR * HOUR + HOUR, self._now // HOUR * HOUR - MOST_HOURS * HOUR)
        if end <= self._now:
            return start, end
        end = float(self._now // 1)
        return (start, end) if closing and end > start else None

    def _standard(self, start: float, end: float) -> Iterator[str]:
        """Make the digest of [start, end), or go on from the one that somebody else has made."""
        end = self._signable(end)
        while end <= self._now:
            key = self.chain.key(event_time(end))
            if self._at(key) is None:
                covered = [file for file in self._files if start <= file.delivered < end]
                made = self._make("head", event_time(start), event_time(end), covered)
                if made is not None:
                    yield made
                    return
            if isinstance(found := self._at(key), Earlier) and self._follow("head", found):
                return
            # What has this name is none of ours, and is left as it is; the next digest is for its time, too.
            end += HOUR
        raise BucketError(self._series.place, f"something else where a digest file should go, {key}")

    def _signable(self, end: float) -> float:
        """When a digest ends that can be signed: the hours from before the first key that is still here share one."""
        start = self._keys.signer_for(end, self._now).public.start
        first = -(-start // HOUR) * HOUR
        return first if start > end + 2 * HOUR and first <= self._now else end

    # ---- digests of what came too late for those
    def _late(self, *, closing: bool) -> list[Noted]:
        """Log files that no digest can name any more, of hours that have ended; of the one that runs, when closing."""
        head = self._link("head")
        until = min(seconds(head.end) if head else 0.0, self._ended(closing=closing))
        return [file for file in self._files if file.delivered < until]

    def _ended(self, *, closing: bool) -> float:
        return float(self._now // 1) if closing else self._now // HOUR * HOUR

    def _backfills(self, *, closing: bool) -> Iterator[str]:
        """Make the backfill digest of all that came too late.

        Its time is that of its making, not of the delivery: hosts that are late by different hours must meet at one
        key, or two digests would follow the same one, and who goes back from the newest would miss the other.
        """
        if self._late(closing=closing):
            self._catch_up("backfill")
        hour = self._ended(closing=closing)
        while late := self._late(closing=closing):
            last = self._link("backfill")
            begin = seconds(last.end) if last else 0.0
            # They stay in the order of their making, which is also that of their names: readers go by these.
            start, end = (hour - HOUR, hour) if begin < hour else (begin, begin + 1)
            while (found := self._at(self.chain.key(event_time(end), backfill=True))) is not None:
                if isinstance(found, Earlier) and self._follow("backfill", found):
                    break
                end += 1
            else:
                made = self._make("backfill", event_time(start), event_time(end), late)
                if made is not None:
                    yield made

    # ---- one digest file
    def _make(self, kind: str, start: str, end: str, files: list[Noted]) -> str | None:
        """Sign and put a digest file; where it is, None when somebody else was first.

        What was signed is kept before it is put: after a crash the very same bytes are put again.
        """
        backfill, place = kind == "backfill", self._place
        signer = self._keys.current(self._now) if backfill else self._keys.signer_for(seconds(end), self._now)
        named = [LogEntry(place.name, place.above + f.key, f.hash, f.oldest, f.newest) for f in files]
        digest = Digest(self.chain, place.name, start, end, self._link(kind), named, backfill)
        content = digest.content(signer.public.fingerprint)
        previous = digest.previous.signature if digest.previous else None
        signature = signer.sign(string_to_sign(end, place.name, digest.key, sha256(content), previous))
        metadata = {SIGNATURE: signature, SIGNATURE_ALGORITHM: ALGORITHM}
        if backfill:
            metadata[BACKFILL_TIMESTAMP] = event_time(self._now).replace("Z", ".000Z")
        pending = {
            "kind": kind,
            "link": list(Link(place.name, digest.key, sha256(content), signature, end)),
            "body": base64.b64encode(pack(content, metadata)).decode(),
            "metadata": metadata,
            "files": [file.key for file in files],
            "previous": previous,
        }
        self._save(pending=pending)
        return next(self._finish(pending), None)

    def _resume(self, pending: dict[str, Any]) -> Iterator[str]:
        """Put what was signed before a crash, unless the chain has gone on without it: it would cut that."""
        if self._at(Link(*pending["link"]).key) is None:
            self._catch_up(pending["kind"])
            last = self._link(pending["kind"])
            if pending.get("previous") != (last.signature if last else None):
                self._save(pending=None)
                return
        yield from self._finish(pending)

    def _finish(self, pending: dict[str, Any]) -> Iterator[str]:
        """Put what was signed; yields where it is, nothing when something else is there."""
        link = Link(*pending["link"])
        body = base64.b64decode(pending["body"])
        put = self._place.bucket.put(link.key.removeprefix(self._place.above), body, self._arn, pending["metadata"])
        if not put.created:
            found = self._at(link.key)
            if not isinstance(found, Earlier) or found.link != link:
                self._save(pending=None)
                return
        covered = set(pending["files"])
        self._files = [file for file in self._files if file.key not in covered]
        self._save(covered, pending=None, **{pending["kind"]: list(link)})
        yield put.where

    # ---- what is there
    def _at(self, key: str) -> Earlier | bool | None:
        """What is at a key: a digest file, True for something else, None for nothing."""
        try:
            return find(self._place.store(), key.removeprefix(self._place.above), self._place.name) or True
        except MissingObjectError:
            return None

    def _catch_up(self, kind: str) -> None:
        """Go on from the newest digest file in the bucket, which may be another host's."""
        there = newest_first(self._place.store(), self.chain, self._place.name, backfill=kind == "backfill")
        found, last = next(filter(self._is_credible, there), None), self._link(kind)
        if found is None or (last is not None and found.link.end <= last.end):
            return
        # One that does not follow the last one known here is believed if it is signed with a key that is.
        if not self._follow(kind, found) and (last is None or found.fingerprint in self._known):
            self._adopt(kind, [found])

    def _is_credible(self, found: Earlier) -> bool:
        """Whether it may be true; one of an unknown key must not be of the future: nothing could come after it."""
        in_time = found.fingerprint in self._known or seconds(found.link.end) <= self._now
        return in_time and found.may_be_true(self._known)

    def _follow(self, kind: str, found: Earlier) -> bool:
        """Go on from a digest file that follows the last one known here, whether at once or by others between."""
        last, path = self._link(kind), [found]
        while path[-1].may_be_true(self._known) and len(path) <= MOST_STEPS:
            if path[-1].previous == (last.signature if last else None):
                self._adopt(kind, path)
                return True
            before = self._at(path[-1].previous_key) if path[-1].previous_key else None
            if not isinstance(before, Earlier) or before.link.signature != path[-1].previous:
                return False
            path.append(before)
            if sum(len(each.files) for each in path) > MOST_FILES:
                return False
        return False

    def _adopt(self, kind: str, path: list[Earlier]) -> None:
        """Go on from the first of some digest files; what they name needs no other one, if their keys are known."""
        true = [found for found in path if found.fingerprint in self._known]
        files = {key: hash_ for found in true for key, hash_ in found.files.items()}
        covered = {f.key for f in self._files if files.get(self._place.above + f.key) == f.hash}
        self._files = [file for file in self._files if file.key not in covered]
        self._save(covered, **{kind: list(path[0].link)})

    def _link(self, kind: str) -> Link | None:
        return Link(*self._state[kind]) if self._state.get(kind) else None

    def _save(self, covered: Collection[str] = (), **changes: Any) -> None:
        self._state.update(changes)
        self._ledger.save(self._series, self._state, covered)
