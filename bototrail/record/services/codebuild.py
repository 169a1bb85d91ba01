"""AWS CodeBuild."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [CreateProject, StartBuild of 2021]
    hidden={
        "*.encryptionKey": HIDDEN,
        "EnvironmentVariable.name": HIDDEN,
        "EnvironmentVariable.type": HIDDEN,
        "EnvironmentVariable.value": HIDDEN,
    },
)
