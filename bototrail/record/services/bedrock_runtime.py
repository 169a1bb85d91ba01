"""Amazon Bedrock, invocations."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [rules.md §8]
    keeps_parameters=frozenset({"*"}),
    # Use of a model is a read. [rules.md §11]
    reads=frozenset(
        {
            "ApplyGuardrail",
            "Converse",
            "ConverseStream",
            "CountTokens",
            "InvokeModel",
            "InvokeModelWithBidirectionalStream",
            "InvokeModelWithResponseStream",
        }
    ),
    # [facts §4.5]
    data_events=frozenset(
        {
            "ApplyGuardrail",
            "GetAsyncInvoke",
            "InvokeModelWithBidirectionalStream",
            "StartAsyncInvoke",
        }
    ),
    # What goes to a model and comes from it is content. [rules.md §12]
    hidden={
        "*.additionalModelRequestFields": OMITTED,
        "*.body": OMITTED,
        "*.content": OMITTED,
        "*.input": OMITTED,
        "*.messages": OMITTED,
        "*.modelInput": OMITTED,
        "*.promptVariables": OMITTED,
        "*.requestMetadata": OMITTED,
        "*.system": OMITTED,
        "*.toolConfig": OMITTED,
    },
)
