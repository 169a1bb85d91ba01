"""AWS CodeBuild."""

from record.rows import HIDDEN

REQUESTS = [
    ("CreateProject", {"name": "n", "encryptionKey": "k"}, {"name": "n", "encryptionKey": HIDDEN}),
    (
        "StartBuild",
        {"environmentVariablesOverride": [{"name": "a", "value": "b", "type": "PLAINTEXT"}]},
        {"environmentVariablesOverride": [{"name": HIDDEN, "value": HIDDEN, "type": HIDDEN}]},
    ),
]
