"""AWS CodeArtifact."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [GetAuthorizationToken]
    writes=frozenset(
        {
            "GetAuthorizationToken",
        }
    ),
)
