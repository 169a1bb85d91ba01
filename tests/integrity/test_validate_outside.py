"""Validation of what lies beside digest files: what was asked for and is gone, and log files that none can name."""

from __future__ import annotations

import gzip
import os

import pytest
from integrity.made import (
    ACCOUNT,
    CHAIN,
    HOUR,
    NOON,
    REGION,
    bucket_folder,
    digest,
    entries,
    log_content,
    write,
)
from integrity.tampering import log_files
from integrity.test_validate import NOW, faults, verdicts

from bototrail.clock import event_time
from bototrail.deliver.layout import log_file_key
from bototrail.history.files import LogFiles
from bototrail.integrity.verdicts import NONE_OF_IT, UNLISTED
from bototrail.store.folder import FolderStore

LATER = NOON + 19 * HOUR + 600  # when the newest of twenty hours is there
FIVE = NOON + 5 * HOUR
LOG = gzip.compress(log_content(99))


def wipe(folder, made) -> None:
    """Delete digest files, and the log files that they name."""
    for each in made:
        for key in (each.key, *log_files(each)):
            (folder / key).unlink()


def garbage(folder, *hours: float) -> None:
    """Put what is no digest file where some should be."""
    for hour in hours:
        write(folder, CHAIN.key(event_time(NOON + hour * HOUR)), b"garbage")


def since(hour: int) -> tuple[str, str]:
    return CHAIN.folder, f"no digest file since {event_time(NOON + hour * HOUR)}"


def between(first: int, last: int) -> tuple[str, str]:
    times = f"{event_time(NOON + first * HOUR)} and {event_time(NOON + last * HOUR)}"
    return CHAIN.folder, f"no digest file between {times}"


@pytest.mark.parametrize(
    ("gone", "planted", "end", "found"),
    [
        (slice(4, 7), (), FIVE, [between(3, 6), since(3)]),
        (slice(4, 20), (7,), FIVE, [since(3)]),
        (slice(4, 10), range(7, 10), FIVE, [between(3, 9), since(3)]),
        (slice(6, 7), (), FIVE + 600, [between(5, 6)]),
        (slice(7, 8), (), FIVE, []),  # nobody asked for that
    ],
)
def test_what_is_missing_at_the_end_asked_for_is_found(gone, planted, end, found, tmp_path):
    made = bucket_folder(tmp_path, 20)
    wipe(tmp_path, made[gone])
    garbage(tmp_path, *planted)
    assert faults(tmp_path, now=LATER, end=end) == found


def test_what_is_missing_between_start_and_end_is_found(tmp_path):
    made = bucket_folder(tmp_path, 20)
    wipe(tmp_path, made[:7])
    up_to = (CHAIN.folder, f"no digest file up to {event_time(FIVE)}")
    assert [faults(tmp_path, now=LATER, end=FIVE, start=start) for start in (None, NOON + 4 * HOUR)] == [[up_to]] * 2


@pytest.mark.parametrize("ago", [10, 1000])
def test_a_chain_may_have_begun_after_the_end_asked_for(ago, tmp_path):
    bucket_folder(tmp_path)
    assert faults(tmp_path, end=NOON - ago * HOUR) == []


def test_backfill_digests_alone_do_not_pass(tmp_path):
    made = bucket_folder(tmp_path)
    late = {log_file_key(ACCOUNT, "CloudTrail", REGION, "20260921T1230Z", "LateAndBackfille"): log_content(99)}
    backfill = digest(entries(late), NOON + HOUR, None, backfill=True)
    write(tmp_path, backfill.key, backfill.body)
    write(tmp_path, *late, LOG)
    before = faults(tmp_path)
    wipe(tmp_path, made)
    assert (before, faults(tmp_path)) == ([], [(CHAIN.folder, "no digest files but backfill ones")])


def test_what_is_named_and_gone_does_not_pass(tmp_path):
    bucket_folder(tmp_path)
    other = CHAIN._replace(region="us-east-1")
    wipe(tmp_path, bucket_folder(tmp_path, chain=other))
    arn = CHAIN.arn.replace("audit", "gone")
    named = [{"regions": (REGION, "us-east-1")}, {"trails": ("audit", arn)}, {"accounts": (ACCOUNT, "9" * 12)}]
    assert [
        [each.line.split()[-7:] for each in verdicts(tmp_path, **some) if each.status != "valid"] for some in named
    ] == [[[name, "INVALID:", *NONE_OF_IT.split()]] for name in ("us-east-1", arn, "9" * 12)]


@pytest.mark.parametrize(
    "key",
    [
        f"AWSLogs/x/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/09/21/a.json",
        f"{'a' * 150}/{'b' * 150}/AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/09/21/a.json.gz",
        f"AWSLogs/\u0661{ACCOUNT[1:]}/CloudTrail/{REGION}/2026/09/21/a.json.gz",
        f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/\u0662026/09/21/a.json.gz",
    ],
)
def test_where_validation_does_not_look_no_log_file_is_read(key, tmp_path):
    bucket_folder(tmp_path)
    write(tmp_path, key, LOG)
    read = LogFiles(FolderStore(tmp_path), print)
    assert (len(list(read.records())), read.read) == (24, 8)


@pytest.mark.parametrize(
    "key",
    [
        f"AWSLogs/{ACCOUNT}/CloudTrail/EU-CENTRAL-1/2026/09/21/a.json.gz",
        f"AWSLogs/{ACCOUNT}/cloudtrail/{REGION}/2026/09/21/a.json.gz",
        f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/09/21/a.json",
        f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/2099/01/01/{ACCOUNT}_CloudTrail_us-east-1_20990101T0000Z_PPPPPPPPPPPPPPPP.json.gz",
    ],
)
def test_log_files_of_odd_names_are_found(key, tmp_path):
    bucket_folder(tmp_path)
    write(tmp_path, key, LOG)
    assert [reason in (UNLISTED, "1 log file has no digest files") for _, reason in faults(tmp_path)] == [True]


def test_a_log_file_in_the_folder_of_another_day_is_in_that_day(tmp_path):
    bucket_folder(tmp_path)
    name = f"{ACCOUNT}_CloudTrail_{REGION}_20200101T0000Z_{'P' * 16}.json.gz"
    planted = write(tmp_path, f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/09/21/{name}", LOG)
    assert faults(tmp_path, start=NOON) == [(str(planted.relative_to(tmp_path)), UNLISTED)]


def test_log_files_from_before_the_first_digest_file_are_counted_apart(tmp_path):
    made = bucket_folder(tmp_path)
    for region in (REGION, "us-east-1"):
        for stamp in ("20260920T0000Z", "20260921T1059Z"):
            write(tmp_path, log_file_key(ACCOUNT, "CloudTrail", region, stamp, "BeforeTheDigests"), LOG)
    found = [(each.status, each.reason) for each in verdicts(tmp_path) if each.status != "valid"]
    assert found == [("unproven", "2 log files are from before the first digest file")] * 2
    (tmp_path / made[0].key).unlink()  # then nobody knows when digest files began
    assert len(faults(tmp_path)) == 1 + len(log_files(made[0])) + 2 + 1


def test_a_log_file_that_came_late_is_invalid_until_it_is_in_a_digest_file_and_that_is_said(tmp_path):
    made = bucket_folder(tmp_path)
    late = write(tmp_path, log_files(made[1])[0].replace("T1202Z", "T1203Z"), LOG)
    os.utime(late, (NOW - 60, NOW - 60))
    said = [(each.status, each.detail[:39]) for each in verdicts(tmp_path) if each.status != "valid"]
    assert said == [("INVALID", f"it is there since {event_time(NOW - 60)};")]
