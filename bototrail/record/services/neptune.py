"""Amazon Neptune."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # A result of one structure is written without its name. [rules.md §4]
    unwraps=True,
    # [rules.md §12]
    hidden={
        "*.MasterUserPassword": "****",
    },
)
