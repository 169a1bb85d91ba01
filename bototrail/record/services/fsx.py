"""Amazon FSx."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # The ARN of a secret. [service model]
    shown=frozenset(
        {
            "*.DomainJoinServiceAccountSecret",
        }
    ),
    # [rules.md §1]
    api_version="2018-03-01",
)
