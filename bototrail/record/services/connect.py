"""Amazon Connect."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [AWS administrator guide; a record of 2025]
    keys="model",
)
