"""AWS CodeArtifact."""

from datetime import datetime, timezone

EVENTS = """
GetAuthorizationToken Management write
"""

_NOON = datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)

RESULTS = [
    ("CreateDomain", {"domain": {"createdTime": _NOON}}, {"domain": {"createdTime": "Jul 9, 2023, 12:05:03 PM"}}),
]
