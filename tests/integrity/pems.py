"""Private keys as PEM, of all kinds."""

from __future__ import annotations

import functools
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from integrity.made import private_key

PKCS8, PKCS1, OPENSSH = PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL, PrivateFormat.OpenSSH
SPKI = PublicFormat.SubjectPublicKeyInfo


def pem(key=None, form=PKCS8, password: bytes | None = None) -> bytes:
    """A private key; by default the first one of `made`."""
    how = BestAvailableEncryption(password) if password else NoEncryption()
    return (key or private_key(0)).private_bytes(Encoding.PEM, form, how)


def public_pem(key=None, form=SPKI) -> bytes:
    """Its public half."""
    return (key or private_key(0)).public_key().public_bytes(Encoding.PEM, form)


def public_der(key=None, form=SPKI) -> bytes:
    """Its public half."""
    return (key or private_key(0)).public_key().public_bytes(Encoding.DER, form)


def private_der(form=PKCS8) -> bytes:
    """The first private key of `made`."""
    return private_key(0).private_bytes(Encoding.DER, form, NoEncryption())


@functools.cache
def short_key() -> rsa.RSAPrivateKey:
    """A key that can be broken."""
    return rsa.generate_private_key(65537, 1024)


@functools.cache
def curve_key() -> ec.EllipticCurvePrivateKey:
    """A key of another kind."""
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def edwards_key() -> ed25519.Ed25519PrivateKey:
    """A key of a third kind."""
    return ed25519.Ed25519PrivateKey.generate()


def secrets_in(*texts: str | bytes, keys: int = 1) -> list[str]:
    """Pieces of the first keys of `made` that stand in any of some texts."""
    told = [text if isinstance(text, str) else text.decode(errors="replace") for text in texts]
    lines = [line for number in range(keys) for line in pem(private_key(number)).decode().splitlines()[1:-1]]
    return [line for line in [*lines, "PRIVATE KEY-----"] if any(line in text for text in told)]


def write_private(path: Path, data: bytes) -> Path:
    """A file that its owner alone can read."""
    path.touch(0o600)
    path.write_bytes(data)
    return path
