"""Amazon Kendra."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Documents are content. [rules.md §12: bodies]
    hidden={
        "Document.Blob": OMITTED,
    },
)
