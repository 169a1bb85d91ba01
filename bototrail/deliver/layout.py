"""Names and keys of log files (CloudTrail user guide, "CloudTrail log file names" and "Finding your log files")."""

from __future__ import annotations

import hashlib
import re

ACCOUNT = re.compile(r"[0-9]{12}")
ORGANIZATION = re.compile(r"o-[a-z0-9]+")
REGION = re.compile(r"[a-z0-9-]+")
"""What folders in a bucket are called."""

LOG_FILE_NAME = re.compile(
    r"(?P<account>\d{12})_(?P<kind>CloudTrail(?:-[A-Za-z]+)?)_(?P<region>[a-z0-9-]+)_"
    r"(?P<time>\d{8}T\d{4}Z)_(?P<unique>[A-Za-z0-9]{16})\.json\.gz"
)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def log_file_key(owner: str, kind: str, region: str, time: str, unique: str, *, prefix: str = "") -> str:
    """The key of a log file in its bucket.

    Args:
        owner: 12 digits of the account; of an organization trail `o-.../` stands before them.
        kind: `CloudTrail`, `CloudTrail-Insight` and so on.
        region: such as `eu-central-1`.
        time: when it was delivered, `YYYYMMDDTHHmmZ`; the date folders are taken from it.
        unique: 16 characters of `[A-Za-z0-9]`.
        prefix: the trail's S3KeyPrefix.
    """
    folder = f"{logs_folder(prefix)}{owner}/{kind}/{region}/{time[:4]}/{time[4:6]}/{time[6:8]}"
    return f"{folder}/{owner.rpartition('/')[2]}_{kind}_{region}_{time}_{unique}.json.gz"


def logs_folder(prefix: str = "") -> str:
    """The folder of all logs below a prefix, and the key of the empty object that stands for it."""
    return f"{prefix.rstrip('/')}/AWSLogs/" if prefix.rstrip("/") else "AWSLogs/"


def unique_string(*seed: str) -> str:
    """16 characters of `[A-Za-z0-9]` that always come out the same for the same `seed`.

    So a delivery that was cut short is repeated under the same name, and never makes a second file.
    """
    number = int.from_bytes(hashlib.sha256("\0".join(seed).encode()).digest(), "big")
    text = ""
    for _ in range(16):
        number, digit = divmod(number, 62)
        text += _ALPHABET[digit]
    return text
