"""Where a call was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bototrail.spool.entry import NO_ACCOUNT

# What regions of other partitions than `aws` begin with. [botocore's partitions.json, regionRegex]
_PARTITIONS: Final = {
    "cn-": "aws-cn",
    "eu-isoe-": "aws-iso-e",
    "eusc-": "aws-eusc",
    "us-gov-": "aws-us-gov",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "us-isof-": "aws-iso-f",
}


class Place(NamedTuple):
    """Where a call was made: what `${Partition}`, `${Region}` and `${Account}` stand for."""

    partition: str
    region: str
    account: str


def place_of(record: Mapping[str, Any]) -> Place:
    """Partition, region and account of a record; an account that nobody knows is `*`."""
    region = str(record.get("awsRegion") or "us-east-1")
    partition = next((name for start, name in _PARTITIONS.items() if region.startswith(start)), "aws")
    account = str(record.get("recipientAccountId") or "*")
    return Place(partition, region, "*" if account == NO_ACCOUNT else account)
