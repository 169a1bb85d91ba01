"""AWS App Mesh."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # The path of a file. [service model]
    shown=frozenset(
        {
            "*.privateKey",
        }
    ),
    # [rules.md §13]
    dates="locale",
    # [rules.md §1]
    api_version="2019-01-25",
)
