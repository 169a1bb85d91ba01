"""Amazon DevOps Guru."""

from datetime import datetime, timezone

REQUESTS = [
    (
        "DescribeAccountOverview",
        {"FromTime": datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)},
        {"FromTime": 1688904303.0},
    ),
]

RECORDS = [
    ("DescribeInsight", {"error_code": "ThrottlingException", "error_message": "m"}, {"errorMessage": None}),
]
