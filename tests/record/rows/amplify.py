"""AWS Amplify."""

RECORDS = [
    ("GetApp", {"error_code": "NotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
