"""Directory buckets of Amazon S3: requests of S3 that are signed for S3 Express One Zone."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bototrail.record.rules import OMITTED, Resource
from bototrail.record.services.s3 import SERVICE as S3

_ARN: Final = "arn:{partition}:s3express:{region}:{account}:bucket/{request.bucketName}"
_BUCKET: Final = Resource("AWS::S3Express::DirectoryBucket", _ARN)
_OBJECTS: Final = Resource("AWS::S3Express::Object", _ARN + "/", account=False, key="ARNPrefix")

# What is not named here is as for other buckets. [AWS user guide, log file examples for directory buckets; facts §4.5]
SERVICE: Final = replace(
    S3,
    # [AWS user guide, log file examples for directory buckets]
    event_source="s3express",
    event_names={},
    signs_as=frozenset(),
    user_agent="{}",
    # [facts §4.5]
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
    # [AWS user guide, log file examples for directory buckets]
    hidden={**S3.hidden, "*.SecretAccessKey": OMITTED},
    reads=frozenset({"CreateSession"}),
    responses=frozenset({"CreateSession"}),
    extra={**S3.extra, "availabilityZone": "zone"},
    # [AWS user guide, log file examples for directory buckets]
    resources={
        "*": (_OBJECTS, _BUCKET),
        "CreateBucket": (),
    },
)
