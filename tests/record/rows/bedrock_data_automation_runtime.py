"""Amazon Bedrock data automation, at run time."""

REQUESTS = [
    ("InvokeDataAutomation", {"inputConfiguration": {"bytes": b"d"}}, {"inputConfiguration": {}}),
]
