"""Amazon Textract."""

REQUESTS = [
    ("AnalyzeDocument", {"Document": {"Bytes": b"b"}}, {"document": {}}),
]
