"""Amazon Macie."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Flagged as reads, though they are none. [facts §4.6]
    reads=frozenset(
        {
            "UpdateFindingsFilter",
        }
    ),
)
