"""Amazon Kinesis Data Analytics."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="2015-08-14",
)
