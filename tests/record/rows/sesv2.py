"""Amazon SES."""

from record.rows import HIDDEN

EVENTS = """
SendBulkEmail Data write
SendEmail     Data write
"""

REQUESTS = [
    ("SendBulkEmail", {"BulkEmailEntries": [{"Destination": {}}]}, {"bulkEmailEntries": HIDDEN}),
    ("SendBulkEmail", {"DefaultContent": {"Template": {}}}, {"defaultContent": HIDDEN}),
    ("SendEmail", {"Content": {"Raw": {"Data": b"m"}}}, {"content": HIDDEN}),
    ("SendEmail", {"Destination": {"ToAddresses": ["c@d"]}}, {"destination": HIDDEN}),
]
