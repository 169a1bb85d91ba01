"""AWS IoT."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Tokens. [API reference]
    hidden={
        "SalesforceAction.token": HIDDEN,
        "TestInvokeAuthorizerRequest.token": HIDDEN,
    },
)
