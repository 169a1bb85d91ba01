"""Amazon Data Firehose."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "PutRecord",
            "PutRecordBatch",
        }
    ),
    # Records are content. [by the rule of rules.md §12 for other services]
    hidden={
        "*.ClusterJDBCURL": HIDDEN,
        "*.Data": OMITTED,
    },
)
