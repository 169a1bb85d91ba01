"""Amazon API Gateway, connections."""

REQUESTS = [
    ("PostToConnection", {"ConnectionId": "c", "Data": b"d"}, {"connectionId": "c"}),
]
