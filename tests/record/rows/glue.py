"""AWS Glue."""

REQUESTS = [
    (
        "CreateConnection",
        {"ConnectionInput": {"Name": "n", "ConnectionProperties": {"PASSWORD": "p"}}},
        {"connectionInput": {"name": "n"}},
    ),
    ("GetConnections", {}, {"hidePassword": False}),
    ("GetConnections", {"HidePassword": True}, {"hidePassword": True}),
]
