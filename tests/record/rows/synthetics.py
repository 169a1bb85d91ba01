"""Amazon CloudWatch Synthetics."""

REQUESTS = [
    ("UpdateCanary", {"Name": "n", "Schedule": {}}, {"name": "n", "Schedule": {}}),
]
