"""AWS Amplify."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [records of 2021 and 2024]
    marker="***",
    hidden={
        "*.environmentVariables": "***",
    },
    # [rules.md §8]
    error_message=False,
)
