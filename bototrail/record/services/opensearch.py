"""Amazon OpenSearch Service."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [records of 2022]
    dates="locale",
)
