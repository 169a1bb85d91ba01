"""A recording process makes its digest files beside its work, when they are due, and lives on when it cannot."""

from __future__ import annotations

import threading
from pathlib import Path

import boto3
import pytest
from integrity.hosts import Host
from moto import mock_aws

import bototrail
from bototrail.deliver.ledger import Ledger
from bototrail.deliver.totals import read_trails
from bototrail.errors import ConfigError
from bototrail.integrity import background
from bototrail.integrity.background import Digests
from bototrail.integrity.keys import open_keys
from bototrail.settings import load
from bototrail.trails import Trail, default_trail


@pytest.fixture
def clock(clock, monkeypatch):
    monkeypatch.setattr(background, "now", lambda: clock.time)
    return clock


@pytest.fixture
def trail(tmp_path):
    return default_trail(str(tmp_path / "bucket"), log_file_validation=True)


def digests(tmp_path: Path, trails: list[Trail], **options) -> tuple[Digests, list[str]]:
    settings, troubles = load(tmp_path / "bucket", state=tmp_path / "state", **options), []
    made = Digests(
        settings, lambda: Ledger(settings.state), lambda: trails, lambda *trouble: troubles.append(trouble[0])
    )
    return made, troubles


def test_they_are_due_once_an_hour(tmp_path, clock, trail):
    made, troubles = digests(tmp_path, [trail])
    due = []
    for minute in range(0, 181, 20):
        clock.at(12, minute)
        due.append(made.due())
        if made.due():
            made.make()
    assert (due, troubles) == ([True, False, False] * 3 + [True], [])


def test_a_clock_that_was_set_back_makes_them_due(tmp_path, clock, trail):
    made, _ = digests(tmp_path, [trail])
    made.make()
    clock.at(11)
    assert made.due()


def test_trails_without_validation_have_none(tmp_path, clock):
    made, _ = digests(tmp_path, [default_trail(str(tmp_path / "bucket"))])
    assert not made.due()


def test_the_key_is_there_before_the_first_hour_ends(tmp_path, clock, trail):
    Host(tmp_path / "state", trail).deliver()
    made, _ = digests(tmp_path, [trail])
    made.make()
    assert len(open_keys(tmp_path / "state").public_keys()) == 1


def test_a_program_that_comes_and_goes_looks_at_the_keys_once_an_hour(tmp_path, clock, trail, monkeypatch):
    Host(tmp_path / "state", trail).deliver()
    digests(tmp_path, [trail])[0].make()
    monkeypatch.setattr("bototrail.integrity.keys.open_keys", lambda *_: pytest.fail("looked at the keys"))
    made, troubles = digests(tmp_path, [trail])
    assert made.due()
    made.make()
    assert (troubles, made.due()) == ([], False)


def test_what_fails_is_counted_and_tried_again_after_a_rest(tmp_path, clock, trail, monkeypatch):
    Host(tmp_path / "state", trail).deliver()
    (tmp_path / "key.pem").write_text("no key")
    made, troubles = digests(tmp_path, [trail], signing_key=tmp_path / "key.pem")
    time = [1000.0]
    monkeypatch.setattr(background, "monotonic", lambda: time[0])
    waits = []
    for _ in range(6):
        made.make()
        start = time[0]
        while not made.due() and time[0] < start + 2000:
            time[0] += 10
        waits.append(time[0] - start)
    assert (waits, troubles) == ([60, 120, 240, 480, 900, 900], ["digest"] * 6)


def test_its_digests_show_in_the_status_of_the_trail(tmp_path, clock, trail):
    host = Host(tmp_path / "state", trail)
    host.deliver()
    clock.at(13, 1)
    made, _ = digests(tmp_path, [trail])
    made.make()
    [row] = read_trails(tmp_path / "state", [])
    assert (row["LatestDigestDeliveryError"], "LatestDigestDeliveryTime" in row) == (None, True)
    (tmp_path / "bucket").chmod(0o700)
    clock.at(14)
    [folder] = (tmp_path / "bucket").glob("AWSLogs/*/CloudTrail-Digest")
    folder.rename(folder.with_name("aside"))
    folder.write_text("in the way")
    made.make()
    [row] = read_trails(tmp_path / "state", [])
    assert row["LatestDigestDeliveryError"] == "NotADirectoryError"


def test_keys_that_cannot_be_used_show_there_too(tmp_path, clock, trail):
    Host(tmp_path / "state", trail).deliver()
    (tmp_path / "key.pem").write_text("no key")
    digests(tmp_path, [trail], signing_key=tmp_path / "key.pem")[0].make()
    [row] = read_trails(tmp_path / "state", [])
    assert row["LatestDigestDeliveryError"] == "ConfigError"


# ---- the whole recorder
@pytest.fixture
def aws(monkeypatch):
    with mock_aws():
        yield
        bototrail.stop()


def call() -> None:
    boto3.client("sts", region_name="eu-central-1").get_caller_identity()


def test_a_program_that_ends_before_the_hour_does_leaves_its_log_files_to_the_next_one(tmp_path, clock, aws):
    options = {"log_file_validation": True, "state": tmp_path / "state"}
    for hour in (12, 13, 15):
        clock.at(hour, 30)
        bototrail.start(tmp_path / "bucket", **options)
        call()
        assert bototrail.stop(timeout=30).complete
    names = sorted(path.name[-15:-8] for path in (tmp_path / "bucket").rglob("*_CloudTrail-Digest_*"))
    assert names == ["130000Z", "140000Z", "150000Z"]


def test_digests_that_hang_hold_up_neither_deliveries_nor_the_end(tmp_path, clock, aws, monkeypatch):
    release = threading.Event()
    monkeypatch.setattr(Digests, "make", lambda _: release.wait(60))
    bototrail.start(tmp_path / "bucket", log_file_validation=True, state=tmp_path / "state")
    call()
    try:
        assert [bototrail.flush(30).records for _ in range(2)] == [1, 0]
        call()
        assert bototrail.stop(timeout=2).records == 1
    finally:
        release.set()


def test_start_says_what_is_wrong_with_the_signing_key(tmp_path, aws):
    with pytest.raises(ConfigError, match=r"missing\.pem"):
        bototrail.start(
            tmp_path / "bucket",
            log_file_validation=True,
            state=tmp_path / "state",
            signing_key=tmp_path / "missing.pem",
        )
