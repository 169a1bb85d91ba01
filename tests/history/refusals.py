"""Records of calls that were refused."""

from __future__ import annotations

USER = "arn:aws:iam::111122223333:user/JohnDoe"
NOT = f"User: {USER} is not authorized to perform:"


def refused(message: str | None, code: str = "AccessDenied", **more):
    return {
        "eventType": "AwsApiCall",
        "eventSource": "iam.amazonaws.com",
        "eventName": "ListRoles",
        "awsRegion": "us-east-1",
        "recipientAccountId": "111122223333",
        "requestParameters": None,
        "errorCode": code,
        "errorMessage": message,
        **more,
    }
