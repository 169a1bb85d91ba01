"""Public keys as ListPublicKeys gives them: PKCS#1 DER, its MD5 fingerprint, from when to when (facts §3.4)."""

from __future__ import annotations

import functools
import hashlib
import math
from base64 import b64encode
from typing import Any, Final, NamedTuple

from bototrail.clock import event_time
from bototrail.errors import KeyFormatError, MissingExtraError

LEAST_BITS: Final = 2048
MOST_BITS: Final = 16384
"""Lengths of keys that are taken: shorter ones can be broken, and OpenSSL takes no longer ones."""


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

    def covers(self, start: float, end: float) -> bool:
        """Whether it is valid at any time between two moments, both included.

        A key may sign a digest file if it covers digestEndTime and the two hours after it, in which the hour is signed:
        `aws cloudtrail validate-logs` asks for the keys of that range. A backfill digest is made at any later time, so
        its key must cover its generation time, give or take an hour.

        Args:
            start: seconds since 1970.
            end: seconds since 1970.
        """
        return self.start <= end and start <= self.end

    def fields(self) -> dict[str, str]:
        """As it stands in PublicKeyList; a validity without a beginning or an end is left out."""
        found = {"Value": b64encode(self.value).decode()}
        if self.start > 0:
            found["ValidityStartTime"] = event_time(self.start)
        if self.end < math.inf:
            found["ValidityEndTime"] = event_time(self.end)
        return {**found, "Fingerprint": self.fingerprint}

    def verify(self, signature: str, data: bytes) -> bool:
        """Whether `signature` (hex, as digest files have it) is this key's over `data`.

        Raises:
            KeyFormatError: the key is none of PKCS#1.
            MissingExtraError: the package for it is not installed.
        """
        key = rsa_key(self.value)
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            key.verify(bytes.fromhex(signature), data, PKCS1v15(), SHA256())
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


def sound(key: PublicKey) -> PublicKey:
    """The key, when it can be checked with, and is of a length that can be trusted.

    Raises:
        KeyFormatError: it cannot.
        MissingExtraError: the package for it is not installed.
    """
    bits = rsa_key(key.value).key_size
    if not LEAST_BITS <= bits <= MOST_BITS:
        raise KeyFormatError(f"one of {bits} bits", f"use one of {LEAST_BITS} to {MOST_BITS}")
    return key


def _is_pkcs1(value: bytes) -> bool:
    """Whether the outer SEQUENCE begins with an INTEGER, the modulus."""
    long_form = value[1] & 0x80
    return value[2 + (value[1] & 0x7F if long_form else 0)] == 0x02
