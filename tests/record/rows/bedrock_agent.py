"""Amazon Bedrock agents."""

RECORDS = [
    (
        "GetKnowledgeBase",
        {
            "params": {"knowledgeBaseId": "k"},
            "error_code": "AccessDeniedException",
            "error_message": "m",
            "status": 403,
        },
        {"errorCode": "AccessDenied", "errorMessage": None, "requestParameters": {"knowledgeBaseId": "k"}},
    ),
]
