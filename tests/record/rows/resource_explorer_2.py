"""AWS Resource Explorer."""

REQUESTS = [
    ("ListIndexes", {"Type": "AGGREGATOR"}, {"Type": "AGGREGATOR"}),
]

RECORDS = [
    ("GetView", {"error_code": "ResourceNotFoundException", "error_message": "m"}, {"errorMessage": None}),
]
