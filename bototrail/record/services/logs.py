"""Amazon CloudWatch Logs."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="20140328",
    # [facts §4.6]
    reads=frozenset(
        {
            "FilterLogEvents",
        }
    ),
    # What is logged is content. [by the rule of rules.md §12 for other services]
    hidden={
        "PutLogEventsRequest.logEvents": OMITTED,
    },
)
