"""AWS Glue."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # JDBC passwords are among them. [AWS developer guide: CreateConnection]
    hidden={
        "*.ConnectionProperties": OMITTED,
        "*.SparkProperties": OMITTED,
        "*.TokenUrlParametersMap": OMITTED,
    },
    # [rules.md §4: members of records that the caller did not send]
    defaults={"GetConnectionsRequest": {"hidePassword": False}},
)
