"""Buckets of a few log files, of now."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import orjson

from bototrail.clock import event_time, now

ACCOUNT = "111122223333"
REGION = "eu-central-1"
BASE = int(now()) - 3600
"""When record 0 was."""


def record(number: int, name: str = "ListBuckets", **more: Any) -> dict[str, Any]:
    """A record; three of them in a row are of the same second."""
    return {
        "eventVersion": "1.11",
        "eventTime": event_time(BASE + number // 3),
        "eventSource": "s3.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "eventID": f"{number:08d}-0000-4000-8000-000000000000",
        "recipientAccountId": ACCOUNT,
        **more,
    }


def put(bucket: Path, name: str, records: list[Any] | bytes, region: str = REGION, kind: str = "CloudTrail") -> Path:
    """A log file that was delivered today; bytes are what it unpacks to."""
    stamp = event_time(now())[:10]
    folder = bucket / "AWSLogs" / ACCOUNT / kind / region / stamp.replace("-", "/")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{ACCOUNT}_{kind}_{region}_{stamp.replace('-', '')}T0000Z_{name:x>16}.json.gz"
    path.write_bytes(gzip.compress(records if isinstance(records, bytes) else orjson.dumps({"Records": records})))
    return path


def numbers(event_ids: Any) -> list[int]:
    """Of eventIDs, the numbers that records were made of."""
    return [int(each[:8]) for each in event_ids]
