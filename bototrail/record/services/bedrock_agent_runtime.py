"""Amazon Bedrock agents, at run time."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Images are content. [rules.md §12: Bedrock bodies]
    hidden={
        "ImageInputSource.bytes": OMITTED,
    },
)
