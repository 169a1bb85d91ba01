"""Amazon Pinpoint."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # Messages are content. [as SES, rules.md §12]
    hidden={
        "MessageRequest.MessageConfiguration": HIDDEN,
        "SendUsersMessageRequest.MessageConfiguration": HIDDEN,
    },
    # [AWS developer guide: application-id, page-size]
    wire_names=True,
)
