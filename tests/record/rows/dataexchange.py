"""AWS Data Exchange."""

from datetime import datetime, timezone

RESULTS = [
    (
        "CreateDataSet",
        {"Name": "n", "CreatedAt": datetime(2023, 7, 9, 12, 5, 3, tzinfo=timezone.utc)},
        {"Name": "n", "CreatedAt": 1688904303000},
    ),
]
