"""Amazon S3."""

EVENTS = """
AbortMultipartUpload               AbortMultipartUpload             Data       write
CompleteMultipartUpload            CompleteMultipartUpload          Data       write
CopyObject                         CopyObject                       Data       write
CreateBucket                       CreateBucket                     Management write
CreateMultipartUpload              CreateMultipartUpload            Data       write
DeleteBucketLifecycle              DeleteBucketLifecycle            Management write
DeleteObject                       DeleteObject                     Data       write
DeleteObjectTagging                DeleteObjectTagging              Data       write
DeleteObjects                      DeleteObjects                    Data       write
DeletePublicAccessBlock            DeleteBucketPublicAccessBlock    Management write
GetBucketAccelerateConfiguration   GetAccelerateConfiguration       Management read
GetBucketLifecycleConfiguration    GetBucketLifecycle               Management read
GetBucketNotificationConfiguration GetBucketNotification            Management read
GetObject                          GetObject                        Data       read
GetObjectAcl                       GetObjectAcl                     Data       read
GetObjectAttributes                GetObjectAttributes              Data       read
GetObjectLegalHold                 GetObjectLegalHold               Data       read
GetObjectLockConfiguration         GetBucketObjectLockConfiguration Management read
GetObjectRetention                 GetObjectRetention               Data       read
GetObjectTagging                   GetObjectTagging                 Data       read
GetObjectTorrent                   GetObjectTorrent                 Data       read
GetPublicAccessBlock               GetBucketPublicAccessBlock       Management read
HeadBucket                         HeadBucket                       Data       read
HeadObject                         HeadObject                       Data       read
ListBuckets                        ListBuckets                      Management read
ListObjectVersions                 ListObjectVersions               Data       read
ListObjects                        ListObjects                      Data       read
ListObjectsV2                      ListObjects                      Data       read
ListParts                          ListParts                        Data       read
PutBucketAccelerateConfiguration   PutAccelerateConfiguration       Management write
PutBucketLifecycleConfiguration    PutBucketLifecycle               Management write
PutBucketNotificationConfiguration PutBucketNotification            Management write
PutObject                          PutObject                        Data       write
PutObjectAcl                       PutObjectAcl                     Data       write
PutObjectLegalHold                 PutObjectLegalHold               Data       write
PutObjectLockConfiguration         PutBucketObjectLockConfiguration Management write
PutObjectRetention                 PutObjectRetention               Data       write
PutObjectTagging                   PutObjectTagging                 Data       write
PutPublicAccessBlock               PutBucketPublicAccessBlock       Management write
RestoreObject                      RestoreObject                    Data       write
SelectObjectContent                SelectObjectContent              Data       read
UpdateObjectEncryption             UpdateObjectEncryption           Data       write
UploadPart                         UploadPart                       Data       write
UploadPartCopy                     UploadPartCopy                   Data       write
"""

