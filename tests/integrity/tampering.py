"""Ways to tamper with a bucket that `made.bucket_folder` made, and what validation must say of each.

Who holds the private key can do more than others: `rechained` signs again all that comes after a change.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import orjson
from integrity.made import (
    ACCOUNT,
    BUCKET,
    CHAIN,
    HOUR,
    NOON,
    REGION,
    Made,
    digest,
    log_content,
    sign,
    write,
)

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key
from bototrail.integrity.form import SIGNATURE, SIGNATURE_ALGORITHM, LogEntry, pack

Do = Callable[[Path, list[Made]], object]
EXTRA = log_file_key(ACCOUNT, "CloudTrail", REGION, "20260921T1230Z", "PlantedByAnother")
BETWEEN = CHAIN.key("2026-09-21T12:30:00Z")
NEXT = CHAIN.key(event_time(NOON + 4 * HOUR))
NOWHERE = "AWSLogs/nowhere.json.gz"


class Tampering(NamedTuple):
    """One way to tamper.

    Attributes:
        name: what is done.
        do: does it, to a folder with four hours of two log files.
        found: what is INVALID then: where, and the reason. `digest 1` and `log 1.0` are those of `made`, `chain` is the
            chain as a whole; all else is a key.
    """

    name: str
    do: Do
    found: Sequence[tuple[str, str]]


def log_files(made: Made) -> list[str]:
    """The keys of the log files that a digest file names."""
    return [each["s3Object"] for each in orjson.loads(made.content)["logFiles"]]


def key_of(place: str, made: Sequence[Made]) -> str:
    """The key of a place as `Tampering.found` names them."""
    kind, _, number = place.partition(" ")
    if kind == "chain":
        return CHAIN.folder
    if kind == "digest":
        return made[int(number)].key
    if kind == "log":
        hour, _, file = number.partition(".")
        return log_files(made[int(hour)])[int(file)]
    return place


def rechained(folder: Path, made: list[Made], first: int, change: Mapping[str, object], *, drop: str = "") -> None:
    """Change fields of a digest file as one who holds its key, and sign it and all that come after it again."""
    for n in range(first, len(made)):
        fields = orjson.loads(made[n].content)
        files = [LogEntry(f["s3Bucket"], f["s3Object"], f["hashValue"], "", "") for f in fields["logFiles"]]
        kept = {"logFiles": fields["logFiles"], **(change if n == first else {})}
        previous = made[n - 1].link if n else None
        made[n] = digest(files, NOON + n * HOUR, previous, change=kept)
        if n == first and drop:
            made[n] = signed_again({k: v for k, v in orjson.loads(made[n].content).items() if k != drop})
        write(folder, made[n].key, made[n].body)


def signed_again(fields: Mapping[str, object], key: int = 0) -> Made:
    """A digest file of any content."""
    from bototrail.integrity.form import Link, sha256, string_to_sign

    content = orjson.dumps(fields)
    end, where = str(fields.get("digestEndTime")), str(fields.get("digestS3Object"))
    previous = fields.get("previousDigestSignature")
    text = string_to_sign(end, str(fields.get("digestS3Bucket")), where, sha256(content), previous)  # type: ignore[arg-type]
    metadata = {SIGNATURE: sign(key, text), SIGNATURE_ALGORITHM: "SHA256withRSA"}
    return Made(
        where,
        content,
        metadata,
        pack(content, metadata),
        Link(BUCKET, where, sha256(content), metadata[SIGNATURE], end),
    )


def _log(change: Callable[[bytes], bytes]) -> Do:
    def do(folder: Path, made: list[Made]) -> None:
        path = folder / log_files(made[1])[0]
        path.write_bytes(change(path.read_bytes()))

    return do


def _digest(change: Callable[[Made], bytes], number: int = 1) -> Do:
    return lambda folder, made: write(folder, made[number].key, change(made[number]))


def _metadata(**change: str | None) -> Do:
    def packed(made: Made) -> bytes:
        metadata: dict[str, str | None] = {**made.metadata, **{k.replace("_", "-"): v for k, v in change.items()}}
        return pack(made.content, {k: v for k, v in metadata.items() if v is not None})

    return _digest(packed)


def _again(number: int, **change: object) -> Do:
    return lambda folder, made: rechained(folder, made, number, change)


def _without(*places: str) -> Do:
    return lambda folder, made: [(folder / key_of(place, made)).unlink() for place in places]


def _swapped(folder: Path, made: list[Made]) -> None:
    one, other = (folder / key for key in log_files(made[1]))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def _fields(made: Made, **change: object) -> bytes:
    return pack(orjson.dumps({**orjson.loads(made.content), **change}), made.metadata)


def _other_key(folder: Path, made: list[Made]) -> None:
    fields = orjson.loads(made[1].content)
    write(folder, made[1].key, signed_again(fields, key=1).body)


def _log_fields(**change: str) -> Do:
    def do(folder: Path, made: list[Made]) -> None:
        files = orjson.loads(made[1].content)["logFiles"]
        rechained(folder, made, 1, {"logFiles": [{**files[0], **change}, files[1]]})

    return do


def _without_field(name: str) -> Do:
    return lambda folder, made: rechained(folder, made, 1, {}, drop=name)


def _plant_later(folder: Path, made: list[Made]) -> None:
    write(folder, NEXT, made[3].body)


_NO_PREVIOUS = {
    f"previousDigest{name}": None for name in ("S3Bucket", "S3Object", "HashValue", "HashAlgorithm", "Signature")
}
_LOST = [("log 1.0", "not listed in any digest file"), ("log 1.1", "not listed in any digest file")]
_HOLE = "no digest file between 2026-09-21T12:00:00Z and 2026-09-21T14:00:00Z"

TAMPERINGS = [
    # --- log files
    Tampering(
        "log modified",
        _log(lambda body: gzip.compress(gzip.decompress(body).replace(b"ListBuckets", b"ListObjects"))),
        [("log 1.0", "hash value doesn't match")],
    ),
    Tampering(
        "logs swapped", _swapped, [("log 1.0", "hash value doesn't match"), ("log 1.1", "hash value doesn't match")]
    ),
    Tampering("log truncated", _log(lambda body: body[: len(body) // 2]), [("log 1.0", "hash value doesn't match")]),
    Tampering("log without its last byte", _log(lambda body: body[:-1]), [("log 1.0", "invalid format")]),
    Tampering("log empty", _log(lambda _: b""), [("log 1.0", "hash value doesn't match")]),
    Tampering("log deleted", _without("log 1.0"), [("log 1.0", "not found")]),
    Tampering("log not gzip", _log(lambda body: gzip.decompress(body)), [("log 1.0", "invalid format")]),
    Tampering(
        "log with another checksum",
        _log(lambda body: body[:-8] + b"\0\0\0\0" + body[-4:]),
        [("log 1.0", "invalid format")],
    ),
    Tampering(
        "byte appended to log",
        _log(lambda body: body + b"x"),
        [("log 1.0", "unexpected data after end of compressed stream")],
    ),
    Tampering(
        "gzip member appended to log",
        _log(lambda body: body + gzip.compress(b"x")),
        [("log 1.0", "unexpected data after end of compressed stream")],
    ),
    Tampering("log compressed anew", _log(lambda body: gzip.compress(gzip.decompress(body), 1)), []),
    Tampering(
        "unlisted log added",
        lambda folder, made: write(folder, EXTRA, gzip.compress(log_content(99))),
        [(EXTRA, "not listed in any digest file")],
    ),
    # --- digest files, by somebody without the key
    Tampering(
        "digest modified",
        _digest(lambda made: _fields(made, logFiles=orjson.loads(made.content)["logFiles"][:1])),
        [("digest 1", "signature verification failed"), *_LOST],
    ),
    Tampering(
        "digest serialised anew",
        _digest(lambda made: pack(orjson.dumps(orjson.loads(made.content), option=orjson.OPT_INDENT_2), made.metadata)),
        [("digest 1", "signature verification failed"), *_LOST],
    ),
    Tampering("digest compressed anew", _digest(lambda made: pack(made.content, made.metadata)), []),
    Tampering(
        "wrong signature", _metadata(signature="00" * 256), [("digest 1", "signature verification failed"), *_LOST]
    ),
    Tampering(
        "signature that is none", _metadata(signature="zz"), [("digest 1", "signature verification failed"), *_LOST]
    ),
    Tampering("no signature", _metadata(signature=None), [("digest 1", "signature verification failed"), *_LOST]),
    Tampering(
        "no signature algorithm",
        _metadata(signature_algorithm=None),
        [("digest 1", "signature verification failed"), *_LOST],
    ),
    Tampering("signed by another key", _other_key, [("digest 1", "signature verification failed"), *_LOST]),
    Tampering("digest not gzip", _digest(lambda made: made.content), [("digest 1", "invalid format"), *_LOST]),
    Tampering("digest truncated", _digest(lambda made: made.body[:-20]), [("digest 1", "invalid format"), *_LOST]),
    Tampering(
        "byte appended to digest", _digest(lambda made: made.body + b"x"), [("digest 1", "invalid format"), *_LOST]
    ),
    Tampering(
        "digest no JSON",
        _digest(lambda made: pack(b"nothing", made.metadata)),
        [("digest 1", "invalid format"), *_LOST],
    ),
    Tampering(
        "first digest deleted",
        _without("digest 0"),
        [("digest 0", "not found"), ("log 0.0", _LOST[0][1]), ("log 0.1", _LOST[0][1])],
    ),
    Tampering("middle digest deleted", _without("digest 1"), [("digest 1", "not found"), *_LOST]),
    Tampering(
        "two digests in a row deleted",
        _without("digest 1", "digest 2"),
        [
            ("digest 2", "not found"),
            ("chain", _HOLE),
            *_LOST,
            ("log 2.0", "not listed in any digest file"),
            ("log 2.1", "not listed in any digest file"),
        ],
    ),
    Tampering("newest digest deleted", _without("digest 3"), [("chain", "no digest file since 2026-09-21T14:00:00Z")]),
    Tampering(
        "newest digests deleted with their logs",
        _without("log 2.0", "log 2.1", "log 3.0", "log 3.1", "digest 2", "digest 3"),
        [("chain", "no digest file since 2026-09-21T13:00:00Z")],
    ),
    Tampering(
        "digest copied to another key",
        _plant_later,
        [(NEXT, "has been moved from its original location")],
    ),
    Tampering(
        "digest moved over another",
        lambda folder, made: write(folder, made[1].key, made[2].body),
        [("digest 1", "has been moved from its original location"), *_LOST],
    ),
    Tampering(
        "nonsense at a digest's key",
        lambda folder, made: write(folder, BETWEEN, b"nonsense"),
        [(BETWEEN, "invalid format")],
    ),
    Tampering(
        "nonsense among digests",
        lambda folder, made: write(folder, f"{CHAIN.folder}2026/09/21/nonsense.json.gz", b""),
        [(f"{CHAIN.folder}2026/09/21/nonsense.json.gz", "has no name of a digest file")],
    ),
    # --- digest files, by somebody with the key
    Tampering(
        "required field missing", _without_field("digestPublicKeyFingerprint"), [("digest 1", "invalid format"), *_LOST]
    ),
    Tampering("no log files", _without_field("logFiles"), [("digest 1", "invalid format"), *_LOST]),
    Tampering(
        "previous digest not told", _without_field("previousDigestSignature"), [("digest 1", "invalid format"), *_LOST]
    ),
    Tampering("end that is no time", _again(1, digestEndTime="noon"), [("digest 1", "invalid format"), *_LOST]),
    Tampering(
        "start in another time zone",
        _again(1, digestStartTime="2026-09-21T14:00:00+02:00"),
        [("digest 1", "invalid format"), *_LOST],
    ),
    Tampering(
        "another end than the key's",
        _again(1, digestEndTime="2026-09-21T13:00:01Z"),
        [("digest 1", "invalid format"), *_LOST],
    ),
    Tampering(
        "another account than the key's",
        _again(1, awsAccountId="444455556666"),
        [("digest 1", "invalid format"), *_LOST],
    ),
    Tampering(
        "another bucket",
        _again(1, digestS3Bucket="other"),
        [("digest 1", "has been moved from its original location"), *_LOST],
    ),
    Tampering("log hashed otherwise", _log_fields(hashAlgorithm="MD5"), [("digest 1", "invalid format"), *_LOST]),
    Tampering("log in another bucket", _log_fields(s3Bucket="other"), [("log 1.0", "is in another bucket")]),
    Tampering(
        "log that leads out of the bucket",
        _log_fields(s3Object="../../etc/passwd"),
        [("../../etc/passwd", "not found"), ("log 1.0", "not listed in any digest file")],
    ),
    Tampering("previous points nowhere", _again(2, previousDigestS3Object=NOWHERE), [(NOWHERE, "not found")]),
    Tampering(
        "chain cut",
        _again(2, **_NO_PREVIOUS),
        [("digest 2", "names no digest file before it, but there is one")],
    ),
    Tampering(
        "wrong previous hash",
        _again(2, previousDigestHashValue="00" * 32),
        [("digest 2", "previousDigestHashValue doesn't match")],
    ),
    Tampering(
        "wrong previous signature",
        _again(2, previousDigestSignature="00" * 256),
        [("digest 2", "previousDigestSignature doesn't match")],
    ),
    Tampering(
        "digest left out of the chain",
        lambda folder, made: _again(
            2,
            **{
                f"previousDigest{n}": v
                for n, v in (
                    ("S3Object", made[0].key),
                    ("HashValue", made[0].link.hash),
                    ("Signature", made[0].link.signature),
                )
            },
        )(folder, made),
        [("digest 2", "previousDigestS3Object is not the digest file before it")],
    ),
    Tampering(
        "hour begun late",
        _again(2, digestStartTime="2026-09-21T13:30:00Z"),
        [("digest 2", "no digest file between 2026-09-21T13:00:00Z and 2026-09-21T13:30:00Z")],
    ),
    Tampering(
        "hour begun early",
        _again(2, digestStartTime="2026-09-21T12:30:00Z"),
        [("digest 2", "overlaps the digest file before it")],
    ),
    Tampering(
        "hour run backwards",
        _again(0, digestStartTime="2026-09-21T12:00:00Z"),
        [("digest 0", "digestStartTime is not before digestEndTime")],
    ),
    Tampering(
        "log replaced, and hour signed again alone",
        lambda folder, made: _alone(folder, made),
        [("digest 2", "previousDigestHashValue doesn't match")],
    ),
]


def _alone(folder: Path, made: list[Made]) -> None:
    """The key holder changes a log file and signs its hour again, but none of those after it."""
    rest = made[2:]
    key = log_files(made[1])[0]
    content = log_content(77)
    write(folder, key, gzip.compress(content))
    files = orjson.loads(made[1].content)["logFiles"]
    from bototrail.integrity.form import sha256

    rechained(folder, made, 1, {"logFiles": [{**files[0], "hashValue": sha256(content)}, files[1]]})
    for each in rest:
        write(folder, each.key, each.body)


def bomb(size: int) -> bytes:
    """A gzip file of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    return b"".join([*(packer.compress(block) for _ in range(size >> 20)), packer.flush()])
