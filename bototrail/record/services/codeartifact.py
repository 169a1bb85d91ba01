"""AWS CodeArtifact."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [records of 2021 and 2024]
    dates="locale",
    # [GetAuthorizationToken]
    writes=frozenset(
        {
            "GetAuthorizationToken",
        }
    ),
)
