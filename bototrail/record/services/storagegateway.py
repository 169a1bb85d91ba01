"""AWS Storage Gateway."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="20130630",
)
