"""Amazon API Gateway, HTTP and WebSocket."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.StageVariables": "***",
    },
)
