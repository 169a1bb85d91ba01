"""AWS HealthOmics."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # Files are content. [as Lambda, rules.md §12]
    hidden={
        "*.definitionZip": OMITTED,
    },
)
