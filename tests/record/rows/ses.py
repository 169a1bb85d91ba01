"""Amazon SES, first API."""

from record.rows import HIDDEN

EVENTS = """
SendBulkTemplatedEmail Data write
SendEmail              Data write
SendRawEmail           Data write
SendTemplatedEmail     Data write
"""

REQUESTS = [
    ("SendBulkTemplatedEmail", {"DefaultTemplateData": "{}"}, {"defaultTemplateData": HIDDEN}),
    ("SendEmail", {"Source": "a@b", "Destination": {"ToAddresses": ["c@d"]}}, {"source": "a@b", "destination": HIDDEN}),
    ("SendEmail", {"Source": "a@b", "Message": {"Subject": {"Data": "s"}}}, {"source": "a@b", "message": HIDDEN}),
    ("SendRawEmail", {"Destinations": ["c@d"]}, {"destinations": HIDDEN}),
    ("SendRawEmail", {"RawMessage": {"Data": b"m"}}, {"rawMessage": HIDDEN}),
    ("SendTemplatedEmail", {"TemplateData": "{}"}, {"templateData": HIDDEN}),
]
