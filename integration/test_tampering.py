"""Whatever AWS's CLI finds, we find; docs/integrity.md tells of both, just as they are."""

from __future__ import annotations

from pathlib import Path

import pytest
from validating import needs_the_aws_cli

pytestmark = needs_the_aws_cli

SEEN_BY_AWS = {
    "log modified": "log file: hash value doesn't match",
    "logs swapped": "log file: hash value doesn't match",
    "log truncated": "log file: hash value doesn't match",
    "log deleted": "log file: not found",
    "log not gzip": "log file: invalid format",
    "byte appended to log": "log file: unexpected data after end of compressed stream",
    "gzip member appended to log": "log file: unexpected data after end of compressed stream",
    "digest modified": "digest file: signature verification failed",
    "digest serialised anew": "digest file: signature verification failed",
    "wrong signature": "digest file: signature verification failed",
    "no signature": "digest file: signature verification failed",
    "signed by another key": "digest file: signature verification failed",
    "middle digest deleted": "digest file: not found",
    "digest not gzip": "digest file: invalid format",
    "required field missing": "digest file: invalid format",
    "digest copied to another key": "digest file: has been moved from its original location",
}
BLIND_SPOTS = {
    "newest digest deleted",
    "unlisted log added",
    "chain cut",
    "wrong previous hash",
    "wrong previous signature",
}


def test_what_is_found_is_what_the_page_says(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from tamper_table import BEGIN, END, FORGED, PAGE, TAMPERINGS, UNTOUCHED, rows, table

    found = list(rows(tmp_path))
    harmless = {each.name for each in (UNTOUCHED, *TAMPERINGS, FORGED) if not each.found}
    assert {row.tampering for row in found if row.ours.code == 0} == harmless
    assert [row for row in found if row.theirs.code and not row.ours.code] == []
    assert {row.tampering: row.cells[1] for row in found if row.tampering in SEEN_BY_AWS} == SEEN_BY_AWS
    assert {row.tampering for row in found if row.theirs.code == 0} > harmless | BLIND_SPOTS
    # After a change: python integration/tamper_table.py --write
    assert PAGE.read_text().partition(BEGIN)[2].partition(END)[0] == table(found)
