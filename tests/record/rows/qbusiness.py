"""Amazon Q Business."""

REQUESTS = [
    (
        "BatchPutDocument",
        {"documents": [{"id": "i", "content": {"blob": b"d"}}]},
        {"documents": [{"id": "i", "content": {}}]},
    ),
]
