"""Amazon CloudWatch Logs."""

EVENTS = """
FilterLogEvents Management read
"""

REQUESTS = [
    ("PutLogEvents", {"logGroupName": "g", "logEvents": [{"message": "m"}]}, {"logGroupName": "g"}),
]

RECORDS = [
    ("DescribeLogGroups", {}, {"apiVersion": "20140328"}),
]
