"""Amazon Route 53 Profiles."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [CreateProfile of 2024]
    keys="model",
)
