"""Amazon Bedrock."""

REQUESTS = [
    ("PutUseCaseForModelAccess", {"formData": b"f"}, None),
]

RECORDS = [
    (
        "GetGuardrail",
        {"params": {"guardrailIdentifier": "g"}, "error_code": "AccessDeniedException", "status": 403},
        {"errorCode": "AccessDenied", "requestParameters": {"guardrailIdentifier": "g"}},
    ),
]
