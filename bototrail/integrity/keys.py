"""The keys of this host: those it signs digest files with, one after the other, and those of others that it knows."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from bototrail.errors import ConfigError
from bototrail.integrity.kept import FOLDER, Kept, locked, read_kept, write_kept
from bototrail.integrity.key_files import read_file
from bototrail.integrity.public import PublicKey
from bototrail.integrity.public_keys import PublicKeys, merged
from bototrail.integrity.signers import SETTING, FileSigner, Signer, SigningKey, new_key, signing_key

HOUR: Final = 3600.0
DAY: Final = 24 * HOUR
VALID: Final = 366 * DAY
"""Seconds that a key is valid for."""

BACKLOG: Final = 31 * DAY
"""Seconds that a host's first key reaches back: log files may have waited for somebody who can sign."""

AFTER: Final = 2 * HOUR
"""Seconds that a key which is followed by another stays valid for: an hour that has begun is signed after its end."""


def open_keys(state: Path, keys: Path | None = None, setting: str | None = None) -> KeyFolder:
    """The keys that settings name.

    Args:
        state: the state directory.
        keys: the key folder; None is `keys` in the state directory.
        setting: the signing key, see `signers.signing_key`; None is one made in the key folder.

    Raises:
        ConfigError: the signing key cannot be used.
        MissingExtraError: the package for it is not installed.
    """
    return KeyFolder(state / "keys" if keys is None else keys, signing_key(setting) if setting else None)


