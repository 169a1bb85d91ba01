"""Amazon Cognito user pools."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Sensitive by the model, logged in clear by the service. [AdminInitiateAuth, CreateUserPoolClient of 2021]
    shown=frozenset(
        {
            "*.ClientId",
        }
    ),
)
