"""What validation says of the buckets that tests make."""

from __future__ import annotations

from pathlib import Path

from integrity.made import (
    HOUR,
    NOON,
    public_key,
)

from bototrail.integrity.places import Wanted
from bototrail.integrity.summary import Summary
from bototrail.integrity.validate import among, validate
from bototrail.store.folder import FolderStore

KEYS = {public_key().fingerprint: public_key()}
END = NOON + 3 * HOUR  # of the last hour of a bucket of four
NOW = END + 2 * HOUR - 600


def verdicts(folder: Path, *, keys=KEYS, now: float = NOW, jobs: int = 2, **wanted):
    return list(validate(FolderStore(folder), among(keys), Wanted(**wanted), jobs=jobs, now=now))


def faults(folder: Path, **options) -> list[tuple[str, str]]:
    """Key and reason of all that is not valid."""
    return [(v.key, v.reason) for v in verdicts(folder, **options) if v.status == "INVALID"]


def counts(folder: Path, **options) -> dict[tuple[str, str], int]:
    summary = Summary()
    for verdict in verdicts(folder, **options):
        summary.add(verdict)
    return dict(summary.counts)
