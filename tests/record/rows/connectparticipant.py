"""Amazon Connect, participants."""

from record.rows import HIDDEN

REQUESTS = [
    ("SendEvent", {"Content": "c"}, {"content": HIDDEN}),
    ("SendMessage", {"Content": "c"}, {"content": HIDDEN}),
]
