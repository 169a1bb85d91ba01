"""AWS KMS signs: the private key never leaves it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from bototrail.deliver.clients import error_code, expect, failed, make_client
from bototrail.errors import ConfigError, DeliveryError
from bototrail.integrity.key_files import pkcs1
from bototrail.integrity.public import PublicKey, sound

ALGORITHM: Final = "RSASSA_PKCS1_V1_5_SHA_256"
RAW_BYTES: Final = 4096
"""Bytes that Sign takes as they are; of more it takes the hash."""

_TRIES: Final = {"total_max_attempts": 3, "mode": "standard"}


@dataclass(frozen=True, eq=False, repr=False)
class KmsSigner:
    """Signs with a key in AWS KMS; see `Signer`. Needs `kms:GetPublicKey` and `kms:Sign`.

    Attributes:
        public: its public half.
        arn: the ARN it was named by.
    """

    public: PublicKey
    arn: str
    _key_id: str
    _client: Any

    def sign(self, data: bytes) -> str:
        """See `Signer`."""
        # RAW where it can be: emulators of KMS know nothing else, and would hash the hash.
        message: dict[str, Any] = {"Message": data, "MessageType": "RAW"}
        if len(data) > RAW_BYTES:
            message = {"Message": hashlib.sha256(data).digest(), "MessageType": "DIGEST"}
        try:
            answer = self._client.sign(KeyId=self._key_id, SigningAlgorithm=ALGORITHM, **message)
        except Exception as error:
            raise failed(self.arn, error) from error
        signature = bytes(answer["Signature"]).hex()
        if not self.public.verify(signature, data):
            raise DeliveryError(f"{self.arn}: Sign answered no signature of the key {self.public.fingerprint}")
        return signature

    def valid(self, public: PublicKey) -> KmsSigner:
        """See `Signer`."""
        return replace(self, public=public)


def open_kms(arn: str, region: str) -> KmsSigner:
    """The signer with a key in AWS KMS, valid for ever.

    An alias is followed once: the key that it led to signs, also when the alias is given to another one meanwhile.

    Args:
        arn: the ARN of the key or of an alias.
        region: its region.

    Raises:
        ConfigError: it is no key that can sign so.
        DeliveryError: KMS cannot be asked, or denies.
        MissingExtraError: the package that checks signatures is not installed.
    """
    try:
        client = make_client("kms", {}, region, retries=_TRIES)
        expect(client, "GetPublicKey", "PublicKey")
        expect(client, "Sign", "Signature")
        answer = client.get_public_key(KeyId=arn)
    except Exception as error:
        if error_code(error) == "UnsupportedOperationException":  # what KMS says of a symmetric key
            raise _unfit(arn, error_code(error)) from None
        raise failed(arn, error) from error
    return KmsSigner(_public_key(arn, answer), arn, str(answer.get("KeyId") or arn), client)


def _public_key(arn: str, answer: Mapping[str, Any]) -> PublicKey:
    spec, usage = answer.get("KeySpec", answer.get("CustomerMasterKeySpec")), answer.get("KeyUsage")
    if usage != "SIGN_VERIFY" or ALGORITHM not in answer.get("SigningAlgorithms", ()):
        raise _unfit(arn, f"KeySpec {spec}, KeyUsage {usage}")
    return sound(PublicKey(pkcs1(bytes(answer["PublicKey"]))))


def _unfit(arn: str, found: str) -> ConfigError:
    todo = "make one with --key-spec RSA_2048 --key-usage SIGN_VERIFY"
    return ConfigError(f"a key that signs with {ALGORITHM} at {arn}", found, todo)
