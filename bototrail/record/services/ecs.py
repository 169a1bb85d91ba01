"""Amazon ECS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "DiscoverPollEndpoint",
        }
    ),
    # Sensitive by the model; the names are written. [RegisterTaskDefinition, DeregisterTaskDefinition of 2021]
    forms={
        "ContainerDefinition.environment": "redacted",
        "ContainerOverride.environment": "redacted",
    },
)
