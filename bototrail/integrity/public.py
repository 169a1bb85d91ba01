"""Public keys as ListPublicKeys gives them: PKCS#1 DER, its MD5 fingerprint, from when to when (facts §3.4)."""

from __future__ import annotations

import functools
import hashlib
import math
from typing import Any, NamedTuple

from bototrail.errors import KeyFormatError, MissingExtraError


class PublicKey(NamedTuple):
    """A public key that digest files are checked with.

    Attributes:
        value: the DER of its PKCS#1 `RSAPublicKey`.
        start: from when it is valid, seconds since 1970.
        end: until when.
    """

    value: bytes
    start: float = 0.0
    end: float = math.inf

    @property
    def fingerprint(self) -> str:
        """What digest files call it: 32 lower-case hex digits."""
        return hashlib.md5(self.value, usedforsecurity=False).hexdigest()

    def verify(self, signature: str, data: bytes) -> bool:
        """Whether `signature` (hex, as digest files have it) is this key's over `data`.

        Raises:
            KeyFormatError: the key is none of PKCS#1.
            MissingExtraError: the package for it is not installed.
        """
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            rsa_key(self.value).verify(bytes.fromhex(signature), data, PKCS1v15(), SHA256())
        except (InvalidSignature, ValueError):
            return False
        return True


@functools.lru_cache(maxsize=64)
def rsa_key(value: bytes) -> Any:
    """The key that the DER of a PKCS#1 `RSAPublicKey` holds.

    Raises:
        KeyFormatError: it holds none; a SubjectPublicKeyInfo is none either, because AWS's own verifier takes none.
        MissingExtraError: the package for it is not installed.
    """
    try:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization import load_der_public_key
    except ImportError:
        raise MissingExtraError("checking signatures", "integrity") from None
    try:
        key = load_der_public_key(value)
    except Exception as error:  # noqa: BLE001 of several kinds, from the Rust below
        raise KeyFormatError(f"{type(error).__name__}: {error}") from None
    if not isinstance(key, RSAPublicKey) or not _is_pkcs1(value):
        raise KeyFormatError("a key of another kind")
    return key


def _is_pkcs1(value: bytes) -> bool:
    """Whether the outer SEQUENCE begins with an INTEGER, the modulus."""
    long_form = value[1] & 0x80
    return value[2 + (value[1] & 0x7F if long_form else 0)] == 0x02
