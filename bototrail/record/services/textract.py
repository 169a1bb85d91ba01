"""Amazon Textract."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Pictures are content. [by the rule of rules.md §12 for other services]
    hidden={
        "*.Bytes": OMITTED,
    },
)
