"""Amazon Detective."""

REQUESTS = [
    ("CreateGraph", {"Tags": {"k": "v"}}, {"Tags": {"k": "v"}}),
]

RECORDS = [
    (
        "AcceptInvitation",
        {"error_code": "ValidationException", "error_message": "m", "status": 400},
        {"errorMessage": None, "responseElements": {"Message": "m"}},
    ),
]
