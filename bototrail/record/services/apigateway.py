"""Amazon API Gateway, REST."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Envelope, Service

SERVICE: Final = Service(
    # [rules.md §13: CreateStage]
    dates="locale",
    # A definition is written as text. [ImportRestApi of 2021]
    forms={
        "ImportRestApiRequest.body": "text",
        "PutRestApiRequest.body": "text",
    },
    # [rules.md §4]
    envelope=Envelope("{}Input", {"template": False}),
    # The id of a key, not the key. [service model]
    shown=frozenset(
        {
            "*.apiKey",
        }
    ),
    # [rules.md §12]
    hidden={
        "*.stageVariableOverrides": "***",
        "*.variables": "***",
        "ApiKey.value": "***",
        "CreateApiKeyRequest.value": "***",
        "ImportApiKeysRequest.body": OMITTED,
    },
)
