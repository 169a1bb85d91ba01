"""Amazon EventBridge."""

from record.rows import HIDDEN

EVENTS = """
PutEvents Data write
"""

REQUESTS = [
    ("PutEvents", {"Entries": [{"Source": "s", "Detail": "{}"}]}, {"entries": [{"source": "s", "detail": HIDDEN}]}),
    ("TestEventPattern", {"EventPattern": "{}", "Event": "{}"}, {"eventPattern": "{}", "event": HIDDEN}),
]
