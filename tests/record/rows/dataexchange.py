"""AWS Data Exchange."""

from record.rows import NOON

RESULTS = [
    (
        "CreateDataSet",
        {"Name": "n", "CreatedAt": NOON},
        {"Name": "n", "CreatedAt": 1688904303000},
    ),
]
