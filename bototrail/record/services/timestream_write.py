"""Amazon Timestream, writing."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Records are content. [rules.md §12: bodies]
    hidden={
        "WriteRecordsRequest.Records": OMITTED,
    },
)
