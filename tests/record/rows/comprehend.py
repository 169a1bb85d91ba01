"""Amazon Comprehend."""

from record.rows import HIDDEN

EVENTS = """
BatchDetectDominantLanguage  Management read
BatchDetectEntities          Management read
BatchDetectKeyPhrases        Management read
BatchDetectSentiment         Management read
BatchDetectSyntax            Management read
BatchDetectTargetedSentiment Management read
ClassifyDocument             Management read
ContainsPiiEntities          Management read
"""

REQUESTS = [
    ("ClassifyDocument", {"EndpointArn": "e", "Bytes": b"b"}, {"endpointArn": "e", "bytes": HIDDEN}),
    ("ContainsPiiEntities", {"LanguageCode": "en", "Text": "t"}, {"languageCode": "en", "text": HIDDEN}),
]
