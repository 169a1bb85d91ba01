"""AWS Service Catalog AppRegistry."""

from datetime import datetime, timezone

REQUESTS = [
    ("ListApplications", {"maxResults": 10}, {"maxResults": "10"}),
]

RESULTS = [
    (
        "CreateApplication",
        {"application": {"creationTime": datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)}},
        {"application": {"creationTime": 1688904303.0}},
    ),
]
