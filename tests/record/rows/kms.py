"""AWS KMS."""

from record.rows import HIDDEN

EVENTS = """
CreateKey                           Management write
Decrypt                             Management read
DeriveSharedSecret                  Management read
Encrypt                             Management read
GenerateDataKey                     Management read
GenerateDataKeyPair                 Management read
GenerateDataKeyPairWithoutPlaintext Management read
GenerateDataKeyWithoutPlaintext     Management read
GenerateMac                         Management read
GenerateRandom                      Management read
ReEncrypt                           Management read
Sign                                Management read
Verify                              Management read
VerifyMac                           Management read
"""

_SYMMETRIC = {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"}

REQUESTS = [
    (
        "CreateCustomKeyStore",
        {"CustomKeyStoreName": "n", "KeyStorePassword": "p"},
        {"customKeyStoreName": "n"},
    ),
    (
        "CreateCustomKeyStore",
        {"XksProxyAuthenticationCredential": {"AccessKeyId": "a", "RawSecretAccessKey": "s"}},
        {"xksProxyAuthenticationCredential": {"accessKeyId": HIDDEN}},
    ),
    (
        "CreateKey",
        {},
        {
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "",
            "keySpec": "SYMMETRIC_DEFAULT",
            "keyUsage": "ENCRYPT_DECRYPT",
            "multiRegion": False,
            "origin": "AWS_KMS",
            "tags": [],
        },
    ),
    ("Decrypt", {"CiphertextBlob": b"c"}, _SYMMETRIC),
    ("Decrypt", {"EncryptionAlgorithm": "RSAES_OAEP_SHA_256"}, {"encryptionAlgorithm": "RSAES_OAEP_SHA_256"}),
    ("DeriveSharedSecret", {"KeyId": "k", "PublicKey": b"p"}, {"keyId": "k"}),
    ("Encrypt", {"KeyId": "k", "Plaintext": b"p"}, {"keyId": "k", **_SYMMETRIC}),
    ("GenerateDataKey", {"KeyId": "k", "Recipient": {"AttestationDocument": b"d"}}, {"keyId": "k"}),
    ("ImportKeyMaterial", {"KeyId": "k", "EncryptedKeyMaterial": b"m"}, {"keyId": "k"}),
    ("ImportKeyMaterial", {"KeyId": "k", "ImportToken": b"t"}, {"keyId": "k"}),
    ("PutKeyPolicy", {"KeyId": "k"}, {"keyId": "k", "bypassPolicyLockoutSafetyCheck": False}),
    ("Sign", {"KeyId": "k", "Message": b"m"}, {"keyId": "k"}),
    ("Verify", {"KeyId": "k", "Signature": b"s"}, {"keyId": "k"}),
    ("VerifyMac", {"KeyId": "k", "Mac": b"m"}, {"keyId": "k"}),
]

RESULTS = [
    ("CreateGrant", {"GrantId": "g", "GrantToken": "t"}, {"grantId": "g"}),
    ("Encrypt", {"KeyId": "k"}, None),
]

_KMS = "111122223333 AWS::KMS::Key arn:aws:kms:us-east-1:111122223333:"
_KEY, _ALIAS = f"{_KMS}key/k", f"{_KMS}alias/a"
_OTHER = "arn:aws:kms:us-east-1:444455556666:key/o"

RESOURCES = [
    ("CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "alias/b"}, {}, [_ALIAS]),
    ("CreateAlias", {"AliasName": "alias/a", "TargetKeyId": "k"}, {}, [_KEY, _ALIAS]),
    ("CreateKey", {}, {"KeyMetadata": {"Arn": _OTHER}}, [f"444455556666 AWS::KMS::Key {_OTHER}"]),
    ("DeleteAlias", {"AliasName": "alias/a"}, {}, [_ALIAS]),
    ("DescribeKey", {"KeyId": "alias/a"}, {"KeyMetadata": {"Arn": _OTHER}}, [f"444455556666 AWS::KMS::Key {_OTHER}"]),
    ("Encrypt", {"KeyId": "alias/a"}, {}, []),
    ("Encrypt", {"KeyId": "alias/a"}, {"KeyId": _OTHER}, [f"444455556666 AWS::KMS::Key {_OTHER}"]),
    ("Encrypt", {"KeyId": "k"}, {}, [_KEY]),
    ("ReEncrypt", {"SourceKeyId": "alias/a", "DestinationKeyId": "alias/b"}, {}, []),
    ("ReEncrypt", {"SourceKeyId": "alias/a", "DestinationKeyId": "k"}, {}, [_KEY]),
    (
        "ReEncrypt",
        {"SourceKeyId": "k", "DestinationKeyId": "alias/b"},
        {"KeyId": _OTHER},
        [_KEY, f"444455556666 AWS::KMS::Key {_OTHER}"],
    ),
    ("UpdateAlias", {"AliasName": "alias/a", "TargetKeyId": "alias/b"}, {}, [_ALIAS]),
    ("UpdateAlias", {"AliasName": "alias/a", "TargetKeyId": "k"}, {}, [_ALIAS, _KEY]),
]

RECORDS = [
    ("DescribeKey", {"params": {"KeyId": "k"}, "error_code": "NotFoundException"}, {"requestParameters": None}),
]
