"""Amazon EC2 Auto Scaling."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import REMOVED, Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.UserData": REMOVED,
    },
)
