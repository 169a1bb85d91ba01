"""Amazon RDS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "DownloadDBLogFilePortion",
        }
    ),
    # A result of one structure is written without its name. [rules.md §4]
    unwraps=True,
    # [rules.md §12]
    hidden={
        "*.MasterUserPassword": HIDDEN,
        "*.PendingModifiedValues": HIDDEN,
        "*.TdeCredentialPassword": HIDDEN,
    },
)
