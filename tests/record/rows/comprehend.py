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

_COMPREHEND = "arn:aws:comprehend:us-east-1:111122223333:"
_CLASSIFIER, _RECOGNIZER = f"{_COMPREHEND}document-classifier/c", f"{_COMPREHEND}entity-recognizer/r"
_ENDPOINT = f"{_COMPREHEND}document-classifier-endpoint/e"
_ROLE, _KEY = "arn:aws:iam::111122223333:role/r", "arn:aws:kms:us-east-1:111122223333:key/k"
_OWN = "111122223333 AWS::"
_OTHERS = [f"{_OWN}KMS::Key {_KEY}", f"{_OWN}IAM::Role {_ROLE}"]

RESOURCES = [
    ("ClassifyDocument", {"EndpointArn": _ENDPOINT}, {}, [f"{_OWN}Comprehend::DocumentClassifierEndpoint {_ENDPOINT}"]),
    (
        "CreateDocumentClassifier",
        {"VolumeKmsKeyId": _KEY, "DataAccessRoleArn": _ROLE},
        {"DocumentClassifierArn": _CLASSIFIER},
        [f"{_OWN}Comprehend::DocumentClassifier {_CLASSIFIER}", *_OTHERS],
    ),
    ("CreateDocumentClassifier", {"VolumeKmsKeyId": "k"}, {}, []),
    (
        "CreateEntityRecognizer",
        {"VolumeKmsKeyId": _KEY, "DataAccessRoleArn": _ROLE},
        {"EntityRecognizerArn": _RECOGNIZER},
        [f"{_OWN}Comprehend::EntityRecognizer {_RECOGNIZER}", *_OTHERS],
    ),
    ("CreateEntityRecognizer", {"VolumeKmsKeyId": "k"}, {}, []),
    (
        "DescribeDocumentClassifier",
        {"DocumentClassifierArn": _CLASSIFIER},
        {},
        [f"{_OWN}Comprehend::DocumentClassifier {_CLASSIFIER}"],
    ),
    (
        "DescribeEntityRecognizer",
        {"EntityRecognizerArn": _RECOGNIZER},
        {},
        [f"{_OWN}Comprehend::EntityRecognizer {_RECOGNIZER}"],
    ),
]
