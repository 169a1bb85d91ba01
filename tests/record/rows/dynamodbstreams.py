"""Amazon DynamoDB Streams."""

EVENTS = """
DescribeStream   Management read
GetRecords       Data       read
GetShardIterator Data       read
ListStreams      Management read
"""

_TABLE = "111122223333 AWS::DynamoDB::Table arn:aws:dynamodb:us-east-1:111122223333:table/t"
_STREAM = "arn:aws:dynamodb:us-east-1:111122223333:table/t/stream/2023-07-09T12:05:03.000"

RESOURCES = [
    ("GetRecords", {"ShardIterator": f"{_STREAM}|1|AAAA"}, {}, [_TABLE]),
    ("GetShardIterator", {"StreamArn": _STREAM}, {}, [_TABLE]),
]

RECORDS = [
    ("ListStreams", {}, {"apiVersion": "2012-08-10"}),
]
