"""Which trails have digest files in a bucket, as the names of those files tell."""

from __future__ import annotations

import re
import threading
import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import orjson

from bototrail.deliver.layout import ACCOUNT, ORGANIZATION, logs_folder
from bototrail.errors import BucketError, MissingObjectError
from bototrail.integrity.content import MAX_BYTES, FormatError, fetch
from bototrail.integrity.form import Chain, digest_name
from bototrail.store import Store

_FOLDERS: Final = 1000  # folders that are looked into for the prefixes of trails
_BUCKET: Final = re.compile(r"[A-Za-z0-9._-]{1,255}")


class Span(NamedTuple):
    """The digest files of a chain that are there, as far as names tell.

    Attributes:
        chain: whose they are; its prefix is that in S3.
        oldest: digestEndTime of the first one that was seen.
        newest: that of the last one.
        key: the last one's key in the store.
    """

    chain: Chain
    oldest: str
    newest: str
    key: str


class Digests:
    """The digest files of a bucket, looked at anew whenever they are asked for, by several threads at a time.

    The first look at a bucket on this machine is at all of them. Later ones, and those at other buckets, are at the
    newest day of each account and region.

    Args:
        store: the bucket.
        prefix: the one S3KeyPrefix to look below; all are found when it is None.
    """

    def __init__(self, store: Store, prefix: str | None = None) -> None:
        self._store, self._prefix = store, prefix
        self._known: dict[Chain, Span] = {}
        self._buckets: dict[str, str] = {}
        self._whole = "://" not in store.location
        self._lock = threading.Lock()

    def spans(self) -> list[Span]:
        """Every chain, in order of names.

        Raises:
            BucketError: the bucket cannot be listed.
        """
        with self._lock:
            for account in self.accounts():
                for region in self._store.folders(f"{account}CloudTrail-Digest/"):
                    self._add(self._all(region) if self._whole else self._newest_day(region))
            self._whole = False
            return [self._known[chain] for chain in sorted(self._known)]

    def _add(self, keys: Iterable[str]) -> None:
        for key in keys:
            name = digest_name(self._store.prefix + key)
            if name is not None and not name.backfill:
                old = self._known.get(name.chain, Span(name.chain, name.end, name.end, key))
                newest = (name.end, key) if name.end >= old.newest else (old.newest, old.key)
                self._known[name.chain] = Span(name.chain, min(old.oldest, name.end), *newest)

    def accounts(self) -> Iterator[str]:
        """The folders of accounts, `.../AWSLogs/111122223333/`."""
        for logs in self._logs_folders():
            for folder in self._store.folders(logs):
                if ACCOUNT.fullmatch(_name(folder)):
                    yield folder
                elif ORGANIZATION.fullmatch(_name(folder)):
                    yield from (f for f in self._store.folders(folder) if ACCOUNT.fullmatch(_name(f)))

    def _logs_folders(self) -> Iterator[str]:
        if self._prefix is not None:
            yield logs_folder(self._prefix)
            return
        waiting = [""]
        for number, folder in enumerate(waiting):  # grows meanwhile: the nearest are looked at first
            for each in self._store.folders(folder):
                if _name(each) == "AWSLogs":
                    yield each
                elif len(waiting) < _FOLDERS:
                    waiting.append(each)
            if number >= _FOLDERS:
                return

    def _all(self, region: str) -> Iterator[str]:
        return (entry.key for entry in self._store.entries(region))

    def _newest_day(self, region: str) -> list[str]:
        """The keys below the last day that has any."""
        for year in _descending(self._store.folders(region)):
            for month in _descending(self._store.folders(year)):
                for day in _descending(self._store.folders(month)):
                    if found := list(self._all(day)):
                        return found
        return []

    def bucket(self, span: Span) -> str | None:
        """The bucket that the newest digest file says it is in, None when it cannot be read."""
        if span.key not in self._buckets:
            told = _told(self._store, span.key).get("digestS3Bucket")
            if not (isinstance(told, str) and _BUCKET.fullmatch(told)):
                return None
            self._buckets[span.key] = told
        return self._buckets[span.key]


def _name(folder: str) -> str:
    return folder.rstrip("/").rpartition("/")[2]


def _descending(folders: Iterable[str]) -> list[str]:
    return sorted((folder for folder in folders if _name(folder).isdigit()), reverse=True)


def _told(store: Store, key: str) -> dict[str, Any]:
    """The content of a digest file; empty when it is none."""
    try:
        packed, _ = fetch(store, key)
        # As much as can be read: also what is not sound may be asked for, so that it can be found to be so.
        content = orjson.loads(zlib.decompressobj(31).decompress(packed, MAX_BYTES))
    except (MissingObjectError, BucketError, FormatError, zlib.error, orjson.JSONDecodeError):
        return {}
    return content if isinstance(content, dict) else {}
