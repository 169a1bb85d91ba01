"""AWS Resource Groups."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [rules.md §4]
    keys="model",
    # [ListGroups of 2021: nextToken]
    wire_names=True,
)
