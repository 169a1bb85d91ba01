"""Amazon Cognito user pools."""

REQUESTS = [
    ("AdminInitiateAuth", {"ClientId": "c"}, {"clientId": "c"}),
]
