"""Amazon Comprehend."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "BatchDetectDominantLanguage",
            "BatchDetectEntities",
            "BatchDetectKeyPhrases",
            "BatchDetectSentiment",
            "BatchDetectSyntax",
            "BatchDetectTargetedSentiment",
            "ClassifyDocument",
            "ContainsPiiEntities",
        }
    ),
    # Texts are content. [rules.md §12]
    hidden={
        "*.Bytes": HIDDEN,
        "*.Text": HIDDEN,
        "*.TextList": HIDDEN,
    },
)
