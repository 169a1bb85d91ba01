"""AWS IAM Identity Center directory."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Names of groups are written, though the model marks them. [a record of 2025]
    shown=frozenset({"CreateGroupRequest.DisplayName"}),
)
