"""Amazon Pinpoint."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [AWS developer guide: application-id, page-size]
    wire_names=True,
)
