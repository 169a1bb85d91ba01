"""Amazon Bedrock agents."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [rules.md §8: GetKnowledgeBase]
    error_message=False,
    keeps_parameters=frozenset({"*"}),
)
