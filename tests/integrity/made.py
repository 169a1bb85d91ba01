"""Buckets made for the tests: log files and chains of digest files, signed with keys made here."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.integrity.form import (
    ALGORITHM,
    BACKFILL_TIMESTAMP,
    SIGNATURE,
    SIGNATURE_ALGORITHM,
    Chain,
    Digest,
    Link,
    LogEntry,
    pack,
    sha256,
    string_to_sign,
)
from bototrail.integrity.public import PublicKey

ACCOUNT = "111122223333"
REGION = "eu-central-1"
CHAIN = Chain(ACCOUNT, REGION, "audit", REGION)
BUCKET = "my-trail-bucket"
NOON = 1_789_992_000.0  # 2026-09-21T12:00:00Z
HOUR = 3600.0


@functools.cache
def private_key(number: int = 0) -> rsa.RSAPrivateKey:
    """One of several keys, made when it is first asked for."""
    return rsa.generate_private_key(65537, 2048)


def public_key(number: int = 0) -> PublicKey:
    """Its public half, valid for ever."""
    return PublicKey(private_key(number).public_key().public_bytes(Encoding.DER, PublicFormat.PKCS1))


class Hour(NamedTuple):
    """An hour that has a digest file: when it ends, and the keys and contents of the log files delivered in it."""

    end: float
    files: Mapping[str, bytes]


def log_content(number: int, records: int = 3, time: float = NOON) -> bytes:
    """The uncompressed content of a log file."""
    some = [
        {
            "eventVersion": "1.11",
            "eventTime": event_time(time - 600 + n),
            "eventSource": "s3.amazonaws.com",
            "eventName": "ListBuckets",
            "awsRegion": REGION,
            "eventID": f"{number:08d}-{n:04d}-4000-8000-000000000000",
            "recipientAccountId": ACCOUNT,
        }
        for n in range(records)
    ]
    return orjson.dumps({"Records": some})


def hours(count: int, per_hour: int = 2, first: float = NOON, chain: Chain = CHAIN) -> list[Hour]:
    """Hours one after the other; the first one ends at `first`. The log files of an hour are sealed in it."""
    made = []
    for n in range(count):
        end = first + n * HOUR
        files = {}
        for i in range(per_hour):
            sealed = event_time(end - HOUR + 60 * (i % 55 + 2)).replace("-", "").replace(":", "")
            stamp = f"{sealed[:13]}Z"
            unique = unique_string("made", *map(str, chain), str(n), str(i))
            key = log_file_key(chain.owner, "CloudTrail", chain.region, stamp, unique, prefix=chain.prefix)
            files[key] = log_content(n * 1000 + i, time=end)
        made.append(Hour(end, files))
    return made


def sign(number: int, data: bytes) -> str:
    """A signature, hex."""
    return private_key(number).sign(data, PKCS1v15(), SHA256()).hex()


class Made(NamedTuple):
    """A digest file: its key, content, metadata, the packed file, and how the next one names it."""

    key: str
    content: bytes
    metadata: dict[str, str]
    body: bytes
    link: Link


def digest(
    files: Sequence[LogEntry],
    end: float,
    previous: Link | None,
    *,
    start: float | None = None,
    chain: Chain = CHAIN,
    bucket: str = BUCKET,
    key: int = 0,
    backfill: bool = False,
    change: Mapping[str, object] | None = None,
) -> Made:
    """A signed digest file; `change` replaces fields of its content before it is signed."""
    fingerprint = public_key(key).fingerprint
    begin, stop = event_time(end - HOUR if start is None else start), event_time(end)
    content = Digest(chain, bucket, begin, stop, previous, files, backfill).content(fingerprint)
    if change:
        content = orjson.dumps({**orjson.loads(content), **change})
    fields = orjson.loads(content)
    where, prior = fields["digestS3Object"], fields["previousDigestSignature"]
    text = string_to_sign(fields["digestEndTime"], fields["digestS3Bucket"], where, sha256(content), prior)
    metadata = {SIGNATURE: sign(key, text), SIGNATURE_ALGORITHM: ALGORITHM}
    if backfill:
        metadata[BACKFILL_TIMESTAMP] = event_time(end + HOUR).replace("Z", ".000Z")
    link = Link(bucket, where, sha256(content), metadata[SIGNATURE], stop)
    return Made(where, content, metadata, pack(content, metadata), link)


def entries(files: Mapping[str, bytes], bucket: str = BUCKET) -> list[LogEntry]:
    """Log files as a digest file names them."""
    found = []
    for key, content in sorted(files.items()):
        times = [record["eventTime"] for record in orjson.loads(content)["Records"]]
        found.append(LogEntry(bucket, key, sha256(content), min(times), max(times)))
    return found


def chain_of(made: Iterable[Hour], *, chain: Chain = CHAIN, bucket: str = BUCKET, key: int = 0) -> list[Made]:
    """The digest files of some hours."""
    found: list[Made] = []
    for hour in made:
        previous = found[-1].link if found else None
        found.append(digest(entries(hour.files, bucket), hour.end, previous, chain=chain, bucket=bucket, key=key))
    return found


def write(folder: Path, key: str, body: bytes) -> Path:
    """Put a file into a bucket's folder."""
    path = folder / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)
    return path


def bucket_folder(
    folder: Path, count: int = 4, per_hour: int = 2, *, chain: Chain = CHAIN, bucket: str = BUCKET, key: int = 0
) -> list[Made]:
    """Make a bucket in a folder: hours of log files, and their digest files, which are returned."""
    some = hours(count, per_hour, chain=chain)
    for hour in some:
        for name, content in hour.files.items():
            write(folder, name, gzip.compress(content, mtime=0))
    made = chain_of(some, chain=chain, bucket=bucket, key=key)
    for each in made:
        write(folder, each.key, each.body)
    return made
