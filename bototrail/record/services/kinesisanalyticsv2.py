"""Amazon Managed Service for Apache Flink."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [AWS developer guide; a record of 2021]
    api_version="2018-05-23",
)
