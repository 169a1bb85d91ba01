"""Amazon SES."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "SendBulkEmail",
            "SendEmail",
        }
    ),
    # [rules.md §12; facts §11]
    hidden={
        "*.BulkEmailEntries": HIDDEN,
        "*.Destination": HIDDEN,
        "SendBulkEmailRequest.DefaultContent": HIDDEN,
        "SendEmailRequest.Content": HIDDEN,
    },
)
