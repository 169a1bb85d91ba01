"""Amazon SNS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Resource, Service

_TOPIC: Final = (Resource("AWS::SNS::Topic", "{request.topicArn}"),)

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "Publish",
            "PublishBatch",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.MessageAttributes": HIDDEN,
        "*.Subject": HIDDEN,
        "ConfirmSubscriptionInput.Token": HIDDEN,
        "PublishBatchRequestEntry.Message": HIDDEN,
        "PublishInput.Message": HIDDEN,
        "SubscribeInput.Endpoint": HIDDEN,  # an address or a telephone number
    },
    # SNS has a code of its own for refusals. [service model]
    errors={"AuthorizationError": "AccessDenied"},
    # [rules.md §10]
    resources={
        "Publish": _TOPIC,
        "PublishBatch": _TOPIC,
    },
)
