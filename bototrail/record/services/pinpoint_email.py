"""Amazon Pinpoint email."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Messages are content. [as SES, rules.md §12]
    hidden={
        "RawMessage.Data": HIDDEN,
    },
)
