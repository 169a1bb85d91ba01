"""What was delivered is noted for digest files, and nothing of it is lost."""

from __future__ import annotations

import hashlib
import sqlite3
import stat

import orjson
import pytest
from deliver.spooled import delivery, entry, spool_of, trail

from bototrail.deliver.ledger import Ledger, series_of


def noted(tmp_path, one):
    ledger = Ledger(tmp_path / "state")
    return ledger.files(series_of(one, "111122223333", "us-east-1"))[0]


def test_log_files_of_a_trail_with_validation_are_noted_with_hash_and_times(tmp_path):
    one = trail(tmp_path, EnableLogFileValidation=True)
    spool_of(tmp_path, [one], [entry(1), entry(2)]).close()
    [file] = delivery(tmp_path).round().files
    content = orjson.dumps({"Records": [orjson.loads(entry(n).record) for n in (1, 2)]})
    [found] = noted(tmp_path, one)
    assert found[:4] == (
        str(file.location).removeprefix(f"{one.bucket}/"),
        hashlib.sha256(content).hexdigest(),
        "2026-11-21T10:00:00Z",
        "2026-11-21T10:00:00Z",
    )
    assert stat.S_IMODE((tmp_path / "state" / "digests.sqlite").stat().st_mode) == 0o600


def test_other_trails_leave_no_ledger(tmp_path):
    spool_of(tmp_path, [trail(tmp_path)], [entry(1)]).close()
    delivery(tmp_path).round()
    assert not (tmp_path / "state" / "digests.sqlite").exists()


def test_each_bucket_account_and_region_is_a_chain_of_its_own(tmp_path):
    one = trail(tmp_path, EnableLogFileValidation=True)
    found = {series_of(one, account, region).id for account in ("1" * 12, "2" * 12) for region in ("a", "b")}
    found |= {series_of(trail(tmp_path, "two"), "1" * 12, "a").id}
    assert len(found) == 5


def test_what_cannot_be_written_down_waits_and_delivery_goes_on(tmp_path, monkeypatch):
    one = trail(tmp_path, EnableLogFileValidation=True)
    spool = spool_of(tmp_path, [one], [entry(1)])
    delivering = delivery(tmp_path)

    def full(*_, **__):
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as disk:
        disk.setattr(sqlite3, "connect", full)
        assert delivering.round(spool.folder).records == 1
        with pytest.raises(OSError, match="disk is full"):
            delivering.ledger.write()
    spool.append(entry(2))
    spool.seal()
    delivering.round(spool.folder)
    assert len(noted(tmp_path, one)) == 2


def test_what_is_in_a_digest_is_taken_off(tmp_path):
    one = trail(tmp_path, EnableLogFileValidation=True)
    spool_of(tmp_path, [one], [entry(1)], [entry(2)]).close()
    delivery(tmp_path).round()
    ledger, series = Ledger(tmp_path / "state"), series_of(one, "111122223333", "us-east-1")
    first, second = noted(tmp_path, one)
    ledger.save(series, {"head": 1}, [first.key])
    assert (noted(tmp_path, one), ledger.series()) == ([second], [(series, one.to_dict(), {"head": 1})])
    ledger.forget(series)
    assert (noted(tmp_path, one), ledger.series()) == ([], [])


def test_a_file_that_is_no_database_is_told(tmp_path):
    ledger = Ledger(tmp_path)
    ledger.path.write_bytes(b"no database" * 100)
    with pytest.raises(OSError, match="not a database"):
        ledger.series()
