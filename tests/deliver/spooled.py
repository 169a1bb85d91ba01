"""Spools of several trails, and what stands in for CloudWatch Logs."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson

from bototrail.deliver.delivery import Delivery
from bototrail.deliver.to_logs import ToLogs
from bototrail.errors import DeliveryError
from bototrail.record.identity import Identities
from bototrail.settings import load
from bototrail.spool import Entry, Header, Spool
from bototrail.trails import Trail

GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:g:*"


def entry(number: int, *trails: str) -> Entry:
    record = {
        "n": number,
        "eventTime": "2026-11-21T10:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventID": str(number),
    }
    return Entry(Header(trails or ("one",), account="111122223333").encode(), orjson.dumps(record))


def trail(tmp_path: Path, name: str = "one", **fields) -> Trail:
    return Trail(name, str(tmp_path / name), S3BucketName=name, **fields)


def spool_of(tmp_path: Path, trails: list[Trail], *batches: list[Entry]) -> Spool:
    spool = Spool(load(str(tmp_path / "unused"), state=tmp_path / "state"), trails)
    for batch in batches:
        for each in batch:
            spool.append(each)
        spool.seal()
    return spool


def delivery(tmp_path: Path, **options) -> Delivery:
    return Delivery(tmp_path / "state", Identities(), 30, **options)


def in_bucket(folder: Path) -> list[int]:
    files = sorted(folder.rglob("*.json.gz"))
    return sorted(r["n"] for path in files for r in orjson.loads(gzip.decompress(path.read_bytes()))["Records"])


class Logs:
    """Stands in for `ToLogs._put`: takes batches, or does as it is told."""

    def __init__(self, monkeypatch) -> None:
        self.taken: list[int] = []
        self.trouble = None
        monkeypatch.setattr(ToLogs, "_put", lambda _, __, batch: self._put(batch))

    def _put(self, batch: list[bytes]) -> int:
        if self.trouble is not None:
            self.trouble()
        self.taken += [orjson.loads(record)["n"] for record in batch]
        return 0


def down() -> None:
    raise DeliveryError("logs are down", code="ServiceUnavailable")
