"""Amazon Inspector Classic."""

RECORDS = [
    ("ListFindings", {}, {"apiVersion": "v20160216"}),
]
