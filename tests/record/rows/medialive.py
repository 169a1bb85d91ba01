"""AWS Elemental MediaLive."""

RECORDS = [
    ("DescribeChannel", {"error_code": "NotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
