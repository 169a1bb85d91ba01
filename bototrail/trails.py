"""Trails: which records are kept, and the bucket they go to, in the terms of CloudTrail's CreateTrail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

LOG_KINDS = {"Management": "CloudTrail", "Data": "CloudTrail"}
"""Folder and file name infix of a log file by eventCategory (facts: CloudTrail user guide, log file names)."""


@dataclass(frozen=True)
class Trail:
    """One trail.

    Attributes:
        Name: the trail's name.
        bucket: folder (absolute) or URL that its log files go to.
    """

    Name: str
    bucket: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON for the spool, so that another process can deliver."""
        return {"Name": self.Name, "bucket": self.bucket}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Trail:
        """Back from `to_dict`."""
        return cls(str(value["Name"]), str(value["bucket"]))


def default_trail(bucket: str) -> Trail:
    """The trail that exists without a trails file: all management and data events, to `bucket`."""
    return Trail("default", bucket)
