"""AWS tax settings."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Documents are content.
    hidden={
        "ExemptionCertificate.documentFile": HIDDEN,
    },
)
