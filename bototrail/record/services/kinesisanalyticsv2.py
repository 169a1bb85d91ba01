"""Amazon Managed Service for Apache Flink."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Files are content. [as Lambda, rules.md §12]
    hidden={
        "*.ZipFileContent": OMITTED,
        "*.ZipFileContentUpdate": OMITTED,
    },
    # [AWS developer guide; a record of 2021]
    api_version="2018-05-23",
)
