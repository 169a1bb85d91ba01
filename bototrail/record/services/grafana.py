"""Amazon Managed Grafana."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [CreateWorkspace of 2022]
    marker="***",
)
