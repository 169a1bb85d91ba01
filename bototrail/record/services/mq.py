"""Amazon MQ."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §8]
    error_message=False,
    # [rules.md §12]
    hidden={
        "*.Password": "***",
    },
)
