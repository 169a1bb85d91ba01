"""AWS Organizations."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.AccountName": "****",
        "*.Email": "****",
    },
)
