"""AWS Elemental MediaConvert."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.Encryption": "***",
    },
    # The name of a secret. [service model]
    shown=frozenset(
        {
            "*.CertificateSecret",
        }
    ),
)
