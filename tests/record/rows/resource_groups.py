"""AWS Resource Groups."""

REQUESTS = [
    ("DeleteGroup", {"GroupName": "g"}, {"GroupName": "g"}),
]
