"""What validation says of a file: the words of `aws cloudtrail validate-logs`, and ours where it has none."""

from __future__ import annotations

from typing import Final, NamedTuple

from bototrail.integrity.form import Chain

VALID: Final = "valid"
INVALID: Final = "INVALID"
PENDING: Final = "pending"
UNPROVEN: Final = "unproven"

DIGEST: Final = "Digest file"
LOG: Final = "Log file"
CHAIN: Final = "Digest chain"
FOLDER: Final = "Log folder"

_MOST: Final = 1200  # characters: a key has at most 1024

# The words of the AWS CLI. [awscli/customizations/cloudtrail/validation.py]
NOT_FOUND: Final = "not found"
INVALID_FORMAT: Final = "invalid format"
MOVED: Final = "has been moved from its original location"
SIGNATURE_FAILED: Final = "signature verification failed"
HASH_DIFFERS: Final = "hash value doesn't match"
TRAILING_DATA: Final = "unexpected data after end of compressed stream"

# Ours, for what it does not look at.
OTHER_BUCKET: Final = "is in another bucket"
UNREADABLE: Final = "cannot be read"
KEY_OUTSIDE_VALIDITY: Final = "public key was not valid at that time"
PREVIOUS_OBJECT: Final = "previousDigestS3Object is not the digest file before it"
PREVIOUS_HASH: Final = "previousDigestHashValue doesn't match"
PREVIOUS_SIGNATURE: Final = "previousDigestSignature doesn't match"
PREVIOUS_BUCKET: Final = "previousDigestS3Bucket is another bucket"
CHAIN_CUT: Final = "names no digest file before it, but there is one"
BACKWARDS: Final = "digestStartTime is not before digestEndTime"
OVERLAPS: Final = "overlaps the digest file before it"
IN_FUTURE: Final = "digestEndTime is in the future"
MISNAMED: Final = "has no name of a digest file"
MANY_TRAILS: Final = "belongs to one trail too many"
NONE_OF_IT: Final = "no digest files of it"
UNLISTED: Final = "not listed in any digest file"
NOT_YET: Final = "not yet in a digest file"


def no_key(home: str, fingerprint: str) -> str:
    """Why a digest file is invalid whose key is not known."""
    return f"public key not found in region {home} for fingerprint {short(fingerprint)}"


def broken_key(fingerprint: str) -> str:
    """Why a digest file is invalid whose key is none."""
    return f"Unable to load PKCS #1 key with fingerprint {short(fingerprint)}"


def short(text: str) -> str:
    """As much of a text out of a bucket as a detail may hold."""
    return text if len(text) <= _MOST else f"{text[:_MOST]}..."


class Fault(NamedTuple):
    """What is wrong with a file.

    Attributes:
        reason: in the words above.
        detail: what more is known; empty when there is nothing.
    """

    reason: str
    detail: str = ""


class Verdict(NamedTuple):
    """What validation says of one file, chain or folder.

    Attributes:
        kind: `Digest file`, `Log file`, `Digest chain` (hours without a digest file) or `Log folder` (log files of a
            region without any).
        location: where it is, the bucket's location and the key, for people.
        key: its key below the bucket's location.
        status: `valid`, `INVALID`, `pending`, or `unproven` where there were no digest files at that time.
        reason: why it is not valid.
        detail: what more is known; empty when there is nothing.
        backfill: whether it is about a backfill digest.
        chain: whose digest file it is, or lists the log file; None for what no digest file names.
        start: digestStartTime of a digest file, seconds since 1970.
        end: its digestEndTime.
        files: how many files it is about.
    """

    kind: str
    location: str
    key: str
    status: str
    reason: str = ""
    detail: str = ""
    backfill: bool = False
    chain: Chain | None = None
    start: float | None = None
    end: float | None = None
    files: int = 1

    @property
    def columns(self) -> tuple[str, str, str]:
        """What the AWS CLI prints of it, with tabs between."""
        said = f"{INVALID}: {self.reason}" if self.status == INVALID else self.reason or self.status
        return f"{'(backfill) ' * (self.backfill and self.kind != LOG)}{self.kind}", self.location, said

    @property
    def line(self) -> str:
        """The same in one line."""
        return "\t".join(self.columns)
