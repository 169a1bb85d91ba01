"""Who signs: a private key in a file, or AWS KMS."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

from bototrail.errors import ConfigError, MissingExtraError
from bototrail.integrity.key_files import read_file
from bototrail.integrity.public import LEAST_BITS, PublicKey

SETTING: Final = "setting"
"""Who holds a private key that the setting names or contains."""

_ARN: Final = re.compile(r"arn:[a-z-]+:kms:(?P<region>[a-z0-9-]+):\d{12}:(?:key|alias)/[A-Za-z0-9/_-]+")
_LABEL: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_KINDS: Final = {
    b"EC PRIVATE KEY": "an EC key",
    b"DSA PRIVATE KEY": "a DSA key",
    b"ENCRYPTED PRIVATE KEY": "one that is encrypted",
    b"OPENSSH PRIVATE KEY": "one in OpenSSH's own form",
    b"PUBLIC KEY": "a public key",
    b"RSA PUBLIC KEY": "a public key",
    b"CERTIFICATE": "a certificate",
}
_SHOWN: Final = 200  # a longer path may be a key


class Signer(Protocol):
    """Signs digest files.

    Attributes:
        public: the key that they are checked with, and when it is valid.
    """

    @property
    def public(self) -> PublicKey:
        """See above."""

    def sign(self, data: bytes) -> str:
        """The signature (RSASSA-PKCS1-v1_5 with SHA-256) over `data`, lower-case hex.

        Raises:
            DeliveryError: somebody else signs, and does not now.
        """

    def valid(self, public: PublicKey) -> Signer:
        """The same signer, with the key's validity as it is known now."""


@dataclass(frozen=True, eq=False, repr=False)
class FileSigner:
    """Signs with a private key in memory; see `Signer`.

    Attributes:
        public: its public half.
    """

    public: PublicKey
    _key: Any

    @classmethod
    def from_pem(cls, pem: bytes, where: str) -> FileSigner:
        """The signer with a private key, valid for ever.

        Args:
            pem: PKCS#8 or PKCS#1, not encrypted.
            where: what to call it in errors.

        Raises:
            ConfigError: it is none that can sign.
            MissingExtraError: the package for it is not installed.
        """
        try:
            from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
        except ImportError:
            raise MissingExtraError("signing", "integrity") from None
        key = _private_key(pem, where)
        return cls(PublicKey(key.public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1)), key)

    def sign(self, data: bytes) -> str:
        """See `Signer`."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signature: bytes = self._key.sign(data, PKCS1v15(), SHA256())
        return signature.hex()

    def valid(self, public: PublicKey) -> FileSigner:
        """See `Signer`."""
        return replace(self, public=public)


def new_key() -> bytes:
    """A new private key: RSA of 2048 bits, PKCS#8 in PEM.

    Raises:
        MissingExtraError: the package for it is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    except ImportError:
        raise MissingExtraError("making keys", "integrity") from None
    return generate_private_key(65537, LEAST_BITS).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


class SigningKey(NamedTuple):
    """The key that the setting `signing_key` gives.

    Attributes:
        held_by: who holds its private half: the ARN of a key in AWS KMS, or `SETTING`.
        open: gives its signer, for which KMS is asked once.
    """

    held_by: str
    open: Callable[[], Signer]


def signing_key(setting: str) -> SigningKey:
    """The key that the setting gives; a file is read now, KMS is asked when it is needed.

    Args:
        setting: the path of a PEM file, PEM text, or the ARN of a key or alias in AWS KMS.

    Raises:
        ConfigError: it is none of these, or the key cannot sign.
        MissingExtraError: the package for it is not installed.
    """
    text = setting.strip()
    if "-----BEGIN" in text:
        # Variables often hold a text of several lines with its line feeds spelt out.
        signer = FileSigner.from_pem(text.replace(r"\n", "\n").encode(), "the signing key")
    elif text.startswith("arn:"):
        return _in_kms(text)
    else:
        signer = FileSigner.from_pem(*_file(text))
    return SigningKey(SETTING, lambda: signer)


def _in_kms(arn: str) -> SigningKey:
    found = _ARN.fullmatch(arn)
    if found is None:
        example = "arn:aws:kms:REGION:ACCOUNT:key/ID or .../alias/NAME"
        raise ConfigError(f"the ARN of a key in AWS KMS, {example}", repr(arn[:_SHOWN]), "correct the signing key")

    @functools.cache
    def opened() -> Signer:
        from bototrail.integrity.kms import open_kms

        return open_kms(arn, found["region"])

    return SigningKey(arn, opened)


def _file(text: str) -> tuple[bytes, str]:
    """The content of a PEM file, and its name."""
    try:
        return read_file(Path(text), private=True), text
    except ConfigError as error:
        if len(text) <= _SHOWN:
            raise
        found = f"{error.found}, by a name of {len(text)} characters"
    todo = "correct its name or its rights; a key itself is given as PEM with its -----BEGIN line"
    raise ConfigError("a file with the signing key", found, todo)


def _private_key(pem: bytes, where: str) -> Any:
    """The RSA key in a PEM; what goes wrong is told without anything of it."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    expected = f"an RSA private key in PEM, not encrypted, in {where}"
    todo = "make one: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out FILE"
    try:
        key = load_pem_private_key(pem, None)
    except TypeError:
        raise ConfigError(expected, "one that is encrypted", "decrypt it: openssl pkey -in FILE -out FILE") from None
    except Exception:  # noqa: BLE001 of several kinds, from the Rust below
        label = _LABEL.search(pem)
        raise ConfigError(expected, _KINDS.get(label[1] if label else b"", "none that can be read"), todo) from None
    if not isinstance(key, RSAPrivateKey):
        raise ConfigError(expected, "a key of another kind, such as EC", todo)
    if key.key_size < LEAST_BITS:
        raise ConfigError(f"{expected}, of {LEAST_BITS} bits or more", f"one of {key.key_size} bits", todo)
    return key
