"""Amazon CloudFront."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §1]
    api_version="2020_05_31",
    # [rules.md §3: refused calls of 2024]
    refused_suffix="2020_05_31",
)
