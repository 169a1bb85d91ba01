"""Amazon SageMaker, invocations."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "InvokeEndpoint",
            "InvokeEndpointAsync",
            "InvokeEndpointWithResponseStream",
        }
    ),
    hidden={
        "*.Body": OMITTED,
        "*.CustomAttributes": OMITTED,
    },
)
