"""Amazon Location."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "CalculateRoute",
            "CalculateRouteMatrix",
        }
    ),
)
