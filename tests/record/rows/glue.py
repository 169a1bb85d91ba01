"""AWS Glue."""

REQUESTS = [
    ("GetConnections", {}, {"hidePassword": False}),
    ("GetConnections", {"HidePassword": True}, {"hidePassword": True}),
]
