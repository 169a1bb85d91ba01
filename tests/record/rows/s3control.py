"""Amazon S3 Control: accounts, access points, Storage Lens."""

EVENTS = """
DeletePublicAccessBlock DeleteAccountPublicAccessBlock Management write
GetPublicAccessBlock    GetAccountPublicAccessBlock    Management read
ListAccessPoints        ListAccessPoints               Management read
PutPublicAccessBlock    PutAccountPublicAccessBlock    Management write
"""

REQUESTS = [
    (
        "CreateAccessPoint",
        {"AccountId": "1", "Name": "a", "Bucket": "b"},
        {
            "name": "a",
            "CreateAccessPointRequest": {"Bucket": "b", "xmlns": "http://awss3control.amazonaws.com/doc/2018-08-20/"},
        },
    ),
    ("ListAccessPoints", {"AccountId": "1", "Bucket": "b"}, {"bucket": "b"}),
    ("PutBucketVersioning", {"Bucket": "b", "MFA": "serial 123456"}, None),
]

_HOST = {"Host": "111122223333.s3-control.us-east-1.amazonaws.com"}
_URL = {"url": f"https://{_HOST['Host']}/"}
_DENIED = {"params": {"Name": "a"}, "error_code": "AccessDenied", "status": 403}

RECORDS = [
    ("GetAccessPoint", {**_DENIED, **_URL}, {"errorCode": "AccessDenied", "requestParameters": {"name": "a", **_HOST}}),
    ("ListAccessPoints", {}, {"userAgent": "[Boto3/1.44.5]"}),
    (
        "ListAccessPoints",
        {"response_headers": {"x-amz-id-2": "i", "content-length": "243"}},
        {
            "additionalEventData": {
                "SignatureVersion": "SigV4",
                "CipherSuite": "TLS_AES_128_GCM_SHA256",
                "bytesTransferredIn": 0,
                "AuthenticationMethod": "AuthHeader",
                "x-amz-id-2": "i",
                "bytesTransferredOut": 243,
            }
        },
    ),
]
