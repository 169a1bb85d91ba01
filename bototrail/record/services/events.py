"""Amazon EventBridge."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [AWS user guide; records of 2021 to 2023]
    api_version="2015-10-07",
    # [facts §4.5]
    data_events=frozenset(
        {
            "PutEvents",
        }
    ),
    # Events are content. [by the rule of rules.md §12 for other services]
    hidden={
        "PutEventsRequestEntry.Detail": HIDDEN,
    },
    # [records of 2021 and 2023]
    defaults={
        "DeleteRuleRequest": {"force": False},
        "RemoveTargetsRequest": {"force": False},
    },
)
