"""AWS CodeCommit."""

RECORDS = [
    ("ListRepositories", {}, {"apiVersion": "2015-04-13"}),
]
