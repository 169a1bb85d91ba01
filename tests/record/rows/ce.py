"""AWS Cost Explorer."""

REQUESTS = [
    ("GetTags", {"TagKey": "k"}, {"TagKey": "k"}),
]

RECORDS = [
    (
        "GetTags",
        {"params": {"TagKey": "k"}, "error_code": "AccessDeniedException", "status": 400},
        {"errorCode": "AccessDenied", "requestParameters": {"TagKey": "k"}},
    ),
]
