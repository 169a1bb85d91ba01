"""Amazon GuardDuty."""

RECORDS = [
    (
        "CreateDetector",
        {"params": {"Enable": True}, "error_code": "AccessDeniedException", "error_message": "m", "status": 403},
        {"errorMessage": None, "requestParameters": {"enable": True}, "responseElements": {"message": "m"}},
    ),
]
