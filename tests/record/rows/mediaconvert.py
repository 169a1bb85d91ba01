"""AWS Elemental MediaConvert."""

from datetime import datetime, timezone

RESULTS = [
    (
        "CreateQueue",
        {"Queue": {"CreatedAt": datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)}},
        {"queue": {"createdAt": 1688904303.0}},
    ),
]
