"""Amazon Neptune, data plane."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Queries hold values. [as RDS Data, rules.md §12]
    hidden={
        "*.gremlinQuery": HIDDEN,
        "*.openCypherQuery": HIDDEN,
    },
)
