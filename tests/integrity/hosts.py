"""Hosts that deliver log files and make digest files, at times that the tests say."""

from __future__ import annotations

import functools
import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

import orjson
from integrity.made import NOON, private_key, public_key, sign

from bototrail.clock import event_time, minute
from bototrail.deliver import ledger as ledger_module
from bototrail.deliver.buckets import open_bucket
from bototrail.deliver.layout import log_file_key, unique_string
from bototrail.deliver.ledger import Ledger
from bototrail.deliver.logfile import LogFile
from bototrail.integrity import making
from bototrail.integrity.form import DigestName, comment_of, digest_name, string_to_sign
from bototrail.integrity.making import DigestMaker, Made
from bototrail.integrity.public import PublicKey
from bototrail.trails import Trail

ACCOUNT, REGION = "111122223333", "eu-central-1"


class Clock:
    """The time that ledgers and makers of digests see."""

    def __init__(self, monkeypatch) -> None:
        self.time = NOON
        for module in (ledger_module, making):
            monkeypatch.setattr(module, "now", lambda: self.time)

    def at(self, *hours_minutes_seconds: float) -> None:
        """Set the time of day."""
        h, m, s = (*hours_minutes_seconds, 0, 0)[:3]
        self.time = NOON + (h - 12) * 3600 + m * 60 + s


class OneKey:
    """A key, and the public ones that its host knows."""

    def __init__(self, number: int, known: tuple[int, ...]) -> None:
        self.number, self.known = number, known

    @functools.cached_property
    def public(self) -> PublicKey:
        return public_key(self.number)

    def public_keys(self) -> Mapping[str, PublicKey]:
        return {key.fingerprint: key for key in map(public_key, (self.number, *self.known))}

    def sign(self, data: bytes) -> str:
        return sign(self.number, data)

    def signer_for(self, end: float, now: float) -> OneKey:
        return self

    def current(self, now: float) -> OneKey:
        return self


class Host:
    """A state directory with its key, and a trail."""

    def __init__(self, state: Path, trail: Trail, key: int = 0, known: tuple[int, ...] = ()) -> None:
        private_key(key)
        self.state, self.trail, self.keys = state, trail, OneKey(key, known)
        self.ledger = Ledger(state)
        self._delivered = 0

    def deliver(self, account: str = ACCOUNT, region: str = REGION) -> str:
        """Deliver a log file now; its key."""
        self._delivered += 1
        time = ledger_module.now()
        unique = unique_string(str(self.state), str(self._delivered))
        key = log_file_key(account, "CloudTrail", region, minute(time), unique, prefix=self.trail.S3KeyPrefix)
        log_file = LogFile(account, region, key, [orjson.dumps({"eventTime": event_time(time), "eventID": unique})])
        open_bucket(self.trail.bucket).put(key, log_file.body())
        self.ledger.note(self.trail, log_file)
        return key

    def make(self, **options) -> list[Made]:
        """Make what is due."""
        return DigestMaker(self.state, lambda: self.keys, self.ledger).make(**options)

    def digests(self, **options) -> list[str]:
        """Make what is due; when the digests made end, and nothing may go wrong."""
        made = self.make(**options)
        assert [each.error for each in made if each.error] == []
        return [short(file) for each in made for file in each.files]


def short(key: str) -> str:
    """A digest file by the time in its name: `13:00:00`, ` backfill` behind it."""
    name = digest_name(key)
    assert isinstance(name, DigestName), key
    return f"{name.end[11:19]}{' backfill' * name.backfill}"


def digests_in(folder: Path) -> dict[str, dict]:
    """The digest files of a folder by their times, each with the keys it names; signatures and links are checked."""
    found: dict[str, dict] = {}
    keys = {key.fingerprint: key for key in map(public_key, range(4))}
    signatures = {False: {}, True: {}}
    for path in sorted(folder.rglob("*_CloudTrail-Digest_*.json.gz")):
        body = path.read_bytes()
        content = gzip.decompress(body)
        fields, signature = orjson.loads(content), comment_of(body)["signature"]
        name = digest_name(str(path.relative_to(folder)))
        previous = fields["previousDigestSignature"]
        text = string_to_sign(
            fields["digestEndTime"],
            fields["digestS3Bucket"],
            fields["digestS3Object"],
            hashlib.sha256(content).hexdigest(),
            previous,
        )
        assert keys[fields["digestPublicKeyFingerprint"]].verify(signature, text), path
        before = signatures[name.backfill].get(fields["previousDigestS3Object"])
        assert before == (previous and (previous, fields["previousDigestHashValue"])), path
        signatures[name.backfill][fields["digestS3Object"]] = (signature, hashlib.sha256(content).hexdigest())
        found[short(str(path)) if short(str(path)) not in found else str(path)] = fields
    return found


def named(folder: Path) -> dict[str, list[str]]:
    """Which log files the digest files of a folder name."""
    return {time: [file["s3Object"] for file in fields["logFiles"]] for time, fields in digests_in(folder).items()}
