"""Directory buckets of Amazon S3: requests of S3 that are signed for S3 Express One Zone."""

from record.rows import HIDDEN, s3

EVENTS = """
AbortMultipartUpload    Data       write
CompleteMultipartUpload Data       write
CopyObject              Data       write
CreateBucket            Management write
CreateMultipartUpload   Data       write
CreateSession           Data       read
DeleteObject            Data       write
DeleteObjects           Data       write
GetObject               Data       read
GetObjectAttributes     Data       read
HeadBucket              Data       read
HeadObject              Data       read
ListObjectsV2           Data       read
ListParts               Data       read
PutObject               Data       write
UploadPart              Data       write
UploadPartCopy          Data       write
"""

# As for other buckets.
REQUESTS = [row for row in s3.REQUESTS if row[0] != "SelectObjectContent"]

_SESSION = {"Credentials": {"AccessKeyId": "A", "SecretAccessKey": "s", "SessionToken": "t"}}

RESULTS = [
    *(row for row in s3.RESULTS if row[0] < "CreateSession"),
    ("CreateSession", _SESSION, {"credentials": {"accessKeyId": "A", "sessionToken": HIDDEN}}),
    *(row for row in s3.RESULTS if row[0] > "CreateSession"),
]

_ARN = "arn:aws:s3express:us-east-1:111122223333:bucket/b"
_BUCKET = f"111122223333 AWS::S3Express::DirectoryBucket {_ARN}"
_OBJECTS = f"AWS::S3Express::Object {_ARN}/*"

RESOURCES = [
    ("CreateBucket", {"Bucket": "b"}, {}, []),
    ("PutObject", {"Bucket": "b", "Key": "k"}, {}, [_OBJECTS, _BUCKET]),
]

_SSE = "x-amz-server-side-encryption"
_SENT = {"params": {"Bucket": "logs--use1-az4--x-s3"}, "request_headers": {_SSE: "AES256", "Content-Length": "512"}}
_SHARED = ("errorCode", "requestParameters", "resources")

RECORDS = [
    *(row for row in s3.RECORDS if row[2].keys() & set(_SHARED)),
    (
        "PutObject",
        {**_SENT, "response_headers": {_SSE: "AES256", "x-amz-id-2": "i", "content-length": "7"}},
        {
            "additionalEventData": {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 512.0,
                "SSEApplied": "SSE_S3",
                "AuthenticationMethod": "AuthHeader",
                "x-amz-id-2": "i",
                "bytesTransferredOut": 7.0,
                "availabilityZone": "use1-az4",
            }
        },
    ),
    ("PutObject", {}, {"eventSource": "s3express.amazonaws.com"}),
    ("PutObject", {}, {"userAgent": "Boto3/1.44.5"}),
]
