"""Amazon RDS Data API."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "BatchExecuteStatement",
            "BeginTransaction",
            "CommitTransaction",
            "ExecuteStatement",
            "RollbackTransaction",
        }
    ),
    # Rows are content. [by the rule of rules.md §12 for other services]
    silent=frozenset(
        {
            "BatchExecuteStatement",
            "ExecuteSql",
            "ExecuteStatement",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.database": "**********",
        "*.parameterSets": "**********",
        "*.parameters": "**********",
        "*.schema": "**********",
        "*.sql": "**********",
        "*.sqlStatements": "**********",
    },
)
