"""Amazon EventBridge."""

from record.rows import HIDDEN

EVENTS = """
PutEvents Data write
"""

REQUESTS = [
    ("DeleteRule", {"Name": "r"}, {"name": "r", "force": False}),
    ("PutEvents", {"Entries": [{"Source": "s", "Detail": "{}"}]}, {"entries": [{"source": "s", "detail": HIDDEN}]}),
    ("RemoveTargets", {"Rule": "r"}, {"rule": "r", "force": False}),
]

RECORDS = [
    ("ListRules", {}, {"apiVersion": "2015-10-07"}),
]
