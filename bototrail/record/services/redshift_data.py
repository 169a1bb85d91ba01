"""Amazon Redshift Data API."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.Parameters": "***OMITTED***",
        "*.Sql": "***OMITTED***",
        "*.Sqls": "***OMITTED***",
    },
)
