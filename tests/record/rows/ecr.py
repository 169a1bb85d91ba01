"""Amazon ECR."""

_REPOSITORY = "111122223333 arn:aws:ecr:us-east-1:111122223333:repository/r"

RESOURCES = [
    ("CreateRepository", {"repositoryName": "r"}, {}, [_REPOSITORY]),
]
