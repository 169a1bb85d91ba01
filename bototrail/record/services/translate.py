"""Amazon Translate."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [rules.md §12, by the same rule as texts of other services]
    hidden={
        "*.Text": HIDDEN,
        "*.TranslatedText": HIDDEN,
    },
)
