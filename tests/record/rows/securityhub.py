"""AWS Security Hub."""

REQUESTS = [
    ("DeleteMembers", {"AccountIds": ["1"]}, {"AccountIds": ["1"]}),
]

RECORDS = [
    (
        "CreateMembers",
        {"params": {"AccountDetails": []}, "error_code": "AccessDeniedException", "error_message": "m", "status": 403},
        {"errorMessage": None, "requestParameters": {"AccountDetails": []}, "responseElements": {"Message": "m"}},
    ),
]
