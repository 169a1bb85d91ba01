"""What is served: buckets by the names that S3 clients know them by, their trails, public keys and the state."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from bototrail.endpoint.book import Book
from bototrail.endpoint.digests import Digests, Span
from bototrail.endpoint.live import Live
from bototrail.errors import BucketError, ConfigError
from bototrail.integrity.public import PublicKey
from bototrail.regions import partition_of
from bototrail.store import Store, open_store
from bototrail.trails import Trail
from bototrail.trails.describe import describe

_log: Final = logging.getLogger("bototrail.endpoint")
NO_ACCOUNT: Final = "000000000000"
"""The account where nothing tells which one it is."""

# DescribeTrails' members, in the service's order. [Trail in botocore's model]
_MEMBERS: Final = (
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "SnsTopicARN",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "HomeRegion",
    "TrailARN",
    "LogFileValidationEnabled",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "KmsKeyId",
    "HasCustomEventSelectors",
    "HasInsightSelectors",
    "IsOrganizationTrail",
    "RecursiveLogging",
)


class KnownTrail(NamedTuple):
    """A trail that is served.

    Attributes:
        fields: what DescribeTrails says of it.
        location: folder or URL of its bucket, without options.
        organization: `o-...` of an organization trail, else empty.
        spans: its digest files, one for each account and region.
        trail: what the trails file says; None when digest files alone tell of it.
    """

    fields: Mapping[str, Any]
    location: str
    organization: str
    spans: tuple[Span, ...]
    trail: Trail | None = None

    @property
    def arn(self) -> str:
        """Its ARN."""
        return str(self.fields["TrailARN"])

    @property
    def name(self) -> str:
        """Its name."""
        return str(self.fields["Name"])

    @property
    def home(self) -> str:
        """Its home region."""
        return str(self.fields["HomeRegion"])

    def is_called(self, name: str) -> bool:
        """Whether it has this name, or this ARN."""
        return name in (self.name, self.arn) or (self.trail is not None and is_arn_of(self.trail, name))


class Place:
    """A bucket that is served, and the trails that a trails file has for it.

    Args:
        location: its folder or URL.
        trails: those of the trails file; None when its digest files tell which there are.
    """

    def __init__(self, location: str, trails: Iterable[Trail] | None = None) -> None:
        self.location = location.partition("?")[0]
        self.trails = None if trails is None else tuple(trails)
        self._accounts: dict[tuple[str, ...], str] = {}
        self._said: dict[str, str] = {}
        self._opened: Store | None = None
        self._digests: dict[str | None, Digests] = {}
        self._full = location

    @property
    def store(self) -> Store:
        """The bucket, opened when it is first asked for: a folder may not be there before the first delivery.

        Raises:
            ConfigError: it cannot be opened.
        """
        if self._opened is None:
            self._opened = open_store(self._full)
        return self._opened

    @property
    def address(self) -> str:
        """Its folder or URL with all options, to open it with."""
        return self._full

    def digests(self, prefix: str | None = None) -> Digests:
        """Its digest files, below one S3KeyPrefix or below all."""
        if prefix not in self._digests:
            self._digests[prefix] = Digests(self.store, prefix)
        return self._digests[prefix]

    def known(self) -> Iterator[KnownTrail]:
        """Its trails.

        Raises:
            BucketError: the bucket cannot be read, and what is in it has to tell.
        """
        if self.trails is None:
            yield from self._found()
        else:
            yield from map(self._described, self.trails)

    def described(self, trail: Trail) -> KnownTrail:
        """A trail of the trails file as `known` has it; but nobody waits for a network to know its account."""
        if "://" not in self.location:
            return self._described(trail)
        return self._with_account(trail, (), self._accounts.get(_key(trail), NO_ACCOUNT))

    def _described(self, trail: Trail) -> KnownTrail:
        prefix, spans = trail.S3KeyPrefix.rstrip("/"), tuple[Span, ...]()
        account = trail.account or NO_ACCOUNT
        try:
            mine = (trail.Name, trail.HomeRegion, trail.OrganizationId or "")
            found = self.digests(prefix).spans()
            spans = tuple(s for s in found if (s.chain.trail, s.chain.home, s.chain.organization) == mine)
            if trail.account is None:
                account = spans[0].chain.account if spans else self._first_account(prefix)
                self._accounts[_key(trail)] = account
        except ConfigError:  # its folder is not there before the first delivery
            pass
        except BucketError as error:  # it hides no other trail
            self._complain(trail.Name, str(error))
        return self._with_account(trail, spans, account)

    def _complain(self, name: str, error: str) -> None:
        """Say what is wrong with a trail's bucket, but not again for each request."""
        if self._said.get(name) != error:
            self._said[name] = error
            _log.warning("trail %s is told without its digest files: %s", name, error)

    def _with_account(self, trail: Trail, spans: tuple[Span, ...], account: str) -> KnownTrail:
        """A trail of the trails file, under the name that its bucket has in S3."""
        told, place, arn = describe(trail), trail.in_s3, trail.arn(account)
        told |= {"TrailARN": arn, "S3KeyPrefix": (place.prefix if place else "") + trail.S3KeyPrefix.rstrip("/")}
        told["S3BucketName"] = place.name if place else trail.S3BucketName
        topic, number = trail.SnsTopicName, arn.split(":")[4]
        if topic and "SnsTopicARN" not in told and number != NO_ACCOUNT:
            told["SnsTopicARN"] = f"arn:{partition_of(trail.HomeRegion)}:sns:{trail.HomeRegion}:{number}:{topic}"
        fields = {name: told[name] for name in _MEMBERS if told.get(name, "") != ""}
        return KnownTrail(fields, self.location, trail.OrganizationId or "", spans, trail)

    def _first_account(self, prefix: str) -> str:
        folder = next(self.digests(prefix).accounts(), f"{NO_ACCOUNT}/")
        return folder.rstrip("/").rpartition("/")[2]

    def _found(self) -> Iterator[KnownTrail]:
        """Trails that digest files tell of; one whose prefix has changed is where its newest one is."""
        groups: dict[tuple[str, ...], list[Span]] = {}
        digests = self.digests()
        for each in digests.spans():
            chain = each.chain
            owner = chain.organization or chain.account
            groups.setdefault((owner, chain.trail, chain.home), []).append(each)
        for spans in groups.values():
            yield self._told(digests, tuple(spans))

    def _told(self, digests: Digests, spans: tuple[Span, ...]) -> KnownTrail:
        last = max(spans, key=lambda each: each.newest)
        chain = last.chain
        fields = {
            "Name": chain.trail,
            "S3BucketName": digests.bucket(last) or self.own_name,
            "S3KeyPrefix": chain.prefix,
            "IncludeGlobalServiceEvents": True,
            "IsMultiRegionTrail": any(each.chain.region != chain.home for each in spans),
            "HomeRegion": chain.home,
            # The management account of an organization is in no name; that of the first member stands for it.
            "TrailARN": min(each.chain for each in spans).arn,
            "LogFileValidationEnabled": True,
            "HasCustomEventSelectors": False,
            "HasInsightSelectors": False,
            "IsOrganizationTrail": bool(chain.organization),
        }
        kept = {name: value for name, value in fields.items() if value != ""}
        return KnownTrail(kept, self.location, chain.organization, spans)

    @property
    def own_name(self) -> str:
        """The bucket's name in S3, else its folder's, as far as a bucket can be called so."""
        name = self.store.bucket or self.location.rstrip("/").rpartition("/")[2]
        return re.sub(r"[^A-Za-z0-9._-]", "-", name) or "bucket"

    def said(self) -> Iterator[str]:
        """The names that the trails file, or the store itself, has for the bucket."""
        for trail in self.trails or ():
            yield trail.S3BucketName
            if trail.in_s3 is not None:
                yield trail.in_s3.name
        if self.store.bucket is not None:
            yield self.store.bucket

    def told(self) -> Iterator[str]:
        """The names that its digest files have for it; its own when there is no other.

        Raises:
            BucketError: the bucket cannot be read.
        """
        digests = self.digests()
        found = {digests.bucket(span) for span in digests.spans()} - {None}
        yield from sorted(name for name in found if name) or ([] if list(self.said()) else [self.own_name])


