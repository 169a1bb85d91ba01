"""Keys in files of any usual form: JSON, PEM, DER, and folders of them."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

import orjson

from bototrail.errors import ConfigError, KeyFormatError, MissingExtraError
from bototrail.integrity.public import PublicKey, sound
from bototrail.integrity.public_keys import PublicKeys

MOST_BYTES: Final = 1024 * 1024
"""Bytes of a file of keys; two thousand of them fit into it."""

SUFFIXES: Final = (".json", ".pem", ".der")
"""Names of files of a folder that are read end so."""

_REMEDY: Final = "correct its name or its rights"
_BLOCK: Final = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----.*?-----END \1-----", re.DOTALL)


def load_public_keys(paths: Iterable[str | os.PathLike[str]]) -> PublicKeys:
    """The public keys in files and folders.

    A file holds what `aws cloudtrail list-public-keys` prints, one entry of that, public keys in PEM (`PUBLIC KEY` or
    `RSA PUBLIC KEY`), or one in DER. Of a folder, a key folder for one, all `.json`, `.pem` and `.der` files count, but
    no private keys beside their public halves. PEM and DER tell no validity; such keys are valid for ever.

    Args:
        paths: files and folders, any number of them; see `PublicKeys` for a key that is in several.

    Raises:
        ConfigError: a file cannot be read.
        KeyFormatError: it holds something else, or a private key.
        MissingExtraError: the package that reads keys is not installed.
    """
    return PublicKeys(key for path in paths for file in _files(Path(path)) for key in read_public_keys(file))


def read_public_keys(path: Path) -> list[PublicKey]:
    """The public keys in one file; see `load_public_keys`."""
    return parse_public_keys(read_file(path), str(path))


def parse_public_keys(data: bytes, where: str) -> list[PublicKey]:
    """The public keys in the content of a file; see `load_public_keys`.

    Args:
        data: the content.
        where: what to call the file in errors.
    """
    text = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    try:
        if len(data) > MOST_BYTES:
            raise KeyFormatError(f"more than {MOST_BYTES} bytes")
        if text[:1] in (b"{", b"["):
            return list(PublicKeys.from_json(_json(text)).values())
        blocks = list(_BLOCK.finditer(text))
        if any(b"PRIVATE KEY" in block[1] for block in blocks) or _is_private(data):
            raise KeyFormatError("a private key", "export the public one, and keep this one to yourself")
        if blocks:
            return [sound(PublicKey(pkcs1(_body(block), pem=True))) for block in blocks]
        return [sound(PublicKey(pkcs1(data)))]
    except KeyFormatError as error:
        expected = "RSA public keys, as JSON of ListPublicKeys, PEM or DER"
        raise KeyFormatError(f"{error.found} in {where}", error.todo, expected) from None


def read_file(path: Path, *, private: bool = False) -> bytes:
    """The content of a file of keys.

    Args:
        path: the file.
        private: whether it holds a private key, which no others may be able to read.

    Raises:
        ConfigError: it cannot be read, is no ordinary file, is too large, or others can read it.
    """
    expected = f"a file with {'a private key' if private else 'keys'} at {path}"
    try:
        # A pipe would never end; O_NONBLOCK opens it without waiting for somebody who writes.
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        try:
            _check(os.fstat(fd), path, expected, private)
            with os.fdopen(fd, "rb", closefd=False) as file:
                data = file.read(MOST_BYTES + 1)
        finally:
            os.close(fd)
    except (OSError, ValueError) as error:
        raise ConfigError(expected, getattr(error, "strerror", None) or "no path", _REMEDY) from None
    if len(data) > MOST_BYTES:
        raise ConfigError(expected, f"more than {MOST_BYTES} bytes", _REMEDY)
    return data


def _check(found: os.stat_result, path: Path, expected: str, private: bool) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise ConfigError(expected, "no ordinary file", _REMEDY)
    if private and _open_to_others(found):
        mode = stat.S_IMODE(found.st_mode)
        raise ConfigError(f"{expected} that is its owner's alone", f"mode {mode:04o}", f"chmod 600 {path}")


def _open_to_others(found: os.stat_result) -> bool:
    """Whether others may use a file; another owner's group is his own way of giving it to us."""
    return bool(found.st_mode & (0o077 if found.st_uid == os.geteuid() else 0o007))


def pkcs1(data: bytes, *, pem: bool = False) -> bytes:
    """The PKCS#1 DER of a public RSA key in another form.

    Args:
        data: DER, a SubjectPublicKeyInfo or PKCS#1.
        pem: whether it is PEM instead.

    Raises:
        KeyFormatError: it is none.
        MissingExtraError: the package that reads keys is not installed.
    """
    try:
        from cryptography.hazmat.primitives import serialization as forms
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    except ImportError:
        raise MissingExtraError("reading keys", "integrity") from None
    try:
        key = forms.load_pem_public_key(data) if pem else forms.load_der_public_key(data)
    except Exception:  # noqa: BLE001 of several kinds, from the Rust below
        raise KeyFormatError("something else") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyFormatError("a key that is none of RSA")
    return key.public_bytes(forms.Encoding.DER, forms.PublicFormat.PKCS1)


def as_pem(key: PublicKey) -> str:
    """The key as other programs take it, a SubjectPublicKeyInfo in PEM."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    from bototrail.integrity.public import rsa_key

    pem: bytes = rsa_key(key.value).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def _files(path: Path) -> Iterator[Path]:
    """The file, or those of a folder."""
    try:
        found = {each for each in path.iterdir() if each.suffix in SUFFIXES and not each.name.startswith(".")}
    except PermissionError:
        raise ConfigError(f"a folder that can be read at {path}", "Permission denied", "correct its rights") from None
    except (OSError, ValueError):  # no folder; what else is wrong is told when it is read
        yield path
        return
    for each in sorted(found):
        beside = each.suffix == ".pem" and each.with_suffix(".json") in found
        if not (beside or each.is_dir()):
            yield each


def _json(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise KeyFormatError("JSON that cannot be parsed") from None


def _body(block: re.Match[bytes]) -> bytes:
    if block[1] not in (b"PUBLIC KEY", b"RSA PUBLIC KEY"):
        raise KeyFormatError(f"a {block[1].decode()}", "take the public key out of it")
    return block[0]


def _is_private(data: bytes) -> bool:
    """Whether DER is of a private key: its SEQUENCE begins with a version, a short INTEGER, a public one's never."""
    head = 2 + (data[1] & 0x7F if len(data) > 1 and data[1] & 0x80 else 0)
    return data[:1] == b"\x30" and data[head : head + 2] == b"\x02\x01"
