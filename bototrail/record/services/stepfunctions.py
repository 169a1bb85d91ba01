"""AWS Step Functions."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetActivityTask",
            "StartSyncExecution",
        }
    ),
)
