"""Amazon Detective."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Members keep their capitals. [CreateGraph of 2021]
    keys="model",
    # The body of an error is written instead of its message. [AWS administration guide: AcceptInvitation]
    error_body=True,
    error_message=False,
)
