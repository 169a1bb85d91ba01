"""Amazon Bedrock."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [rules.md §8]
    keeps_parameters=frozenset({"*"}),
    # [PutUseCaseForModelAccess]
    hidden={
        "*.formData": OMITTED,
    },
)
