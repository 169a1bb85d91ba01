"""AWS Secrets Manager."""

REQUESTS = [
    ("CreateSecret", {"Name": "n"}, {"name": "n", "forceOverwriteReplicaSecret": False}),
    ("PutSecretValue", {"SecretId": "s", "RotationToken": "t"}, {"secretId": "s"}),
    ("PutSecretValue", {"SecretId": "s", "SecretBinary": b"b"}, {"secretId": "s"}),
    ("PutSecretValue", {"SecretId": "s", "SecretString": "p"}, {"secretId": "s"}),
]

RESULTS = [
    ("CreateSecret", {"ARN": "a", "Name": "n"}, {"arn": "a"}),
    ("CreateSecret", {"ARN": "a", "VersionId": "v"}, {"arn": "a"}),
    ("PutSecretValue", {"ARN": "a", "Name": "n"}, {"arn": "a"}),
    ("PutSecretValue", {"ARN": "a", "VersionId": "v"}, {"arn": "a"}),
    ("PutSecretValue", {"ARN": "a", "VersionStages": ["AWSCURRENT"]}, {"arn": "a"}),
]
