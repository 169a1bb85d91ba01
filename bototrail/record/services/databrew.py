"""AWS Glue DataBrew."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [CreateDataset of 2023]
    keys="model",
    # [DeleteDataset of 2023: name]
    wire_names=True,
)
