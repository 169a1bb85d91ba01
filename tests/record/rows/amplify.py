"""AWS Amplify."""

RESULTS = [
    ("CreateApp", {"app": {"basicAuthCredentials": "c"}}, {"app": {"basicAuthCredentials": "***"}}),
    ("CreateApp", {"app": {"environmentVariables": {"a": "b"}}}, {"app": {"environmentVariables": "***"}}),
]

RECORDS = [
    ("GetApp", {"error_code": "NotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
