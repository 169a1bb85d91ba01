"""Amazon SES, first API."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "SendBulkTemplatedEmail",
            "SendEmail",
            "SendRawEmail",
            "SendTemplatedEmail",
        }
    ),
    # [rules.md §12; facts §11]
    hidden={
        "*.DefaultTemplateData": HIDDEN,
        "*.Destination": HIDDEN,
        "*.Destinations": HIDDEN,
        "*.Message": HIDDEN,
        "*.RawMessage": HIDDEN,
        "*.TemplateData": HIDDEN,
    },
)
