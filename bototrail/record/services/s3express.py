"""Directory buckets of Amazon S3: requests of S3 that are signed for S3 Express One Zone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bototrail.record.rules import OMITTED, Resource
from bototrail.record.services.s3 import SERVICE as S3

_ARN: Final = "arn:{partition}:s3express:{region}:{account}:bucket/{request.bucketName}"
_BUCKET: Final = Resource("AWS::S3Express::DirectoryBucket", _ARN)
_OBJECTS: Final = Resource("AWS::S3Express::Object", _ARN + "/", account=False, key="ARNPrefix")

# [AWS user guide, log file examples for directory buckets; facts §4.5]
SERVICE: Final = replace(
    S3,
    event_source="s3express",
    event_names={},
    signs_as=frozenset(),
    user_agent="{}",
    data_events=frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "CreateSession",
            "DeleteObject",
            "DeleteObjects",
            "GetObject",
            "GetObjectAttributes",
            "HeadBucket",
            "HeadObject",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    hidden={**S3.hidden, "*.SecretAccessKey": OMITTED},
    reads=frozenset({"CreateSession"}),
    responses=frozenset({"CreateSession"}),
    extra={**S3.extra, "availabilityZone": "zone"},
    resources={
        "*": (_OBJECTS, _BUCKET),
        "CreateBucket": (),
    },
)
