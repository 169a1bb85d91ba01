"""AWS End User Messaging SMS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Messages are content. [as SNS, rules.md §12]
    hidden={
        "*.MessageBody": HIDDEN,
    },
)
