"""Amazon Route 53."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="2013-04-01",
)
