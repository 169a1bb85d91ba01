"""Amazon Detective."""

RECORDS = [
    (
        "AcceptInvitation",
        {"error_code": "ValidationException", "error_message": "m", "status": 400},
        {"errorMessage": None, "responseElements": {"Message": "m"}},
    ),
]
