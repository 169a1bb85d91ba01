"""Amazon Kendra."""

REQUESTS = [
    ("BatchPutDocument", {"Documents": [{"Id": "i", "Blob": b"d"}]}, {"documents": [{"id": "i"}]}),
]
