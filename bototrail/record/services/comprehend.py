"""Amazon Comprehend."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import HIDDEN, Resource, Service


def _named(kind: str, paths: str) -> Resource:
    return Resource(f"AWS::{kind}", f"{{{paths}}}")


_CLASSIFIER: Final = _named(
    "Comprehend::DocumentClassifier", "request.documentClassifierArn,answer.DocumentClassifierArn"
)
_ENDPOINT: Final = _named("Comprehend::DocumentClassifierEndpoint", "request.endpointArn")
_KEY: Final = Resource("AWS::KMS::Key", "{request.volumeKmsKeyId}", only="arn:")
_RECOGNIZER: Final = _named("Comprehend::EntityRecognizer", "request.entityRecognizerArn,answer.EntityRecognizerArn")
_ROLE: Final = _named("IAM::Role", "request.dataAccessRoleArn")

SERVICE: Final = Service(
    # [facts §4.6]
    reads=frozenset(
        {
            "BatchDetectDominantLanguage",
            "BatchDetectEntities",
            "BatchDetectKeyPhrases",
            "BatchDetectSentiment",
            "BatchDetectSyntax",
            "BatchDetectTargetedSentiment",
            "ClassifyDocument",
            "ContainsPiiEntities",
        }
    ),
    # Texts are content. [rules.md §12]
    hidden={
        "*.Bytes": HIDDEN,
        "*.Text": HIDDEN,
    },
    # [AWS developer guide, log file entries]
    resources={
        "*": (_CLASSIFIER, _RECOGNIZER, _ENDPOINT),
        "CreateDocumentClassifier": (_CLASSIFIER, _KEY, _ROLE),
        "CreateEntityRecognizer": (_RECOGNIZER, _KEY, _ROLE),
    },
)
