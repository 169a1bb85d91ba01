"""Backfill digests: a chain of their own, in any order of time."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
from integrity.judged import counts, faults, verdicts
from integrity.made import (
    HOUR,
    NOON,
    Made,
    digest,
    entries,
    write,
)
from integrity.tampering import log_files


def backfills(folder: Path, made: list[Made], count: int = 2, **change) -> list[Made]:
    """Backfill digests, each of a log file that came late."""
    found: list[Made] = []
    for n in range(count):
        key = log_files(made[n])[0].replace("Z_", "Z_Late")[:-12] + ".json.gz"
        content = orjson.dumps({"Records": [{"eventTime": "2026-09-21T10:00:00Z", "n": n}]})
        write(folder, key, gzip.compress(content))
        previous = found[-1].link if found else None
        found.append(digest(entries({key: content}), NOON + n * HOUR, previous, backfill=True, change=change))
        write(folder, found[-1].key, found[-1].body)
    return found


def test_backfill_digests_are_a_chain_of_their_own(made, tmp_path):
    late = backfills(tmp_path, made)
    assert counts(tmp_path) == {
        ("Digest file", "valid"): 4,
        ("Backfill digest file", "valid"): 2,
        ("Log file", "valid"): 10,
    }
    line = next(v.line for v in verdicts(tmp_path) if v.key == late[0].key)
    assert line == f"(backfill) Digest file\t{tmp_path}/{late[0].key}\tvalid"


def test_backfill_digests_are_missed(made, tmp_path):
    late = backfills(tmp_path, made, 3)
    (tmp_path / late[1].key).unlink()
    assert faults(tmp_path) == [(late[1].key, "not found"), (log_files(late[1])[0], "not listed in any digest file")]


def test_backfill_digests_need_the_time_of_their_making(made, tmp_path):
    from bototrail.integrity.form import BACKFILL_TIMESTAMP, pack

    late = backfills(tmp_path, made, 1)[0]
    metadata = {k: v for k, v in late.metadata.items() if k != BACKFILL_TIMESTAMP}
    write(tmp_path, late.key, pack(late.content, metadata))
    assert faults(tmp_path)[0] == (late.key, "invalid format")


def test_backfill_digests_may_come_in_any_order_of_time(made, tmp_path):
    key = log_files(made[0])[0].replace("Z_", "Z_Late")[:-12] + ".json.gz"
    first = digest([], NOON + 2 * HOUR, None, backfill=True)
    second = digest([], NOON, first.link, backfill=True)
    for each in (first, second):
        write(tmp_path, each.key, each.body)
    assert (faults(tmp_path), key in first.key) == ([], False)
    wrong = digest([], NOON, first.link._replace(hash="00" * 32), backfill=True)
    write(tmp_path, wrong.key, wrong.body)
    assert faults(tmp_path) == [(wrong.key, "previousDigestHashValue doesn't match")]


def test_of_backfill_digests_only_one_is_the_first(made, tmp_path):
    for n in range(2):
        each = digest([], NOON + n * HOUR, None, backfill=True)
        write(tmp_path, each.key, each.body)
    assert faults(tmp_path) == [(each.key, "names no digest file before it, but there is one")]
