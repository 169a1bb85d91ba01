"""Amazon Pinpoint email."""

from record.rows import HIDDEN

REQUESTS = [
    ("SendEmail", {"Content": {"Raw": {"Data": b"m"}}}, {"content": {"raw": {"data": HIDDEN}}}),
]
