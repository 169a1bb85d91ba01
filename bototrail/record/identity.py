"""Who made a call: userIdentity, how it becomes known, and the book that remembers the owners of access keys."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any, TypeVar

from bototrail.record._learned import TEACHES, caller_of_unsigned, learned, recipient_of_unsigned
from bototrail.record._principal import (
    Identity,
    Issuer,
    account_of,
    anonymous,
    from_access_key,
    from_caller,
    is_account,
)

__all__ = [
    "TEACHES",
    "Identities",
    "Identity",
    "Issuer",
    "account_of",
    "anonymous",
    "caller_of_unsigned",
    "from_access_key",
    "from_caller",
    "is_account",
    "learned",
    "recipient_of_unsigned",
]

_T = TypeVar("_T", Identity, Issuer)


def _completed(first: _T, second: _T) -> _T:
    """`first`, with what only `second` knows."""
    more: dict[str, Any] = {}
    for name in (field.name for field in fields(first)):
        mine, others = getattr(first, name), getattr(second, name)
        if isinstance(mine, Issuer) and isinstance(others, Issuer):
            more[name] = _completed(mine, others)
        elif mine in (None, ()):
            more[name] = others
    return replace(first, **more)


def _rank(identity: Identity) -> tuple[bool, bool, int]:
    return identity.arn is not None, identity.type != "Unknown", len(identity.json())


class Identities:
    """The book of identities by access key id.

    Plain dicts, no lock: a single read or write is atomic under the GIL, and of two threads that learn about one key
    in the same moment the last one wins, which costs a detail at most.
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._book: dict[str, Identity] = {}
        self._limit = limit

    def get(self, access_key_id: str | None) -> Identity | None:
        """What is known of the owner of a key."""
        return self._book.get(access_key_id) if access_key_id else None

    def put(self, access_key_id: str, identity: Identity) -> bool:
        """Remember the owner of a key and tell whether that was news.

        What has an ARN wins over what has none, what says more over what says less; the loser fills the gaps if both
        speak of the same principal. Another ARN under the same key is a new owner.
        """
        known = self._book.get(access_key_id)
        better = identity if known is None else _better(known, identity)
        if better == known:
            return False
        self._book[access_key_id] = better
        if len(self._book) > self._limit:
            self._forget()
        return True

    def known(self) -> dict[str, Identity]:
        """A copy of the book."""
        return dict(self._book)

    def _forget(self) -> None:
        """A program that assumes a role per request makes new keys for ever: drop the oldest, temporary ones first."""
        oldest = sorted(self._book, key=lambda key: key[1:4] != "SIA")
        for key in oldest[: self._limit // 2 + 1]:
            self._book.pop(key, None)


def _better(known: Identity, new: Identity) -> Identity:
    if known.arn and new.arn and known.arn != new.arn:
        return new
    first, second = (known, new) if _rank(known) > _rank(new) else (new, known)
    same_account = first.account_id is None or second.account_id in (None, first.account_id)
    same_type = second.type in (first.type, "Unknown")
    return _completed(first, second) if same_account and same_type else first
