"""Amazon SNS."""

from record.rows import HIDDEN

EVENTS = """
CreateTopic  Management write
Publish      Data       write
PublishBatch Data       write
"""

REQUESTS = [
    ("ConfirmSubscription", {"TopicArn": "t", "Token": "k"}, {"topicArn": "t", "token": HIDDEN}),
    ("Publish", {"TopicArn": "t", "Message": "m"}, {"topicArn": "t", "message": HIDDEN}),
    ("Publish", {"TopicArn": "t", "MessageAttributes": {"k": {}}}, {"topicArn": "t", "messageAttributes": HIDDEN}),
    ("Publish", {"TopicArn": "t", "Subject": "s"}, {"topicArn": "t", "subject": HIDDEN}),
    (
        "PublishBatch",
        {"PublishBatchRequestEntries": [{"Id": "i", "Message": "m"}]},
        {"publishBatchRequestEntries": [{"id": "i", "message": HIDDEN}]},
    ),
    ("Subscribe", {"TopicArn": "t", "Endpoint": "a@b"}, {"topicArn": "t", "endpoint": HIDDEN}),
    ("VerifySMSSandboxPhoneNumber", {"OneTimePassword": "123456"}, {"oneTimePassword": HIDDEN}),
]

_ARN = "arn:aws:sns:us-east-1:444455556666:t"

RESOURCES = [
    ("Publish", {"TopicArn": _ARN}, {}, [f"444455556666 AWS::SNS::Topic {_ARN}"]),
    ("PublishBatch", {"TopicArn": _ARN}, {}, [f"444455556666 AWS::SNS::Topic {_ARN}"]),
]

RECORDS = [
    (
        "CreateTopic",
        {"params": {"Name": "n"}, "error_code": "AuthorizationError", "status": 403},
        {"errorCode": "AccessDenied", "requestParameters": None},
    ),
]
