"""Amazon Connect."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [a record of 2025]
    writes=frozenset(
        {
            "ListRealtimeContactAnalysisSegmentsV2",
        }
    ),
    # Members keep their capitals. [AWS administrator guide; a record of 2025]
    keys="model",
    # Sensitive by the model, logged in clear by the service. [CreateInstance of 2021]
    shown=frozenset(
        {
            "CreateInstanceRequest.InstanceAlias",
        }
    ),
)
