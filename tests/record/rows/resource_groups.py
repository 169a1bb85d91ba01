"""AWS Resource Groups."""

REQUESTS = [
    ("DeleteGroup", {"GroupName": "g"}, {"GroupName": "g"}),
    ("ListGroups", {"NextToken": "n", "Filters": []}, {"nextToken": "n", "Filters": []}),
]
