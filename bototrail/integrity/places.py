"""Where in a bucket log files and digest files lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bototrail.deliver.layout import ACCOUNT, ORGANIZATION, REGION
from bototrail.integrity.form import Chain
from bototrail.store.base import Store

MOST_PREFIX: Final = 200
"""Characters that an S3KeyPrefix may have [CreateTrail]; deeper folders are not looked into."""

MOST_FOLDERS: Final = 200
"""Folders whose folders are remembered, and how many of each."""

DIGESTS: Final = "CloudTrail-Digest"
_KIND: Final = re.compile(r"CloudTrail(?:-[A-Za-z]+)?", re.IGNORECASE)
_ANY: Final = re.compile("")


@dataclass(frozen=True)
class Wanted:
    """Which digest files and log files are to be validated.

    Attributes:
        trails: names or ARNs of trails; any when empty.
        accounts: 12 digits each; any when empty.
        regions: such as `eu-central-1`; any when empty.
        start: from when on, seconds since 1970; None from the first digest file.
        end: until when; None until now, and then the newest digest file must be there.
        bucket: the name that the bucket has, or had, in S3; None when the store knows it, or the digest files shall.
    """

    trails: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    start: float | None = None
    end: float | None = None
    bucket: str | None = None

    def takes(self, chain: Chain) -> bool:
        """Whether a chain is of a wanted trail.

        The ARN of an organization's trail has the account of the trail, not that of the member.
        """
        if not self.trails or chain.trail in self.trails:
            return True
        _, _, name = chain.arn.partition(f":{chain.account}:")
        ours = (arn.split(":", 5) for arn in self.trails if arn.startswith("arn:"))
        return any(
            arn[3:4] == [chain.home] and arn[5:] == [name] and (chain.organization or arn[4] == chain.account)
            for arn in ours
        )


class Missing:
    """What of that which is wanted has no digest files.

    Args:
        wanted: what is to be validated.
    """

    def __init__(self, wanted: Wanted) -> None:
        self._trails = {name: Wanted((name,)) for name in wanted.trails}
        self._others = [*wanted.accounts, *wanted.regions]

    def met(self, chains: Iterable[Chain]) -> None:
        """There are some of these chains."""
        for chain in chains:
            self._trails = {name: one for name, one in self._trails.items() if not one.takes(chain)}
            self._others = [name for name in self._others if name not in (chain.account, chain.region)]

    def names(self) -> list[str]:
        """The trails, accounts and regions that were not met."""
        return [*self._trails, *self._others]


class Remembered:
    """A store that is asked for its folders once; see `Store`. Over a network each question takes its time.

    Args:
        store: the bucket.
    """

    def __init__(self, store: Store) -> None:
        self.location, self.bucket, self.prefix = store.location, store.bucket, store.prefix
        self.entries, self.open = store.entries, store.open
        self._ask = store.folders
        self._folders: dict[str, list[str]] = {}

    def folders(self, under: str = "") -> Iterator[str]:
        """See `Store`; what is more than may be held in memory is asked for anew."""
        if under in self._folders:
            yield from self._folders[under]
            return
        found: list[str] = []
        for folder in self._ask(under):
            if len(found) <= MOST_FOLDERS:
                found.append(folder)
            yield folder
        if max(len(found), len(self._folders)) <= MOST_FOLDERS:
            self._folders[under] = found


@dataclass(frozen=True)
class Owner:
    """An account's folder in a bucket.

    Attributes:
        root: the key of the folder `AWSLogs/`, the trail's S3KeyPrefix before it.
        organization: `o-...` of an organization trail, else empty.
        account: 12 digits.
    """

    root: str
    organization: str
    account: str

    @property
    def folder(self) -> str:
        """The key that all of it begins with."""
        return f"{self.root}{self.organization}{'/' * bool(self.organization)}{self.account}/"

    def digests(self, region: str) -> str:
        """The folder of a region's digest files."""
        return f"{self.folder}{DIGESTS}/{region}/"

    def regions(self, store: Store, wanted: Wanted, kind: str = DIGESTS) -> Iterator[str]:
        """The regions that have a folder of that kind; of log files any folder is taken for one, to miss none."""
        for region in _names(store, f"{self.folder}{kind}/", REGION if kind == DIGESTS else _ANY):
            if not wanted.regions or region in wanted.regions:
                yield region

    def kinds(self, store: Store) -> list[str]:
        """The kinds of log files that there are: `CloudTrail`, `CloudTrail-Insight` and so on."""
        return [kind for kind in _names(store, self.folder, _KIND) if kind != DIGESTS]


def owners(store: Store, wanted: Wanted) -> Iterator[Owner]:
    """All accounts that have log files or digest files in a bucket, in the order of their keys.

    Raises:
        BucketError: the bucket cannot be listed.
    """
    for root in _roots(store, ""):
        for name in _names(store, root, _ANY):
            organization = name if ORGANIZATION.fullmatch(name) else ""
            accounts = _names(store, f"{root}{name}/", ACCOUNT) if organization else [name]
            for account in accounts:
                if ACCOUNT.fullmatch(account) and (not wanted.accounts or account in wanted.accounts):
                    yield Owner(root, organization, account)


def has_digests(store: Store, wanted: Wanted) -> bool:
    """Whether there is a folder of digest files.

    Raises:
        BucketError: the bucket cannot be listed.
    """
    return any(True for owner in owners(store, wanted) for _ in owner.regions(store, wanted))


def _roots(store: Store, under: str) -> Iterator[str]:
    """The folders `AWSLogs/` in a bucket, which are not looked for inside of each other; `in_logs` knows the same."""
    if len(under) > MOST_PREFIX + 1:
        return
    for folder in store.folders(under):
        if folder == f"{under}AWSLogs/":
            yield folder
        else:
            yield from _roots(store, folder)


def in_logs(key: str) -> str:
    """A key from its `AWSLogs/` on, as far as validation looks for it there; else empty."""
    before, found, rest = f"/{key}".partition("/AWSLogs/")
    return f"AWSLogs/{rest}" if found and len(before) <= MOST_PREFIX + 1 else ""


def _names(store: Store, under: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for folder in store.folders(under):
        name = folder[len(under) : -1]
        if pattern is _ANY or pattern.fullmatch(name):
            yield name