_XMLNS = {"xmlns": "http://s3.amazonaws.com/doc/2006-03-01/"}
_XSI = {"xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}
_GRANTEE = {"xsi:type": "Group", "URI": "u", **_XSI}
_SSE = "x-amz-server-side-encryption"

REQUESTS = [
    (
        "CopyObject",
        {"CopySource": {"Bucket": "c", "Key": "l", "VersionId": "v"}},
        {"x-amz-copy-source": "c/l?versionId=v"},
    ),
    ("CopyObject", {"Bucket": "b", "CopySourceSSECustomerKey": "k"}, {"bucketName": "b"}),
    ("CopyObject", {"Bucket": "b", "CopySourceSSECustomerKeyMD5": "m"}, {"bucketName": "b"}),
    ("DeleteObject", {"Bucket": "b", "Key": "k", "MFA": "m"}, {"bucketName": "b", "key": "k"}),
    ("DeleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "k"}]}}, {"bucketName": "b", "delete": ""}),
    ("GetBucketAcl", {"Bucket": "b"}, {"bucketName": "b", "acl": ""}),
    (
        "ListObjectsV2",
        {"Bucket": "b", "Prefix": "", "MaxKeys": 5},
        {"bucketName": "b", "prefix": "", "max-keys": "5", "list-type": "2"},
    ),
    (
        "PutBucketAcl",
        {"AccessControlPolicy": {"Grants": [{"Grantee": {"Type": "Group", "URI": "u"}}]}},
        {
            "acl": "",
            "AccessControlPolicy": {
                "AccessControlList": {"Grant": {"Grantee": _GRANTEE}},
                **_XMLNS,
            },
        },
    ),
    (
        "PutBucketAcl",
        {"Bucket": "b", "GrantRead": "uri=x"},
        {"bucketName": "b", "acl": "", "accessControlList": {"x-amz-grant-read": "uri=x"}},
    ),
    (
        "PutBucketEncryption",
        {
            "ServerSideEncryptionConfiguration": {
                "Rules": [{"ApplyServerSideEncryptionByDefault": {"KMSMasterKeyID": "k"}}]
            }
        },
        {
            "encryption": "",
            "ServerSideEncryptionConfiguration": {
                "Rule": {"ApplyServerSideEncryptionByDefault": {"KMSMasterKeyID": "k"}},
                **_XMLNS,
            },
        },
    ),
    (
        "PutBucketInventoryConfiguration",
        {
            "InventoryConfiguration": {
                "Destination": {"S3BucketDestination": {"Encryption": {"SSEKMS": {"KeyId": "k"}}}}
            }
        },
        {
            "inventory": "",
            "InventoryConfiguration": {
                "Destination": {"S3BucketDestination": {"Encryption": {"SSE-KMS": {"KeyId": "k"}}}},
                **_XMLNS,
            },
        },
    ),
    (
        "PutBucketPolicy",
        {"Bucket": "b", "Policy": '{"Version":"2012-10-17"}'},
        {"bucketName": "b", "policy": "", "bucketPolicy": {"Version": "2012-10-17"}},
    ),
    (
        "PutBucketTagging",
        {"Bucket": "b", "Tagging": {"TagSet": [{"Key": "k", "Value": "true"}]}},
        {"bucketName": "b", "tagging": "", "Tagging": {"TagSet": {"Tag": {"Key": "k", "Value": True}}, **_XMLNS}},
    ),
    ("PutObject", {"Bucket": "b", "Body": b"x", "ContentType": "t", "Metadata": {"a": "b"}}, {"bucketName": "b"}),
    ("PutObject", {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k"}, {f"{_SSE}-customer-algorithm": "AES256"}),
    (
        "PutObject",
        {"SSECustomerAlgorithm": "AES256", "SSECustomerKeyMD5": "m"},
        {f"{_SSE}-customer-algorithm": "AES256"},
    ),
    ("PutObject", {"SSEKMSEncryptionContext": "e30="}, {f"{_SSE}-context": "e30="}),
    ("PutObject", {"SSEKMSKeyId": "k"}, {f"{_SSE}-aws-kms-key-id": "k"}),
    (
        "SelectObjectContent",
        {"Bucket": "b", "Key": "k", "Expression": "e"},
        {"bucketName": "b", "key": "k", "select": "", "select-type": "2"},
    ),
]

RESULTS = [
    ("CreateBucket", {"location": "/b", "x-amz-id-2": "i"}, None),
    ("GetObject", {_SSE: "AES256"}, None),
    ("PutObject", {"etag": "e", "x-amz-request-id": "r"}, None),
    ("PutObject", {_SSE: "AES256", "etag": "e"}, {_SSE: "AES256"}),
]

_BUCKET = "111122223333 AWS::S3::Bucket arn:aws:s3:::b"
_OBJECT = "AWS::S3::Object arn:aws:s3:::b/k"
_LISTED = "AWS::S3::Object arn:aws:s3:::b/*"
_SOURCE = ["111122223333 AWS::S3::Bucket arn:aws:s3:::c", "AWS::S3::Object arn:aws:s3:::c/d/l"]
_COPY = {"Bucket": "b", "Key": "k", "CopySource": "c/d/l"}

RESOURCES = [
    ("CopyObject", _COPY, {}, [_OBJECT, _BUCKET, *_SOURCE]),
    ("CreateBucket", {"Bucket": "b"}, {}, []),
    ("DeleteObjects", {"Bucket": "b"}, {}, [_LISTED, _BUCKET]),
    ("GetBucketAcl", {"Bucket": "b"}, {}, [_BUCKET]),
    ("GetObject", {"Bucket": "b", "Key": "k"}, {}, [_OBJECT, _BUCKET]),
    ("HeadBucket", {"Bucket": "b"}, {}, [_LISTED, _BUCKET]),
    ("ListBuckets", {}, {}, []),
    ("ListObjectVersions", {"Bucket": "b"}, {}, [_LISTED, _BUCKET]),
    ("ListObjects", {"Bucket": "b"}, {}, [_LISTED, _BUCKET]),
    ("ListObjectsV2", {"Bucket": "b"}, {}, [_LISTED, _BUCKET]),
    ("ListObjectsV2", {"Bucket": "b", "Prefix": "p/"}, {}, ["AWS::S3::Object arn:aws:s3:::b/p/*", _BUCKET]),
    ("UploadPartCopy", _COPY, {}, [_OBJECT, _BUCKET, _SOURCE[0]]),
]

_HOST = {"Host": "s3.us-east-1.amazonaws.com"}

RECORDS = [
    (
        "CreateBucket",
        {"error_code": "BucketAlreadyOwnedByYou", "status": 409},
        {"errorCode": "BucketAlreadyOwnedByYou"},
    ),
    (
        "GetBucketAcl",
        {"params": {"Bucket": "b"}, "error_code": "AccessDenied", "status": 403},
        {"errorCode": "AccessDenied", "requestParameters": {"bucketName": "b", "acl": "", **_HOST}},
    ),
    ("GetBucketAcl", {"params": {"Bucket": "b"}, "error_code": "NoSuchBucket", "status": 404}, {"resources": None}),
    ("HeadBucket", {"error_code": "404", "status": 404}, {"errorCode": "NoSuchBucket"}),
    ("HeadObject", {"error_code": "403", "status": 403}, {"errorCode": "AccessDenied"}),
    ("HeadObject", {"error_code": "404", "status": 404}, {"errorCode": "NoSuchKey"}),
    ("ListBuckets", {}, {"userAgent": "[Boto3/1.44.5]"}),
    ("ListBuckets", {}, {"requestParameters": _HOST}),
    (
        "PutBucketVersioning",
        {"request_length": 243, "response_headers": {"x-amz-id-2": "i"}},
        {
            "additionalEventData": {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 243,
                "AuthenticationMethod": "AuthHeader",
                "x-amz-id-2": "i",
                "bytesTransferredOut": 0,
            }
        },
    ),
    (
        "PutObject",
        {
            "request_headers": {"Content-Length": b"512", _SSE: "aws:kms"},
            "response_headers": {_SSE: "aws:kms", "x-amz-id-2": "i", "content-length": "7"},
        },
        {
            "additionalEventData": {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 512.0,
                "SSEApplied": "SSE_KMS",
                "AuthenticationMethod": "AuthHeader",
                "x-amz-id-2": "i",
                "bytesTransferredOut": 7.0,
            }
        },
    ),
]
