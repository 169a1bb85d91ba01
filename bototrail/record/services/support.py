"""AWS Support."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Attachments are content. [rules.md §12: bodies]
    hidden={
        "Attachment.data": HIDDEN,
    },
)
