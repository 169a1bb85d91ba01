"""AWS Glue."""

REQUESTS = [
    (
        "CreateConnection",
        {"ConnectionInput": {"Name": "n", "ConnectionProperties": {"PASSWORD": "p"}}},
        {"connectionInput": {"name": "n"}},
    ),
    (
        "CreateConnection",
        {"ConnectionInput": {"Name": "n", "SparkProperties": {"a": "b"}}},
        {"connectionInput": {"name": "n"}},
    ),
    (
        "CreateConnection",
        {
            "ConnectionInput": {
                "AuthenticationConfiguration": {"OAuth2Properties": {"TokenUrlParametersMap": {"a": "b"}}}
            }
        },
        {"connectionInput": {"authenticationConfiguration": {"oAuth2Properties": {}}}},
    ),
    ("GetConnections", {}, {"hidePassword": False}),
    ("GetConnections", {"HidePassword": True}, {"hidePassword": True}),
]
