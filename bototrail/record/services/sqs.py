"""Amazon SQS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Resource, Service

_QUEUE: Final = "AWS::SQS::Queue"

SERVICE: Final = Service(
    # [facts §4.5]
    data_events=frozenset(
        {
            "ChangeMessageVisibility",
            "ChangeMessageVisibilityBatch",
            "DeleteMessage",
            "DeleteMessageBatch",
            "GetQueueAttributes",
            "GetQueueUrl",
            "ListDeadLetterSourceQueues",
            "ListQueueTags",
            "ListQueues",
            "ReceiveMessage",
            "SendMessage",
            "SendMessageBatch",
        }
    ),
    # It answers with messages. [facts §11]
    silent=frozenset(
        {
            "ReceiveMessage",
        }
    ),
    # [facts §11]
    hidden={
        "*.MessageAttributes": HIDDEN,
        "*.MessageBody": HIDDEN,
        "*.MessageSystemAttributes": HIDDEN,
    },
    # [AWS developer guide]
    resources={
        "*": (Resource(_QUEUE, "arn:{partition}:sqs:{region}:{request.queueUrl|queue}"),),
        "CreateQueue": (Resource(_QUEUE, "arn:{partition}:sqs:{region}:{account}:{request.queueName}"),),
    },
)
