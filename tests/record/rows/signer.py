"""AWS Signer."""

REQUESTS = [
    ("SignPayload", {"profileName": "p", "payload": b"s"}, {"profileName": "p"}),
]

RESULTS = [
    ("SignPayload", {"jobId": "j", "signature": b"s"}, {"jobId": "j"}),
]
