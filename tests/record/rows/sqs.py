"""Amazon SQS."""

from record.rows import HIDDEN

EVENTS = """
AddPermission                Management write
ChangeMessageVisibility      Data       write
ChangeMessageVisibilityBatch Data       write
DeleteMessage                Data       write
DeleteMessageBatch           Data       write
GetQueueAttributes           Data       read
GetQueueUrl                  Data       read
ListDeadLetterSourceQueues   Data       read
ListQueueTags                Data       read
ListQueues                   Data       read
ReceiveMessage               Data       write
SendMessage                  Data       write
SendMessageBatch             Data       write
"""

REQUESTS = [
    ("SendMessage", {"QueueUrl": "q", "MessageAttributes": {"k": {}}}, {"queueUrl": "q", "messageAttributes": HIDDEN}),
    ("SendMessage", {"QueueUrl": "q", "MessageBody": "m"}, {"queueUrl": "q", "messageBody": HIDDEN}),
    ("SendMessage", {"MessageSystemAttributes": {"k": {}}}, {"messageSystemAttributes": HIDDEN}),
]

RESULTS = [
    ("ReceiveMessage", {"Messages": [{"Body": "b"}]}, None),
    ("SendMessage", {"MD5OfMessageBody": "m", "MessageId": "i"}, {"mD5OfMessageBody": "m", "messageId": "i"}),
]

_QUEUE = "111122223333 AWS::SQS::Queue arn:aws:sqs:us-east-1:111122223333:q"

RESOURCES = [
    ("CreateQueue", {"QueueName": "q"}, {}, [_QUEUE]),
    ("SendMessage", {"QueueUrl": "https://sqs.us-east-1.amazonaws.com/111122223333/q"}, {}, [_QUEUE]),
]
