"""AWS Elemental MediaConvert."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [AWS user guide: CreateQueue]
    dates="epoch",
)
