"""AWS Application Auto Scaling."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §2]
    extra={"service": "literal application-autoscaling"},
)
