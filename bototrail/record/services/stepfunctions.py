"""AWS Step Functions."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetActivityTask",
            "StartSyncExecution",
        }
    ),
    # What runs is content. [facts §11]
    hidden={
        "*.cause": HIDDEN,
        "*.definition": HIDDEN,
        "*.input": HIDDEN,
        "*.output": HIDDEN,
    },
)
