"""AWS Glue."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §4: members of records that the caller did not send]
    defaults={"GetConnectionsRequest": {"hidePassword": False}},
)
