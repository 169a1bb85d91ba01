"""AWS IoT, data plane."""

REQUESTS = [
    ("Publish", {"topic": "t", "payload": b"p"}, {"topic": "t"}),
]
