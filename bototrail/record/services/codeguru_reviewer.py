"""Amazon CodeGuru Reviewer."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [rules.md §4]
    keys="model",
)
