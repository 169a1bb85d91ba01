"""Amazon Translate."""

from record.rows import HIDDEN

REQUESTS = [
    ("TranslateText", {"SourceLanguageCode": "en", "Text": "t"}, {"sourceLanguageCode": "en", "text": HIDDEN}),
]

RESULTS = [
    ("TranslateText", {"TranslatedText": "t"}, {"translatedText": HIDDEN}),
]
