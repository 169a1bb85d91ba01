"""Amazon S3."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_BUCKET: Final = Resource("AWS::S3::Bucket", "arn:{partition}:s3:::{request.bucketName}")
_OBJECT: Final = Resource("AWS::S3::Object", "arn:{partition}:s3:::{request.bucketName}/{request.key}", account=False)
_LISTING: Final = Resource(
    "AWS::S3::Object", "arn:{partition}:s3:::{request.bucketName}/{request.prefix?}", account=False, key="ARNPrefix"
)
_SOURCE: Final = "arn:{partition}:s3:::{request.x-amz-copy-source"
_SOURCE_BUCKET: Final = Resource("AWS::S3::Bucket", _SOURCE + "|source_bucket}")
_SOURCE_OBJECT: Final = Resource("AWS::S3::Object", _SOURCE + "|source_object}", account=False)

SERVICE: Final = Service(
    # [rules.md §6]
    dialect="s3",
    # Directory buckets. [rules.md §2]
    signs_as=frozenset({"s3express"}),
    # [rules.md §3; facts §1.11]
    event_names={
        "DeletePublicAccessBlock": "DeleteBucketPublicAccessBlock",
        "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
        "GetBucketLifecycleConfiguration": "GetBucketLifecycle",
        "GetBucketNotificationConfiguration": "GetBucketNotification",
        "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
        "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
        "ListObjectsV2": "ListObjects",
        "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
        "PutBucketLifecycleConfiguration": "PutBucketLifecycle",
        "PutBucketNotificationConfiguration": "PutBucketNotification",
        "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
        "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    },
    # All S3 records. [rules.md §6]
    user_agent="[{}]",
    # [facts §4.5]
    data_events=frozenset(
        {
            "AbortMultipartUpload",
            "CompleteMultipartUpload",
            "CopyObject",
            "CreateMultipartUpload",
            "DeleteObject",
            "DeleteObjectTagging",
            "DeleteObjects",
            "GetObject",
            "GetObjectAcl",
            "GetObjectAttributes",
            "GetObjectLegalHold",
            "GetObjectRetention",
            "GetObjectTagging",
            "GetObjectTorrent",
            "HeadBucket",
            "HeadObject",
            "ListObjectVersions",
            "ListObjects",
            "ListObjectsV2",
            "ListParts",
            "PutObject",
            "PutObjectAcl",
            "PutObjectLegalHold",
            "PutObjectRetention",
            "PutObjectTagging",
            "RestoreObject",
            "SelectObjectContent",
            "UpdateObjectEncryption",
            "UploadPart",
            "UploadPartCopy",
        }
    ),
    # Keys of customers, and what is signed with them, are never written. [rules.md §12: no record has them]
    hidden={
        "*.CopySourceSSECustomerKey": OMITTED,
        "*.CopySourceSSECustomerKeyMD5": OMITTED,
        "*.MFA": OMITTED,
        "*.SSECustomerKey": OMITTED,
        "*.SSECustomerKeyMD5": OMITTED,
    },
    # KMS keys are sensitive by the model and logged in clear by S3. [rules.md §6]
    shown=frozenset(
        {
            "*.KMSMasterKeyID",
            "*.KeyId",
            "*.SSEKMSEncryptionContext",
            "*.SSEKMSKeyId",
        }
    ),
    # [rules.md §6]
    forms={
        "PutBucketPolicyRequest.Policy": "json",
    },
    # [rules.md §6]
    renames={
        "*.Bucket": "bucketName",
        "*.Key": "key",
        "PutBucketPolicyRequest.Policy": "bucketPolicy",
    },
    # [rules.md §6]
    host=True,
    # [rules.md §6, in the order of records]
    extra={
        "SignatureVersion": "signature",
        "CipherSuite": "cipher",
        "bytesTransferredIn": "sent",
        "SSEApplied": "encryption",
        "AuthenticationMethod": "authentication",
        "x-amz-id-2": "header x-amz-id-2",
        "bytesTransferredOut": "received",
    },
    # [rules.md §8]
    keeps_parameters=frozenset({"*"}),
    # A HEAD request is answered without a body, so the SDK knows only the status. [rules.md §6]
    errors={
        "403": "AccessDenied",
        "HeadBucket.404": "NoSuchBucket",
        "HeadObject.404": "NoSuchKey",
    },
    # [rules.md §6, §10]
    no_resources=frozenset(
        {
            "NoSuchBucket",
        }
    ),
    # [rules.md §6, §10]
    resources={
        "*": (_OBJECT, _BUCKET),
        "CopyObject": (_OBJECT, _BUCKET, _SOURCE_BUCKET, _SOURCE_OBJECT),
        "CreateBucket": (),
        "DeleteObjects": (_LISTING, _BUCKET),
        "HeadBucket": (_LISTING, _BUCKET),
        "ListObjectVersions": (_LISTING, _BUCKET),
        "ListObjects": (_LISTING, _BUCKET),
        "ListObjectsV2": (_LISTING, _BUCKET),
        "UploadPartCopy": (_OBJECT, _BUCKET, _SOURCE_BUCKET),
    },
)
