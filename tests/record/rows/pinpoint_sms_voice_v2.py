"""AWS End User Messaging SMS."""

from record.rows import HIDDEN

REQUESTS = [
    ("SendTextMessage", {"MessageBody": "m"}, {"messageBody": HIDDEN}),
]
