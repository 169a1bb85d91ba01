"""AWS Elemental MediaPackage."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # The ARN of a secret. [service model]
    shown=frozenset(
        {
            "*.CdnIdentifierSecret",
        }
    ),
)
