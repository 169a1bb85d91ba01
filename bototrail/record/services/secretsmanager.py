"""AWS Secrets Manager."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Service

SERVICE: Final = Service(
    # [rules.md §12]
    hidden={
        "*.RotationToken": OMITTED,
        "*.SecretBinary": OMITTED,
        "*.SecretString": OMITTED,
        # The two that make a version answer with the ARN alone. [rules.md §7]
        "CreateSecretResponse.Name": OMITTED,
        "CreateSecretResponse.VersionId": OMITTED,
        "PutSecretValueResponse.Name": OMITTED,
        "PutSecretValueResponse.VersionId": OMITTED,
        "PutSecretValueResponse.VersionStages": OMITTED,
    },
    # `arn`, not `aRN`, since 2024. [rules.md §4, facts §1.12]
    renames={
        "*.ARN": "arn",
    },
    # [rules.md §4]
    defaults={"CreateSecretRequest": {"forceOverwriteReplicaSecret": False}},
)
