"""Amazon Pinpoint SMS and voice."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [AWS developer guide]
    keys="model",
)
