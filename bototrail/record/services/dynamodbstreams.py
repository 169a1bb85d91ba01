"""Amazon DynamoDB Streams."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Resource, Service

_TABLE: Final = "AWS::DynamoDB::Table"

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="2012-08-10",
    # [facts §4.5]
    data_events=frozenset(
        {
            "GetRecords",
            "GetShardIterator",
        }
    ),
    # A stream's ARN begins with its table's. [AWS developer guide]
    resources={
        "GetRecords": (Resource(_TABLE, "{request.shardIterator|table}"),),
        "GetShardIterator": (Resource(_TABLE, "{request.streamArn|table}"),),
    },
)
