"""AWS Elastic Beanstalk."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import REMOVED, Service

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "RequestEnvironmentInfo",
            "RetrieveEnvironmentInfo",
        }
    ),
    # [rules.md §12]
    hidden={
        "ConfigurationOptionSetting.Value": REMOVED,
    },
)
