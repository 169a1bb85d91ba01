"""AWS Amplify backends."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # Reads that are sent as POST. [GetBackend, ListBackendJobs of 2021]
    writes=frozenset(
        {
            "GetBackend",
            "GetBackendAPI",
            "GetBackendAPIModels",
            "GetBackendAuth",
            "GetBackendStorage",
            "ListBackendJobs",
            "ListS3Buckets",
        }
    ),
)
