"""Amazon Kinesis."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetRecords",
            "GetShardIterator",
            "PutRecord",
            "PutRecords",
            "SubscribeToShard",
        }
    ),
    # Records are content. [by the rule of rules.md §12 for other services]
    hidden={
        "*.Data": OMITTED,
    },
)
