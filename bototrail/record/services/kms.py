"""AWS KMS."""

from __future__ import annotations

from typing import Final

from bototrail.record.rules import OMITTED, Resource, Service

_KEY: Final = "AWS::KMS::Key"
_ARN: Final = "arn:{partition}:kms:{region}:{account}:key/"


def _key(paths: str) -> Resource:
    # What an alias stands for only the service knows, and often tells in its answer.
    return Resource(_KEY, f"{_ARN}{{{paths}}}", skip="alias/")


_ALIAS: Final = Resource(_KEY, "arn:{partition}:kms:{region}:{account}:{request.aliasName}")
_TARGET: Final = _key("request.targetKeyId")

SERVICE: Final = Service(
    # Use of a key is a read. [rules.md §11, facts §4.6]
    reads=frozenset(
        {
            "Decrypt",
            "DeriveSharedSecret",
            "Encrypt",
            "GenerateDataKey",
            "GenerateDataKeyPair",
            "GenerateDataKeyPairWithoutPlaintext",
            "GenerateDataKeyWithoutPlaintext",
            "GenerateMac",
            "GenerateRandom",
            "ReEncrypt",
            "Sign",
            "Verify",
            "VerifyMac",
        }
    ),
    # Neither what is encrypted nor what comes out is written. [rules.md §12, facts §1.9]
    hidden={
        "*.CiphertextBlob": OMITTED,
        "*.EncryptedKeyMaterial": OMITTED,
        "*.ImportToken": OMITTED,
        "*.KeyStorePassword": OMITTED,
        "*.Mac": OMITTED,
        "*.Message": OMITTED,
        "*.Plaintext": OMITTED,
        "*.PublicKey": OMITTED,
        "*.RawSecretAccessKey": OMITTED,
        "*.Recipient": OMITTED,
        "*.Signature": OMITTED,
        "CreateGrantResponse.GrantToken": OMITTED,
    },
    # [rules.md §4: members of records that the caller did not send]
    defaults={
        "CreateKeyRequest": {
            "bypassPolicyLockoutSafetyCheck": False,
            "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
            "description": "",
            "keySpec": "SYMMETRIC_DEFAULT",
            "keyUsage": "ENCRYPT_DECRYPT",
            "multiRegion": False,
            "origin": "AWS_KMS",
            "tags": [],
        },
        "DecryptRequest": {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"},
        "EncryptRequest": {"encryptionAlgorithm": "SYMMETRIC_DEFAULT"},
        "PutKeyPolicyRequest": {"bypassPolicyLockoutSafetyCheck": False},
    },
    # A key that is not there was looked for before the parameters were read. [DescribeKey of 2025]
    drops_parameters=frozenset(
        {
            "NotFoundException",
        }
    ),
    # [rules.md §10; facts §1.9]
    resources={
        "*": (_key("answer.KeyId,answer.KeyMetadata.Arn,request.keyId"),),
        "CreateAlias": (_TARGET, _ALIAS),
        "DeleteAlias": (_ALIAS,),
        "ReEncrypt": (
            _key("answer.SourceKeyId,request.sourceKeyId"),
            _key("answer.KeyId,request.destinationKeyId"),
        ),
        "UpdateAlias": (_ALIAS, _TARGET),
    },
)
