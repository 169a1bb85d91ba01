"""Amazon CodeGuru Reviewer."""

from record.rows import NOON

REQUESTS = [
    ("TagResource", {"resourceArn": "a", "Tags": {"k": "v"}}, {"resourceArn": "a", "Tags": {"k": "v"}}),
]

RESULTS = [
    (
        "AssociateRepository",
        {"RepositoryAssociation": {"CreatedTimeStamp": NOON}},
        {"RepositoryAssociation": {"CreatedTimeStamp": 1688904303.0}},
    ),
]
