"""Amazon Kinesis."""

EVENTS = """
GetRecords       Data read
GetShardIterator Data read
PutRecord        Data write
PutRecords       Data write
SubscribeToShard Data write
"""

REQUESTS = [
    ("PutRecord", {"StreamName": "s", "Data": b"x"}, {"streamName": "s"}),
]
