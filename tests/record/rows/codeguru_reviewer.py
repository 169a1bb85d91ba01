"""Amazon CodeGuru Reviewer."""

from datetime import datetime, timezone

REQUESTS = [
    ("TagResource", {"resourceArn": "a", "Tags": {"k": "v"}}, {"resourceArn": "a", "Tags": {"k": "v"}}),
]

RESULTS = [
    (
        "AssociateRepository",
        {"RepositoryAssociation": {"CreatedTimeStamp": datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)}},
        {"RepositoryAssociation": {"CreatedTimeStamp": 1688904303.0}},
    ),
]
