"""The form of digest files: names, fields, the signature, and the gzip comment that carries it (facts §3).

A digest file names the log files of one trail, account and region that were delivered in about an hour, with their
hashes, and the digest file before it with its hash and signature. Its own signature is the object's metadata in S3,
and also stands in the comment of its gzip header, so that a plain folder holds all that is needed to check it.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from bototrail.deliver.layout import logs_folder
from bototrail.regions import partition_of

ALGORITHM: Final = "SHA256withRSA"
SIGNATURE: Final = "signature"
SIGNATURE_ALGORITHM: Final = "signature-algorithm"
BACKFILL_TIMESTAMP: Final = "backfill-generation-timestamp"
"""Names of the metadata of a digest file, `x-amz-meta-` before them on the wire."""

DIGEST_KEY: Final = re.compile(
    r"(?P<prefix>(?:.*?/)?)AWSLogs/(?:(?P<organization>o-[a-z0-9]+)/)?(?P<account>\d{12})/CloudTrail-Digest/"
    r"(?P<region>[a-z0-9-]+)/(?P<date>\d{4}/\d\d/\d\d)/(?P=account)_CloudTrail-Digest_(?P=region)_"
    r"(?P<trail>[A-Za-z0-9._-]+)_(?P<home>[a-z0-9-]+)_(?P<end>\d{8}T\d{6}Z)(?P<backfill>_backfill)?\.json\.gz",
    re.DOTALL,
)

_COMMENTED: Final = b"\x1f\x8b\x08\x10\x00\x00\x00\x00\x00\xff"  # a gzip header with a comment, without a time


class Chain(NamedTuple):
    """What a series of digest files is of.

    Attributes:
        account: 12 digits of the account whose calls they are.
        region: whose log files they name.
        trail: the trail's name.
        home: the trail's home region.
        prefix: the trail's S3KeyPrefix, without `/` at its end.
        organization: `o-...` of an organization trail, else empty.
    """

    account: str
    region: str
    trail: str
    home: str
    prefix: str = ""
    organization: str = ""

    @property
    def arn(self) -> str:
        """The ARN of a trail of this name in the account."""
        return f"arn:{partition_of(self.home)}:cloudtrail:{self.home}:{self.account}:trail/{self.trail}"

    @property
    def owner(self) -> str:
        """The folders of the account below `AWSLogs/`."""
        return f"{self.organization}/{self.account}" if self.organization else self.account

    @property
    def folder(self) -> str:
        """The folder of the digest files of the account and region, those of other trails among them."""
        return f"{logs_folder(self.prefix)}{self.owner}/CloudTrail-Digest/{self.region}/"

    def key(self, end: str, *, backfill: bool = False) -> str:
        """The key of a digest file.

        Args:
            end: its digestEndTime, `YYYY-MM-DDTHH:MM:SSZ`.
            backfill: whether it is a backfill digest.
        """
        stamp = end.replace("-", "").replace(":", "")
        name = f"{self.account}_CloudTrail-Digest_{self.region}_{self.trail}_{self.home}_{stamp}"
        return f"{self.folder}{end[:4]}/{end[5:7]}/{end[8:10]}/{name}{'_backfill' * backfill}.json.gz"


class DigestName(NamedTuple):
    """What the key of a digest file tells.

    Attributes:
        chain: whose it is.
        end: its digestEndTime.
        backfill: whether it is a backfill digest.
    """

    chain: Chain
    end: str
    backfill: bool


def digest_name(key: str) -> DigestName | None:
    """What a key tells, None when it is none of a digest file."""
    found = DIGEST_KEY.fullmatch(key)
    if found is None or found["date"] != f"{found['end'][:4]}/{found['end'][4:6]}/{found['end'][6:8]}":
        return None
    chain = Chain(
        found["account"],
        found["region"],
        found["trail"],
        found["home"],
        found["prefix"].rstrip("/"),
        found["organization"] or "",
    )
    e = found["end"]
    end = f"{e[:4]}-{e[4:6]}-{e[6:8]}T{e[9:11]}:{e[11:13]}:{e[13:15]}Z"
    return DigestName(chain, end, found["backfill"] is not None)


class LogEntry(NamedTuple):
    """A log file, as a digest file names it.

    Attributes:
        bucket: its bucket.
        key: its key there.
        hash: SHA-256 of its uncompressed content, lower-case hex.
        oldest: the earliest eventTime in it, `YYYY-MM-DDTHH:MM:SSZ`.
        newest: the latest.
    """

    bucket: str
    key: str
    hash: str
    oldest: str
    newest: str

    def fields(self) -> dict[str, str]:
        """As it stands in `logFiles`."""
        return {
            "s3Bucket": self.bucket,
            "s3Object": self.key,
            "hashValue": self.hash,
            "hashAlgorithm": "SHA-256",
            "newestEventTime": self.newest,
            "oldestEventTime": self.oldest,
        }


class Link(NamedTuple):
    """A digest file as the next one names it.

    Attributes:
        bucket: its bucket.
        key: its key there.
        hash: SHA-256 of its uncompressed content, lower-case hex.
        signature: its signature, lower-case hex.
        end: its digestEndTime.
    """

    bucket: str
    key: str
    hash: str
    signature: str
    end: str


class Digest(NamedTuple):
    """A digest file before it is signed.

    Attributes:
        chain: whose it is.
        bucket: the bucket that it goes to.
        start: digestStartTime, `YYYY-MM-DDTHH:MM:SSZ`.
        end: digestEndTime.
        previous: the digest file before it, None for a starting digest.
        files: the log files.
        backfill: whether it is a backfill digest.
    """

    chain: Chain
    bucket: str
    start: str
    end: str
    previous: Link | None
    files: Sequence[LogEntry]
    backfill: bool = False

    @property
    def key(self) -> str:
        """Its key in the bucket."""
        return self.chain.key(self.end, backfill=self.backfill)

    def content(self, fingerprint: str) -> bytes:
        """Its JSON, keys in CloudTrail's order (facts §3.2).

        Args:
            fingerprint: of the public key that it will be checked with.
        """
        previous = self.previous
        return orjson.dumps(
            {
                "awsAccountId": self.chain.account,
                "digestStartTime": self.start,
                "digestEndTime": self.end,
                "digestS3Bucket": self.bucket,
                "digestS3Object": self.key,
                "digestPublicKeyFingerprint": fingerprint,
                "digestSignatureAlgorithm": ALGORITHM,
                "newestEventTime": max((file.newest for file in self.files), default=None),
                "oldestEventTime": min((file.oldest for file in self.files), default=None),
                "previousDigestS3Bucket": previous and previous.bucket,
                "previousDigestS3Object": previous and previous.key,
                "previousDigestHashValue": previous and previous.hash,
                "previousDigestHashAlgorithm": previous and "SHA-256",
                "previousDigestSignature": previous and previous.signature,
                "logFiles": [file.fields() for file in self.files],
            }
        )


def sha256(data: bytes) -> str:
    """The hash as digest files write it, lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def string_to_sign(end: str, bucket: str, key: str, content_hash: str, previous_signature: str | None) -> bytes:
    """What is signed of a digest file (facts §3.3).

    Args:
        end: digestEndTime exactly as the content has it.
        bucket: digestS3Bucket.
        key: digestS3Object.
        content_hash: SHA-256 of the uncompressed content, lower-case hex.
        previous_signature: previousDigestSignature, None in a starting digest.
    """
    signature = "null" if previous_signature is None else previous_signature
    return f"{end}\n{bucket}/{key}\n{content_hash}\n{signature}".encode()


def pack(content: bytes, metadata: Mapping[str, str]) -> bytes:
    """A gzip file of one member, with the metadata as JSON in the comment of its header (RFC 1952)."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush()
    return commented(metadata) + body + struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)


def commented(metadata: Mapping[str, str]) -> bytes:
    """A gzip header with metadata in its comment; values are ASCII, as in S3."""
    return _COMMENTED + orjson.dumps(dict(metadata)) + b"\0"


def comment_of(data: bytes) -> dict[str, str]:
    """The metadata in the comment of a gzip header; none when there is none, or none of ours."""
    header, _, rest = data[:3], data[3:4], data[10:]
    if header != b"\x1f\x8b\x08" or not data[3:4] or not data[3] & 0x10:
        return {}
    flags = data[3]
    if flags & 0x04:
        rest = rest[2 + int.from_bytes(rest[:2], "little") :]
    if flags & 0x08:
        rest = rest.partition(b"\0")[2]
    text, end, _ = rest.partition(b"\0")
    try:
        found: Any = orjson.loads(text) if end else None
    except orjson.JSONDecodeError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {str(name): value for name, value in found.items() if isinstance(value, str)}
