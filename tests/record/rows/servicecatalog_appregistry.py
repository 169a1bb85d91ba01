"""AWS Service Catalog AppRegistry."""

from record.rows import NOON

REQUESTS = [
    ("ListApplications", {"maxResults": 10}, {"maxResults": "10"}),
]

RESULTS = [
    (
        "CreateApplication",
        {"application": {"creationTime": NOON}},
        {"application": {"creationTime": 1688904303.0}},
    ),
]
