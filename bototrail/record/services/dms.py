"""AWS Database Migration Service."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # A wallet holds keys. [API reference]
    hidden={
        "*.CertificateWallet": HIDDEN,
        "*.ExtraConnectionAttributes": HIDDEN,
    },
)
