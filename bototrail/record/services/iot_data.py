"""AWS IoT, data plane."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Messages are content. [rules.md §12: bodies]
    hidden={
        "*.payload": OMITTED,
    },
)
