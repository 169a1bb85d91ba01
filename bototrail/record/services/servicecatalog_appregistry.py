"""AWS Service Catalog AppRegistry."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import Service

SERVICE: Final = Service(
    # [CreateApplication]
    dates="epoch",
    # Numbers of the query string are strings. [ListApplications]
    forms={"*.maxResults": "text"},
)
