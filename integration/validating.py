"""Validation by AWS's own CLI and by ours: buckets, what serves them, and what both say."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from servers import Server, answers
from support import Place, script

from bototrail.store import Store, open_store

START = "2026-01-01T00:00:00Z"
"""A start time before all that is recorded."""

# Only looked for: importing it puts its own copy of botocore in the place of botocore.
needs_the_aws_cli = pytest.mark.skipif(
    not all(map(find_spec, ("awscli", "cryptography", "starlette"))),
    reason="needs the AWS CLI and what signs and serves, see the extras `integration`, `integrity` and `history`",
)

_COUNT = re.compile(r"^(\d+)/(\d+) ((?:backfill )?digest|log) files (valid|INVALID)", re.MULTILINE)
_FAULT = re.compile(r"\tINVALID: |^(?:\(backfill\) )?No log files were delivered by CloudTrail between ")


class Said(NamedTuple):
    """What a validation came to.

    Attributes:
        code: the exit code.
        counts: of `digest`, `backfill digest` and `log` files, how many are valid, and of how many.
        faults: the lines on what is not valid, and on gaps, in the order of the alphabet; and what it died of.
    """

    code: int
    counts: dict[str, tuple[int, int]]
    faults: list[str]


def well(digest: int, log: int, backfill: int = 0) -> Said:
    """All is valid, so many files of each kind."""
    counts = {"digest": digest, "backfill digest": backfill, "log": log}
    return Said(0, {kind: (n, n) for kind, n in counts.items() if n}, [])


class Bucket(NamedTuple):
    """A bucket to record into.

    Attributes:
        location: what BOTOTRAIL is set to.
        s3: where S3 is; None for a folder, of which `bototrail serve` makes one.
        name: what it is called in S3; None as for `s3`.
    """

    location: str
    s3: str | None = None
    name: str | None = None

    @property
    def store(self) -> Store:
        """To look into."""
        return open_store(self.location)

    def keys(self, kind: str) -> list[str]:
        """The keys of its log files (`_CloudTrail_`) or digest files (`_CloudTrail-Digest_`)."""
        return [entry.key for entry in self.store.entries() if kind in entry.key]

    def digests(self) -> int:
        """How many digest files there are, backfill digests not among them."""
        return len([key for key in self.keys("_CloudTrail-Digest_") if "_backfill" not in key])

    def logs(self) -> int:
        """How many log files there are."""
        return len(self.keys("_CloudTrail_"))


class Serve(Server):
    """`bototrail serve`.

    Args:
        place: whose environment it has, and key folder.
        bucket: what it serves.
        options: further ones of the command.
    """

    def __init__(self, place: Place, bucket: str | Path, *options: str | Path) -> None:
        folder = place.folder / "serve"
        folder.mkdir(exist_ok=True)
        super().__init__(folder, 1)
        self._environ, self._words = place.environ, ["--bucket", str(bucket), *map(str, options)]

    def command(self) -> list[str]:
        """See `Server`."""
        return [script("bototrail"), "serve", "--port", str(self.ports[0]), *self._words]

    def environ(self) -> dict[str, str]:
        """See `Server`."""
        return self._environ

    def ready(self) -> bool:
        """See `Server`; the page is at `/`."""
        return answers(self.url, 200)


def aws(place: Place, url: str, arn: str, *options: str, region: str, start: str, end: str = "", s3: str = "") -> Said:
    """Run `aws cloudtrail validate-logs`.

    Args:
        place: whose environment it has.
        url: where CloudTrail is, and S3 too unless told otherwise.
        arn: the trail's.
        options: further ones of the command.
        region: whose log files they are.
        start: from when on.
        end: until when; now when left out.
        s3: where S3 is.
    """
    words = ["--trail-arn", arn, "--region", region, "--start-time", start, *(["--end-time", end] if end else [])]
    environ = {
        "AWS_ENDPOINT_URL_CLOUDTRAIL": url,
        "AWS_ENDPOINT_URL_ORGANIZATIONS": url,
        "AWS_ENDPOINT_URL_S3": s3 or url,
    }
    command = [script("aws"), "cloudtrail", "validate-logs", "--verbose", *words, *options]
    return said(place.run(*command, code=None, **environ))


def ours(place: Place, bucket: str | Path, *options: str | Path, **environ: Any) -> Said:
    """Run `bototrail validate`."""
    return said(place.run(script("bototrail"), "validate", bucket, "--verbose", *options, code=None, **environ))


def said(done: Any) -> Said:
    """What a command said, whose lines were counted."""
    counts: dict[str, tuple[int, int]] = {}
    for number, total, kind, verdict in _COUNT.findall(done.stdout):
        counts[kind] = (int(number) if verdict == "valid" else int(total) - int(number), int(total))
    lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
    valid = sum(line.endswith("\tvalid") for line in lines)
    assert not counts or valid == sum(n for n, _ in counts.values()), done.stdout + done.stderr
    died = [] if done.returncode in (0, 1) else [line for line in done.stderr.splitlines() if line.strip()]
    return Said(done.returncode, counts, sorted([*died, *(line for line in lines if _FAULT.search(line))]))
