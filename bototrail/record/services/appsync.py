"""AWS AppSync."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.ownerContact": "***",
        "*.requestMappingTemplate": "***",
        "*.responseMappingTemplate": "***",
        "ApiKey.id": "***",
        "DeleteApiKeyRequest.id": "***",
        "UpdateApiKeyRequest.id": "***",
    },
    # The body of an error is written instead of its message. [rules.md §7, §8]
    error_body=True,
    error_message=False,
    keeps_parameters=frozenset({"*"}),
)
