"""AWS Support."""

from record.rows import HIDDEN

REQUESTS = [
    (
        "AddAttachmentsToSet",
        {"attachments": [{"fileName": "f", "data": b"d"}]},
        {"attachments": [{"fileName": "f", "data": HIDDEN}]},
    ),
]
