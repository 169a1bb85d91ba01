"""AWS IAM Identity Center, OIDC."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # A code is worth a token. [API reference]
    hidden={
        "*.code": HIDDEN,
    },
)
