"""The files of a key folder.

    KEYS/                    mode 0700
        lock                 locked by who changes something
        FINGERPRINT.json     an entry of PublicKeyList, and who holds the private half: `HeldBy`
        FINGERPRINT.pem      the private half of a key that was made here, mode 0600

Files appear whole, or not at all; the .json first, so that no private key lies about which nobody knows.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bototrail.clock import event_id
from bototrail.errors import ConfigError, KeyFormatError
from bototrail.integrity.key_files import read_file
from bototrail.integrity.public import PublicKey
from bototrail.integrity.public_keys import PublicKeys, order

FOLDER: Final = "folder"
"""Who holds a private key that was made here."""

_NAME: Final = re.compile(r"([0-9a-f]{32})\.json")
_guard = threading.Lock()  # a process does not conflict with its own POSIX locks


def _renew_guard() -> None:
    """A forked child has none of the threads that may hold it."""
    global _guard
    _guard = threading.Lock()


os.register_at_fork(after_in_child=_renew_guard)


class Kept(NamedTuple):
    """A key in a key folder.

    Attributes:
        public: the key, and when it is valid.
        held_by: who holds its private half: `FOLDER`, `signers.SETTING`, the ARN of a key in AWS KMS; empty when it is
            an imported one.
        here: whether the private half is in the folder.
    """

    public: PublicKey
    held_by: str = ""
    here: bool = False

    @property
    def fingerprint(self) -> str:
        """The key's name."""
        return self.public.fingerprint


def read_kept(folder: Path) -> list[Kept]:
    """The keys of a folder, the newest last; none when there is no folder.

    Raises:
        ConfigError: it cannot be read.
        KeyFormatError: one of its files holds no key, or another one than its name says.
        MissingExtraError: the package that reads keys is not installed.
    """
    try:
        names = {each.name for each in folder.iterdir()}
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _unusable(folder, error) from None
    found = [_kept(folder / name, fits[1], names) for name in names if (fits := _NAME.fullmatch(name))]
    return sorted(found, key=lambda kept: order(kept.public))


def _kept(path: Path, fingerprint: str, names: set[str]) -> Kept:
    data = read_file(path)
    try:
        row: Any = orjson.loads(data)
        (key,) = PublicKeys.from_json(row).values()
    except (KeyFormatError, ValueError) as error:  # ValueError: no JSON, or not one key
        found = error.found if isinstance(error, KeyFormatError) else "no JSON of one key"
        raise KeyFormatError(f"{found} in {path}", "restore the file, or move it away") from None
    if key.fingerprint != fingerprint:
        raise KeyFormatError(f"the key {key.fingerprint} in {path}", "restore the file, or move it away")
    held_by = row.get("HeldBy")
    return Kept(key, held_by if isinstance(held_by, str) else "", f"{fingerprint}.pem" in names)


def write_kept(folder: Path, kept: Kept, pem: bytes | None = None) -> None:
    """Write a key down; the folder must be locked.

    Args:
        folder: the key folder.
        kept: the key.
        pem: its private half, when it was made here just now.
    """
    row = {**kept.public.fields(), **({"HeldBy": kept.held_by} if kept.held_by else {})}
    _write(
        folder / f"{kept.fingerprint}.json", orjson.dumps(row, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    )
    if pem is not None:
        _write(folder / f"{kept.fingerprint}.pem", pem)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Make a key folder if there is none, and let one thread of one process at a time change something in it.

    Raises:
        ConfigError: it cannot be written, or others can write it.
    """
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        mode = folder.stat().st_mode & 0o7777
        if mode & 0o022:
            found = f"mode {mode:04o}"
            raise ConfigError(f"a key folder that only its owner can write at {folder}", found, f"chmod 700 {folder}")
        with _guard:
            lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.lockf(lock, fcntl.LOCK_EX)
                for left in folder.glob(".*.new"):  # by a crash
                    left.unlink()
                yield
            finally:
                os.close(lock)
    except OSError as error:
        raise _unusable(folder, error) from None


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step; nobody else can read it at any moment."""
    temporary = path.parent / f".{path.name}.{event_id()}.new"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _unusable(folder: Path, error: OSError) -> ConfigError:
    expected = f"a key folder that can be read and written at {folder}"
    return ConfigError(expected, f"{type(error).__name__}: {error.strerror}", "correct its name or its rights")