class KeyFolder:
    """A key folder; any number of threads and processes may use it at a time.

    Each method reads the folder again, and raises ConfigError when it cannot be used, KeyFormatError when a file in it
    is broken, and MissingExtraError when the package for keys is not installed.

    Args:
        path: the folder; it is made when something is to be written.
        given: what to sign with instead of a key made there. The folder then holds its public half only.
    """

    def __init__(self, path: Path, given: SigningKey | None = None) -> None:
        self.path = path
        self._given = given
        self._opened: dict[str, FileSigner] = {}

    def kept(self) -> list[Kept]:
        """All keys, the newest last, and who holds their private halves."""
        return read_kept(self.path)

    def public_keys(self) -> PublicKeys:
        """All known keys: those of this host and those imported."""
        return PublicKeys(kept.public for kept in self.kept())

    def in_use(self, now: float) -> Kept | None:
        """The key that would sign now; None when it would have to be made, or was never used. KMS is not asked.

        Args:
            now: seconds since 1970.
        """
        found = self.kept()
        if self._given is None:
            # A clock that was set back by less than an hour changes nothing.
            made = [kept for kept in found if kept.here and kept.held_by == FOLDER]
            found = [kept for kept in made if kept.public.start - HOUR <= now < kept.public.end - DAY]
        elif self._given.held_by == SETTING:
            value = self._given.open().public.value
            found = [kept for kept in found if kept.public.value == value and kept.held_by]
        else:
            found = [kept for kept in found if kept.held_by == self._given.held_by]
        return found[-1] if found else None

    def current(self, now: float) -> Signer:
        """The signer with the key that signs now; it is made when there is none, or the last one has a day left.

        Args:
            now: seconds since 1970.

        Raises:
            DeliveryError: KMS cannot be asked, or denies.
        """
        if self._given is not None:
            return self._given_signer(self._given, now)
        found = self.in_use(now)
        if found is None:
            with locked(self.path):
                found = self.in_use(now) or self._make(now)
        return self._signer(found)

    def signer_for(self, end: float, now: float) -> Signer:
        """The signer for a digest file.

        That is the current one, or for an hour from before it began, the one whose key was valid then, if its private
        half is still here; else the current one all the same.

        Args:
            end: digestEndTime, seconds since 1970.
            now: seconds since 1970.

        Raises:
            DeliveryError: KMS cannot be asked, or denies.
        """
        current = self.current(now)
        if current.public.covers(end, end):
            return current
        former = [kept for kept in self.kept() if kept.here and kept.public.covers(end, end)]
        return self._signer(former[-1]) if former else current

    def rotate(self, now: float, *, discard: bool = False) -> Signer:
        """Sign with a new key from now on, and let the former ones' validity end.

        With a signing key that is given the new key is that one.

        Args:
            now: seconds since 1970.
            discard: delete the private halves of former keys; their validity ends now, not two hours from now.

        Raises:
            ConfigError: the signing key that is given is the one in use already, and there is none to retire.
            DeliveryError: KMS cannot be asked, or denies.
        """
        before = self.in_use(now)
        signer = self._given_signer(self._given, now) if self._given else None
        with locked(self.path):
            former = [kept for kept in self.kept() if kept.held_by]
            if signer is None:
                signer = self._signer(self._make(now))
            retired = [self._retired(kept, now, discard) for kept in former if kept.public.value != signer.public.value]
        if self._given and before and not any(retired):
            todo = "make a new one, and give that as the signing key"
            raise ConfigError("another signing key to go over to", "the one in use, and no other", todo)
        return signer

    def import_keys(self, keys: Iterable[PublicKey]) -> list[PublicKey]:
        """Take up public keys of others; what is known of this host's own keys stays as it is.

        Args:
            keys: the keys.

        Returns:
            Those that were not known, or not with this validity.

        Raises:
            KeyFormatError: a key has the fingerprint of another one.
        """
        taken = []
        with locked(self.path):
            known = {kept.fingerprint: kept for kept in self.kept()}
            for key in PublicKeys(keys).values():
                old = known.get(key.fingerprint)
                new = merged(old.public, key) if old else key
                if old is None or (new != old.public and not old.held_by):
                    write_kept(self.path, Kept(new))
                    taken.append(new)
        return taken

    def _make(self, now: float) -> Kept:
        """A new key of our own; the folder is locked."""
        pem = new_key()
        value, hour = FileSigner.from_pem(pem, "a new key").public.value, now - now % HOUR
        made = Kept(PublicKey(value, self._start(hour), hour + VALID), FOLDER, here=True)
        write_kept(self.path, made, pem)
        return made

    def _start(self, hour: float) -> float:
        """From when a new key is valid."""
        return hour if any(kept.held_by for kept in self.kept()) else hour - BACKLOG

    def _signer(self, kept: Kept) -> Signer:
        """The signer with a key whose private half is here."""
        name = kept.fingerprint
        if name not in self._opened:
            path = self.path / f"{name}.pem"
            signer = FileSigner.from_pem(read_file(path, private=True), str(path))
            if signer.public.value != kept.public.value:
                todo = "restore the file, or go over to another key: bototrail keys rotate"
                raise ConfigError(f"the private key of {name} in {path}", "another one", todo)
            self._opened[name] = signer
        return self._opened[name].valid(kept.public)

    def _given_signer(self, given: SigningKey, now: float) -> Signer:
        """The signer that is given, its key written down with a validity that goes on for a day at least."""
        signer = given.open()
        old = self._known(signer)
        if not _settled(old, given, now):
            with locked(self.path):
                old = self._known(signer)
                if not _settled(old, given, now):
                    hour = now - now % HOUR
                    start = min(old.public.start, hour) if old and old.public.start else self._start(hour)
                    held_by = old.held_by if old and old.here else given.held_by
                    old = Kept(PublicKey(signer.public.value, start, hour + VALID), held_by)
                    write_kept(self.path, old)
        assert old is not None
        return signer.valid(old.public)

    def _known(self, signer: Signer) -> Kept | None:
        value = signer.public.value
        return next((kept for kept in self.kept() if kept.public.value == value), None)

    def _retired(self, kept: Kept, now: float, discard: bool) -> bool:
        """End a key's validity; whether there was anything to do. The folder is locked."""
        key = kept.public
        end = max(key.start, min(key.end, math.floor(now) if discard else math.ceil(now + AFTER)))
        if end != key.end:
            write_kept(self.path, Kept(PublicKey(key.value, key.start, end), kept.held_by))
        if discard and kept.here:
            (self.path / f"{kept.fingerprint}.pem").unlink(missing_ok=True)
        return end != key.end or (discard and kept.here)


def _settled(kept: Kept | None, given: SigningKey, now: float) -> bool:
    """Whether nothing need be written of a key that is given: KMS holds a key, however it is named."""
    if kept is None or not kept.public.start <= now < kept.public.end - DAY:
        return False
    return kept.here or kept.held_by.partition(":")[0] == given.held_by.partition(":")[0]
