"""AWS AppSync."""

REQUESTS = [
    ("CreateApi", {"ownerContact": "c"}, {"ownerContact": "***"}),
    ("UpdateResolver", {"requestMappingTemplate": "t"}, {"requestMappingTemplate": "***"}),
    ("UpdateResolver", {"responseMappingTemplate": "t"}, {"responseMappingTemplate": "***"}),
]

_DENIED = {"error_code": "AccessDeniedException", "error_message": "m", "status": 403}

RECORDS = [
    (
        "CreateGraphqlApi",
        {"params": {"name": "n"}, **_DENIED},
        {"errorMessage": None, "requestParameters": {"name": "n"}, "responseElements": {"message": "m"}},
    ),
]
