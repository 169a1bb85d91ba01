"""Where a call was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from bototrail.regions import partition_of
from bototrail.spool.entry import NO_ACCOUNT


class Place(NamedTuple):
    """Where a call was made: what `${Partition}`, `${Region}` and `${Account}` stand for."""

    partition: str
    region: str
    account: str


def place_of(record: Mapping[str, Any]) -> Place:
    """Partition, region and account of a record; an account that nobody knows is `*`."""
    region, account = (_text(record.get(key)) for key in ("awsRegion", "recipientAccountId"))
    region, account = region or "us-east-1", account or "*"
    return Place(partition_of(region), region, "*" if account == NO_ACCOUNT else account)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
