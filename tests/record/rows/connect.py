"""Amazon Connect."""

REQUESTS = [
    ("GetContactAttributes", {"InstanceId": "i"}, {"InstanceId": "i"}),
]
