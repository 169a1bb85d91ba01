"""Amazon Data Firehose."""

EVENTS = """
PutRecord      Data write
PutRecordBatch Data write
"""

REQUESTS = [
    ("PutRecord", {"DeliveryStreamName": "d", "Record": {"Data": b"x"}}, {"deliveryStreamName": "d", "record": {}}),
]
