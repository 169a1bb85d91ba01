"""What we sign ourselves is valid, whatever the hours were like."""

from __future__ import annotations

from pathlib import Path

from integrity.hosts import Host
from integrity.made import NOON, public_key

from bototrail.deliver import ledger
from bototrail.integrity.places import Wanted
from bototrail.integrity.summary import Summary
from bototrail.integrity.validate import among, validate
from bototrail.store.folder import FolderStore

KEYS = {public_key(n).fingerprint: public_key(n) for n in (0, 1)}


def said(folder: Path, **wanted) -> dict[tuple[str, str], int]:
    """Counts of all verdicts; reasons instead when something is invalid."""
    summary, wrong = Summary(), []
    for each in validate(FolderStore(folder), among(KEYS), Wanted(**wanted), now=ledger.now()):
        summary.add(each)
        wrong += [each.line] if each.status == "INVALID" else []
    assert wrong == []
    return dict(summary.counts)


def test_hours_with_and_without_log_files(host, clock, tmp_path):
    for hour, count in ((12, 3), (13, 0), (14, 1)):
        clock.at(hour, 10)
        for _ in range(count):
            host.deliver()
    clock.at(15, 1)
    host.digests()
    clock.at(16, 30)
    host.deliver()  # no digest names it yet
    assert said(tmp_path / "bucket") == {
        ("Digest file", "valid"): 3,
        ("Log file", "valid"): 4,
        ("Log file", "pending"): 1,
    }


def test_a_host_that_slept_for_days(host, clock, tmp_path):
    clock.at(12, 10)
    host.deliver()
    clock.time += 60 * 24 * 3600
    host.deliver()
    clock.time += 3600
    host.digests()
    counts = said(tmp_path / "bucket")
    assert (counts["Log file", "valid"], counts["Digest file", "valid"] > 24) == (2, True)


def test_two_hosts_and_what_came_too_late(host, clock, trail, tmp_path):
    other = Host(tmp_path / "other", trail, key=1, known=(0,))
    clock.at(12, 10)
    host.deliver()
    other.deliver()
    clock.at(13, 1)
    host.digests()
    other.digests()  # its log file comes into a backfill digest
    clock.at(13, 10)
    other.deliver()
    clock.at(14, 1)
    other.digests()
    host.digests()
    counts = said(tmp_path / "bucket")
    assert (counts["Log file", "valid"], counts["Backfill digest file", "valid"] > 0) == (3, True)
    assert said(tmp_path / "bucket", end=NOON + 3600)["Log file", "valid"] > 0
