"""A trail, in the terms of CloudTrail's CreateTrail, PutEventSelectors, PutInsightSelectors and AddTags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from bototrail.regions import partition_of

LOG_KINDS: Final = {"Management": "CloudTrail", "Data": "CloudTrail"}
"""Folder and file name infix of a log file by eventCategory (facts: CloudTrail user guide, log file names)."""

DEFAULT_SELECTORS: Final = (
    {
        "Name": "Management events selector",
        "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}],
    },
)
"""What a trail logs that has no selectors of its own. [facts §4.1]"""


class InS3(NamedTuple):
    """A place in S3.

    Attributes:
        name: the bucket's own name, which a trails file may call otherwise.
        prefix: what all keys there begin with, empty or ending in `/`.
        options: options of the URL, by their names.
    """

    name: str
    prefix: str
    options: dict[str, str]


@dataclass(frozen=True, eq=False, repr=False)
class Trail:
    """One trail. Fields with a capital are CloudTrail's own and mean what they mean there.

    Attributes:
        Name: the trail's name.
        bucket: folder (absolute) or URL of the bucket, options of the store in its query; keys in it begin with
            S3KeyPrefix.
        TrailARN: None when the file does not say it; `arn` makes one then.
        HomeRegion: the region of a one-region trail.
        OrganizationId: `o-...`, for organization trails; what DescribeOrganization answers.
        everything: management and data events of all types, which no selector can say; `AllEvents` in a file, and the
            trail that needs no file.
        IsLogging: whether it takes records; what is spooled for it is delivered in any case.
        SelectorRules: by whose rules the selectors were checked, those of a `Trail` or of an `EventDataStore`.
        event_bridge: EventBusName, ReadOnlyManagementEvents and Source, None when nothing goes to EventBridge.
        delivery: options of boto3 for the delivering clients (`profile_name`, `credentials_file`, `region_name`,
            `endpoint_url`, `role_arn`), and tables `s3`, `sns`, `logs`, `events` of them for one service alone.
    """

    Name: str
    bucket: str
    S3BucketName: str = ""
    S3KeyPrefix: str = ""
    TrailARN: str | None = None
    HomeRegion: str = "us-east-1"
    SnsTopicName: str | None = None
    IncludeGlobalServiceEvents: bool = True
    IsMultiRegionTrail: bool = True
    EnableLogFileValidation: bool = False
    CloudWatchLogsLogGroupArn: str | None = None
    CloudWatchLogsRoleArn: str | None = None
    KmsKeyId: str | None = None
    IsOrganizationTrail: bool = False
    OrganizationId: str | None = None
    RecursiveLogging: bool = True
    EventSelectors: tuple[Mapping[str, Any], ...] = ()
    AdvancedEventSelectors: tuple[Mapping[str, Any], ...] = ()
    InsightSelectors: tuple[Mapping[str, Any], ...] = ()
    TagsList: tuple[Mapping[str, str], ...] = ()
    everything: bool = False
    IsLogging: bool = True
    SelectorRules: str = "Trail"
    event_bridge: Mapping[str, Any] | None = None
    delivery: Mapping[str, Any] = field(default_factory=dict)

    def arn(self, account: str) -> str:
        """The trail's ARN; without one of its own, that of a trail of the same name in `account`."""
        partition = partition_of(self.HomeRegion)
        return self.TrailARN or f"arn:{partition}:cloudtrail:{self.HomeRegion}:{account}:trail/{self.Name}"

    @property
    def account(self) -> str | None:
        """The account that the trail is of, as far as its ARN says."""
        return self.TrailARN.split(":")[4] if self.TrailARN else None

    @property
    def in_s3(self) -> InS3 | None:
        """Where in S3 the bucket is, None for a folder or another store."""
        place, _, query = self.bucket.partition("?")
        scheme, _, rest = place.partition("://")
        if scheme != "s3":
            return None
        name, _, path = rest.partition("/")
        path = path.strip("/")
        return InS3(name, f"{path}/" if path else "", dict(parse_qsl(query)))

    @property
    def goes_out(self) -> bool:
        """Whether something of it goes over a network."""
        beside = (self.SnsTopicName, self.CloudWatchLogsLogGroupArn, self.event_bridge)
        return "://" in self.bucket or any(place is not None for place in beside)

    def to_dict(self) -> dict[str, Any]:
        """As JSON for the spool, so that another process can deliver; what is as by default is left out."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: value for name, value in values.items() if name in _NEEDED or value != _DEFAULTS[name]}

    @classmethod
    def from_dict(cls, value: Mapping[str, Any]) -> Trail:
        """Back from `to_dict`; fields that a newer release may have written are passed over."""
        known = {name: value[name] for name in (*_NEEDED, *_DEFAULTS) if name in value}
        values: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
        return cls(**values)


_NEEDED: Final = ("Name", "bucket")
_DEFAULTS: Final[dict[str, Any]] = {
    name: value for name, value in Trail("", "").__dict__.items() if name not in _NEEDED
}


def default_trail(bucket: str, *, log_file_validation: bool = False) -> Trail:
    """The trail that exists without a trails file: all management and data events, to `bucket`.

    Args:
        bucket: its folder or URL.
        log_file_validation: whether there are digest files of its log files.
    """
    name, on = bucket_name(bucket), log_file_validation
    return Trail("default", bucket, S3BucketName=name, everything=True, EnableLogFileValidation=on)


def bucket_name(location: str) -> str:
    """The name of the bucket in S3 at a location; for a folder or another store one that S3 would take.

    Digest files name their bucket, a folder's too, and AWS's own verifier asks for it by that name.
    """
    place = location.partition("?")[0].rstrip("/")
    scheme, colon, rest = place.partition("://")
    if scheme == "s3":
        return rest.partition("/")[0]
    last = (rest if colon else place).rpartition("/")[2].lower()
    name = re.sub(r"[^a-z0-9]+", "-", last)[:63].strip("-")
    return name if len(name) >= 3 else "bototrail"  # the shortest that S3 takes
