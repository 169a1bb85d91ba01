"""Amazon DevOps Guru."""

from record.rows import NOON

REQUESTS = [
    (
        "DescribeAccountOverview",
        {"FromTime": NOON},
        {"FromTime": 1688904303.0},
    ),
]

RECORDS = [
    ("DescribeInsight", {"error_code": "ThrottlingException", "error_message": "m"}, {"errorMessage": None}),
]
