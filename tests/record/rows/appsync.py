"""AWS AppSync."""

REQUESTS = [
    ("CreateApi", {"ownerContact": "c"}, {"ownerContact": "***"}),
    ("DeleteApiKey", {"id": "i"}, {"id": "***"}),
    ("UpdateApiKey", {"id": "i"}, {"id": "***"}),
    ("UpdateResolver", {"requestMappingTemplate": "t"}, {"requestMappingTemplate": "***"}),
    ("UpdateResolver", {"responseMappingTemplate": "t"}, {"responseMappingTemplate": "***"}),
]

RESULTS = [
    ("CreateApiKey", {"apiKey": {"id": "i", "expires": 1}}, {"apiKey": {"id": "***", "expires": 1}}),
]

_DENIED = {"error_code": "AccessDeniedException", "error_message": "m", "status": 403}

RECORDS = [
    (
        "CreateGraphqlApi",
        {"params": {"name": "n"}, **_DENIED},
        {"errorMessage": None, "requestParameters": {"name": "n"}, "responseElements": {"message": "m"}},
    ),
]
