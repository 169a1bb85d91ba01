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
    # What goes to a model is content. [by the rule of rules.md §12 for other services]
    hidden={
        "*.Body": OMITTED,
        "*.CustomAttributes": OMITTED,
    },
)
