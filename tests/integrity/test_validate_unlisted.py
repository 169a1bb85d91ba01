"""Log files that no digest file names, and regions without digest files."""

from __future__ import annotations

import gzip
import os

import pytest
from integrity.judged import END, NOW, faults, verdicts
from integrity.made import (
    ACCOUNT,
    CHAIN,
    HOUR,
    bucket_folder,
    write,
)
from integrity.tampering import log_files


def test_a_deleted_folder_of_digests_does_not_pass(tmp_path):
    bucket_folder(tmp_path)
    for each in bucket_folder(tmp_path, chain=CHAIN._replace(region="us-east-1")):
        (tmp_path / each.key).unlink()
    found = [v for v in verdicts(tmp_path) if v.status == "INVALID"]
    assert [(v.kind, v.key, v.reason, v.files) for v in found] == [
        (
            "Log folder",
            f"AWSLogs/{ACCOUNT}/CloudTrail/us-east-1/",
            "8 log files have no digest files",
            8,
        )
    ]
    assert faults(tmp_path, regions=("eu-central-1",)) == []


def test_a_region_may_be_too_young_for_digests(tmp_path):
    bucket_folder(tmp_path)
    for each in bucket_folder(tmp_path, chain=CHAIN._replace(region="us-east-1")):
        (tmp_path / each.key).unlink()
    found = [(v.status, v.reason) for v in verdicts(tmp_path, now=END + 70 * 60) if v.kind == "Log folder"]
    assert found == [
        ("INVALID", "6 log files have no digest files"),
        ("pending", "2 log files have no digest files yet"),
    ]


YOUNG = [
    # the time in the name, when it was written, whether it may still come into a digest file
    ("20260921T1500Z", END, True),
    ("20260921T1610Z", END + HOUR + 660, True),
    ("20260921T1450Z", END + 60, True),
    ("20260921T1450Z", END - 60, False),
    ("20260921T1436Z", END + 60, True),
    ("20260921T1435Z", END + 60, False),
    ("20260921T1655Z", END + 60, True),
    ("20260921T1656Z", END + 60, False),  # of the future
    ("20260920T1610Z", END + 60, False),  # in the folder of another day
    ("20260921T9999Z", END + 60, False),
]


@pytest.mark.parametrize(("stamp", "written", "may_come"), YOUNG)
def test_a_log_file_may_be_too_young_for_a_digest(stamp, written, may_come, made, tmp_path):
    path = write(tmp_path, log_files(made[3])[0].replace("20260921T1402Z", stamp), gzip.compress(b"{}"))
    os.utime(path, (written, written))
    said = [(v.status, v.reason) for v in verdicts(tmp_path) if v.status != "valid"]
    assert said == [
        ("pending", "not yet in a digest file") if may_come else ("INVALID", "not listed in any digest file")
    ]


def test_a_log_file_that_stays_out_of_digests_is_not_young_for_ever(made, tmp_path):
    write(tmp_path, log_files(made[3])[0].replace("20260921T1402Z", "20260921T1530Z"), gzip.compress(b"{}"))
    assert len(faults(tmp_path, now=NOW + 10 * HOUR, end=NOW)) == 1


def test_a_log_file_that_may_have_come_late_is_told_so(made, tmp_path):
    path = write(tmp_path, log_files(made[1])[0].replace("Z_", "Z_Late")[:-12] + ".json.gz", b"")
    said = []
    for written in (END + 60, END - HOUR, NOW + HOUR):
        os.utime(path, (written, written))
        said += [v.detail for v in verdicts(tmp_path) if v.reason == "not listed in any digest file"]
    late = "it is there since 2026-09-21T15:01:00Z; if it was delivered late, a digest file comes soon"
    assert said == [late, "", ""]


@pytest.mark.parametrize("kind", ["CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"])
def test_log_files_of_all_kinds_must_be_listed(kind, made, tmp_path):
    key = log_files(made[1])[0].replace("/CloudTrail/", f"/{kind}/").replace("_CloudTrail_", f"_{kind}_")
    write(tmp_path, key, gzip.compress(b"{}"))
    assert faults(tmp_path) == [(key, "not listed in any digest file")]


def test_files_under_way_and_marks_of_folders_are_no_log_files(made, tmp_path):
    path = tmp_path / log_files(made[1])[0]
    path.with_name(f".{path.name}.tmp").write_bytes(b"half")
    write(tmp_path, f"{made[1].key}.meta", b"beside")
    assert faults(tmp_path) == []
