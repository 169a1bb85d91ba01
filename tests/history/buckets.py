"""Buckets of log files for tests, and the indexes of them."""

from __future__ import annotations

import gzip
import itertools
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import orjson

from bototrail.clock import event_time, now
from bototrail.history.filters import Filter, parse
from bototrail.history.history import History

BASE = int(now()) - 7200
"""Seconds since 1970 that the events of tests begin at."""

_numbers = itertools.count(1)


def event(number: int | None = None, **more: Any) -> dict[str, Any]:
    """A record; of a number always the same."""
    number = next(_numbers) + 10**9 if number is None else number
    return {
        "eventVersion": "1.11",
        "eventTime": event_time(BASE + number % 3600),
        "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets",
        "awsRegion": "eu-central-1",
        "eventID": f"{number:08d}-0000-4000-8000-000000000000",
        "recipientAccountId": "111122223333",
        **more,
    }


def day(days_ago: float = 0) -> datetime:
    return datetime.now(timezone.utc) - timedelta(days=days_ago)


def key(name: str, *, days_ago: float = 0, prefix: str = "", organization: str = "", kind: str = "CloudTrail") -> str:
    """The key of a log file."""
    when = day(days_ago)
    folder = f"{prefix}AWSLogs/{organization}111122223333/{kind}/eu-central-1/{when:%Y/%m/%d}"
    return f"{folder}/111122223333_{kind}_eu-central-1_{when:%Y%m%d}T0000Z_{name:x>16}.json.gz"


def packed(content: Any) -> bytes:
    """A log file of records; of bytes a gzip file of these."""
    return gzip.compress(content if isinstance(content, bytes) else orjson.dumps({"Records": content}), 1, mtime=0)


class Bucket:
    """A folder as a bucket."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, at: str, body: bytes | list[Any], seconds: float | None = None) -> str:
        """Write a file, of records, or of bytes as they are; modified at a time if one is given."""
        path = self.folder / at
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body if isinstance(body, bytes) else packed(body))
        if seconds is not None:
            os.utime(path, (seconds, seconds))
        return at


def ids(history: History, *words: str, limit: int = 10_000, **options: Any) -> list[str]:
    """The eventIDs that a filter wants, in the order of their time; each is there once."""
    found = [found.event_id for found in history.events(wanted(*words), limit, reverse=True, **options)]
    assert len(found) == len(set(found))
    return found


def id_of(*numbers: int) -> list[str]:
    return [event(number)["eventID"] for number in numbers]


def wanted(*words: str) -> Filter:
    return parse(words, day())
