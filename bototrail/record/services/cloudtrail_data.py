"""AWS CloudTrail, ingestion."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "PutAuditEvents",
        }
    ),
    # Events are content. [by the rule of rules.md §12 for other services]
    hidden={
        "*.eventData": HIDDEN,
    },
)
