"""Partitions and their regions."""

from __future__ import annotations

from typing import Final

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

_STARTS: Final = tuple(_PARTITIONS)

# Where a partition's global services log. [rules: IAM, Route 53, CloudFront, Organizations log us-east-1]
_GLOBAL_REGIONS: Final = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def partition_of(region: str) -> str:
    """The partition of a region, by botocore's name, such as `aws-cn`."""
    if not region.startswith(_STARTS):  # most are
        return "aws"
    return next(name for start, name in _PARTITIONS.items() if region.startswith(start))


def global_region(partition: str) -> str:
    """The region in which a partition's global services log."""
    return _GLOBAL_REGIONS.get(partition, "us-east-1")
