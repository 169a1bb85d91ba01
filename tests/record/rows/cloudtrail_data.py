"""AWS CloudTrail, ingestion."""

EVENTS = """
PutAuditEvents Data write
"""

REQUESTS = [
    (
        "PutAuditEvents",
        {"channelArn": "c", "auditEvents": [{"id": "i", "eventData": "{}"}]},
        {"channelArn": "c", "auditEvents": [{"id": "i", "eventData": "HIDDEN_DUE_TO_SECURITY_REASONS"}]},
    ),
]
