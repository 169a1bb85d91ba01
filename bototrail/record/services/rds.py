"""Amazon RDS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "DownloadDBLogFilePortion",
        }
    ),
    # A result of one structure is written without its name. [rules.md §4]
    unwraps=True,
    # [CreateDBProxy of 2023]
    wrapped=frozenset(
        {
            "DBProxy",
            "DBProxyEndpoint",
        }
    ),
    # [rules.md §4: members of records that the caller did not send]
    defaults={"DescribeDBSnapshotsMessage": {"includePublic": False, "includeShared": False}},
)
