"""Where in a bucket log files and digest files lie."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bototrail.deliver.layout import ACCOUNT, ORGANIZATION, REGION, logs_folder
from bototrail.integrity.form import Chain
from bototrail.store.base import Store

MOST_PREFIX: Final = 200
"""Characters that an S3KeyPrefix may have [CreateTrail]; deeper folders are not looked into."""

DIGESTS: Final = "CloudTrail-Digest"
_KIND: Final = re.compile(r"CloudTrail(?:-[A-Za-z]+)?")


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


@dataclass(frozen=True)
class Owner:
    """An account's folder in a bucket.

    Attributes:
        prefix: the trail's S3KeyPrefix, without `/` at its end.
        organization: `o-...` of an organization trail, else empty.
        account: 12 digits.
    """

    prefix: str
    organization: str
    account: str

    @property
    def folder(self) -> str:
        """The key that all of it begins with."""
        return f"{logs_folder(self.prefix)}{self.organization}{'/' * bool(self.organization)}{self.account}/"

    def digests(self, region: str) -> str:
        """The folder of a region's digest files."""
        return f"{self.folder}{DIGESTS}/{region}/"

    def regions(self, store: Store, wanted: Wanted, kind: str = DIGESTS) -> Iterator[str]:
        """The regions that have a folder of that kind."""
        for region in _names(store, f"{self.folder}{kind}/", REGION):
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
    for prefix in _prefixes(store, ""):
        root = logs_folder(prefix)
        for name in _names(store, root, re.compile("")):
            organization = name if ORGANIZATION.fullmatch(name) else ""
            accounts = _names(store, f"{root}{name}/", ACCOUNT) if organization else [name]
            for account in accounts:
                if ACCOUNT.fullmatch(account) and (not wanted.accounts or account in wanted.accounts):
                    yield Owner(prefix, organization, account)


def has_digests(store: Store, wanted: Wanted) -> bool:
    """Whether there is a folder of digest files.

    Raises:
        BucketError: the bucket cannot be listed.
    """
    return any(True for owner in owners(store, wanted) for _ in owner.regions(store, wanted))


def _prefixes(store: Store, under: str) -> Iterator[str]:
    """What stands before `AWSLogs/` in a bucket."""
    if len(under) > MOST_PREFIX + 1:
        return
    for folder in store.folders(under):
        if folder == f"{under}AWSLogs/":
            yield under.rstrip("/")
        else:
            yield from _prefixes(store, folder)


def _names(store: Store, under: str, pattern: re.Pattern[str]) -> Iterator[str]:
    for folder in store.folders(under):
        name = folder[len(under) : -1]
        if not pattern.pattern or pattern.fullmatch(name):
            yield name
