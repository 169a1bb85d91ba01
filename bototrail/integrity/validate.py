"""Whether the log files and digest files of a bucket are as they were delivered.

0. Every folder of digest files is listed in the order of its keys: from the oldest to the newest.
1. Each is read under limits and checked by itself: its form, its place, its key, its signature (`digests`).
2. It is compared with the one before it, of which no more is kept than that takes (`succession`).
3. The log files that it names are hashed, in threads; only if it is signed as it should be (`walk`, `logs`).
4. The newest one must be there (`walk`).
5. Then the log files of the account and region are listed: each must have been named (`unlisted`).
6. At last those regions are looked for that have log files, but no digest files at all; and what was named to be
   validated, and has none.

What a bucket holds can make verdicts, but no errors: those are only for what cannot be listed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from bototrail.clock import now as clock
from bototrail.integrity import verdicts
from bototrail.integrity.digests import KeyFinder
from bototrail.integrity.places import Missing, Owner, Wanted, owners
from bototrail.integrity.pool import Job, Pool
from bototrail.integrity.public import PublicKey
from bototrail.integrity.unlisted import Listed, Unlisted
from bototrail.integrity.verdicts import CHAIN, INVALID, Verdict
from bototrail.integrity.walk import Context, Walk
from bototrail.store.base import Store

REMOTE_JOBS = 16
AHEAD = 4
"""How many log files a thread are read ahead."""


def among(keys: Mapping[str, PublicKey]) -> KeyFinder:
    """Finds public keys among some that are known by their fingerprints, whatever their region and validity."""
    return lambda _region, fingerprint, _first, _last: keys.get(fingerprint)


def validate(
    store: Store, keys: KeyFinder, wanted: Wanted | None = None, *, jobs: int | None = None, now: float | None = None
) -> Iterator[Verdict]:
    """A verdict on every digest file and log file of a bucket, and on what should be there and is not.

    They come in the order of the bucket's keys, log files after the digest file that names them, always the same.

    Args:
        store: the bucket.
        keys: finds public keys, see `among`.
        wanted: what is to be validated; None is all.
        jobs: how many threads read; None is as many as a folder has processors, and 16 elsewhere.
        now: seconds since 1970; None is the real time.

    Raises:
        BucketError: the bucket cannot be listed.
        MissingExtraError: the package for signatures is not installed.
    """
    threads = jobs or (REMOTE_JOBS if "://" in store.location else os.cpu_count() or 1)
    pool = Pool(threads)
    context = Context(store, keys, wanted or Wanted(), pool, clock() if now is None else now)
    try:
        yield from pool.ordered(_all(context), AHEAD * threads)
    finally:
        pool.close()


def _all(context: Context) -> Iterator[Verdict | Job[Verdict]]:
    store, wanted = context.store, context.wanted
    with_trail: dict[Owner, float] = {}  # whose digest files were asked for, and when they began: one an account
    missing = Missing(wanted)
    for owner in owners(store, wanted):
        for region in owner.regions(store, wanted):
            listed = Listed()
            try:
                walk = Walk(context, owner.digests(region), listed.add)
                yield from walk.verdicts()
                met = [chain for chain, _ in walk.series if wanted.takes(chain)]
                missing.met(met)
                if met:
                    with_trail[owner] = min(walk.began, with_trail.get(owner, walk.began))
                    yield from Unlisted(context, owner, region).verdicts(walk, listed)
            finally:
                listed.close()
    if with_trail:
        yield from _without_digests(context, with_trail)
        for each in missing.names():
            yield Verdict(CHAIN, f"{store.location} {each}", "", INVALID, verdicts.NONE_OF_IT)


def _without_digests(context: Context, with_trail: Mapping[Owner, float]) -> Iterator[Verdict]:
    """On regions with log files only; of all accounts, or when trails are named, of those that they have."""
    store, wanted = context.store, context.wanted
    for owner in owners(store, wanted):
        if wanted.trails and owner not in with_trail:
            continue
        regions = {region for kind in owner.kinds(store) for region in owner.regions(store, wanted, kind)}
        for region in sorted(regions):
            yield from Unlisted(context, owner, region).without_digests(with_trail.get(owner, 0.0))
