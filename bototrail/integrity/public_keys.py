"""Sets of public keys, and the form in which `aws cloudtrail list-public-keys` prints them (facts §3.4)."""

from __future__ import annotations

import binascii
import math
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from bototrail.errors import KeyFormatError
from bototrail.integrity.public import PublicKey, sound

_NUMBER: Final = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_LATEST: Final = 253_402_300_799  # 9999-12-31T23:59:59Z


class PublicKeys(Mapping[str, PublicKey]):
    """Public keys by their fingerprints.

    Of a key that is given several times the earliest start counts, and the last end: hosts that share a key began with
    it at different times, and only an end can change, when a key is retired or prolonged. A validity without a
    beginning or an end is none that is known, and gives way to one that is.

    Args:
        keys: the keys.

    Raises:
        KeyFormatError: two different keys have one fingerprint, which can be forged because it is an MD5.
    """

    def __init__(self, keys: Iterable[PublicKey] = ()) -> None:
        self._keys: dict[str, PublicKey] = {}
        for key in keys:
            name = key.fingerprint
            self._keys[name] = merged(self._keys[name], key) if name in self._keys else key

    def __getitem__(self, fingerprint: str) -> PublicKey:
        return self._keys[fingerprint]

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def between(self, start: float, end: float) -> list[PublicKey]:
        """The keys that are valid at any time between two moments, the earliest first; see `PublicKey.covers`.

        Args:
            start: seconds since 1970.
            end: seconds since 1970.
        """
        return sorted((key for key in self._keys.values() if key.covers(start, end)), key=order)

    def as_json(self) -> dict[str, list[dict[str, str]]]:
        """What `aws cloudtrail list-public-keys` prints, the earliest key first."""
        return {"PublicKeyList": [key.fields() for key in sorted(self._keys.values(), key=order)]}

    @classmethod
    def from_json(cls, document: Any) -> PublicKeys:
        """The keys of what `aws cloudtrail list-public-keys` prints, v1 or v2, or of one entry of it.

        Args:
            document: the parsed JSON. Times are ISO 8601 (UTC when no offset is given), or seconds since 1970
                (v1), as a number or as its text.

        Raises:
            KeyFormatError: it is something else, a key in it is none that can be trusted, or a fingerprint is another
                key's.
            MissingExtraError: the package that reads keys is not installed.
        """
        if not isinstance(document, dict) or not {"PublicKeyList", "Value"} & document.keys():
            raise KeyFormatError("JSON with neither PublicKeyList nor Value")
        rows = document.get("PublicKeyList", [document])
        if not isinstance(rows, list):
            raise KeyFormatError("a PublicKeyList that is no list")
        return cls(map(_key, rows))


def order(key: PublicKey) -> tuple[float, float, str]:
    """What keys are sorted by: the newest is last, and of those of one hour the one that was not retired."""
    return key.start, key.end, key.fingerprint


def merged(known: PublicKey, news: PublicKey) -> PublicKey:
    """What is known of a key after hearing of it again; see `PublicKeys`.

    Raises:
        KeyFormatError: it is another key of the same fingerprint.
    """
    if known.value != news.value:
        raise KeyFormatError(f"two different keys of fingerprint {known.fingerprint}", "find out who forged one")
    start = min((each for each in (known.start, news.start) if each > 0), default=0.0)
    return PublicKey(known.value, start, known.end if news.end == math.inf else news.end)


def _key(row: Any) -> PublicKey:
    """A key out of an entry of PublicKeyList."""
    value = row.get("Value") if isinstance(row, dict) else None
    if not isinstance(value, str):
        raise KeyFormatError("an entry without a Value")
    try:
        der = b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise KeyFormatError("a Value that is no base64") from None
    start, end = _seconds(row, "ValidityStartTime"), _seconds(row, "ValidityEndTime")
    # Whole seconds, as CloudTrail has them, and never fewer than were meant.
    key = PublicKey(der, math.floor(start or 0.0), math.inf if end is None else math.ceil(end))
    given = row.get("Fingerprint", key.fingerprint)
    if given != key.fingerprint:
        raise KeyFormatError(f"the fingerprint {given!r:.60} given to a key whose fingerprint is {key.fingerprint!r}")
    if key.start > key.end:
        raise KeyFormatError("a ValidityStartTime after ValidityEndTime")
    return sound(key)


def _seconds(row: Mapping[str, Any], name: str) -> float | None:
    """A time as any of the clients prints it, seconds since 1970; None when there is none."""
    value = row.get(name)
    if value is None:
        return None
    try:
        if isinstance(value, str) and _NUMBER.fullmatch(value):  # as AWS's own guide prints them
            value = float(value)
        if isinstance(value, str):
            moment = datetime.fromisoformat(value[:-1] + "+00:00" if value[-1:] in "Zz" else value)
            value = (moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)).timestamp()
        elif isinstance(value, bool) or not isinstance(value, (int, float)):
            raise TypeError
        if not 0 <= value <= _LATEST:
            raise OverflowError
    except (ValueError, TypeError, OverflowError):
        raise KeyFormatError(f"{value!r:.60} for {name}") from None
    return float(value)
