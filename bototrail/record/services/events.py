"""Amazon EventBridge."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "PutEvents",
        }
    ),
    # Events are content.
    hidden={
        "PutEventsRequestEntry.Detail": HIDDEN,
        "TestEventPatternRequest.Event": HIDDEN,
    },
)