@dataclass(frozen=True, eq=False, repr=False)
class Library:
    """All that the endpoint answers from.

    Attributes:
        places: the buckets; another time there may be others.
        keys: gives the public keys by their fingerprints, as they are now.
        state: the state directory.
        book: the trails file.
        read_only: whether the trails file is not to be changed.
        live: the events of the buckets; None when events are not looked up.
        management_only: whether LookupEvents finds management events only, as in AWS.
    """

    places: Iterable[Place]
    keys: Callable[[], Mapping[str, PublicKey]]
    state: Path
    book: Book | None = None
    read_only: bool = False
    live: Live | None = None
    management_only: bool = False

    def trails(self) -> list[KnownTrail]:
        """All trails, as they are now.

        Raises:
            BucketError: a bucket cannot be read that has to tell.
        """
        return [trail for place in self.places for trail in place.known()]

    def described(self, trail: Trail) -> KnownTrail:
        """A trail of the trails file, told without waiting for a network."""
        here = (place for place in self.places if any(each.Name == trail.Name for each in place.trails or ()))
        return next(here, Place(trail.bucket)).described(trail)


def is_arn_of(trail: Trail, name: str) -> bool:
    """Whether a name is an ARN of a trail; when the trails file says none, the account in it may be any.

    It is not known before the first delivery, and clients keep what they were told.
    """
    if trail.TrailARN is not None:
        return name == trail.TrailARN
    here, there = trail.arn(NO_ACCOUNT).split(":"), name.split(":")
    return len(there) == len(here) and [*here[:4], here[5]] == [*there[:4], there[5]]


def _key(trail: Trail) -> tuple[str, ...]:
    return trail.Name, trail.HomeRegion, trail.S3KeyPrefix
