"""`bototrail digest` makes what is due, and says so."""

from __future__ import annotations

import gzip
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from integrity.hosts import Clock, Host

from bototrail.cli import main
from bototrail.integrity.keys import open_keys
from bototrail.trails import Trail


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def host(tmp_path, clock):
    made = Host(tmp_path / "state", Trail("audit", str(tmp_path / "bucket"), S3BucketName="my-bucket"))
    clock.at(12, 20)
    made.deliver()
    return made


def run(tmp_path, *arguments: str):
    return CliRunner().invoke(main, ["digest", "--state", str(tmp_path / "state"), *arguments], catch_exceptions=False)


def test_it_makes_and_names_the_digest_files_that_are_due(host, clock, tmp_path):
    assert run(tmp_path).stderr == "made 0 digest files: none is due before the next full hour, unless with --now\n"
    clock.at(14)
    done = run(tmp_path)
    made = sorted(str(path) for path in (tmp_path / "bucket").rglob("*Digest_*.json.gz"))
    assert (done.exit_code, done.stdout.splitlines(), done.stderr) == (0, made, "made 2 digest files\n")
    [key] = open_keys(tmp_path / "state").public_keys()
    content = [orjson.loads(gzip.decompress(Path(path).read_bytes())) for path in made]
    assert [fields["digestPublicKeyFingerprint"] for fields in content] == [key, key]


def test_now_closes_the_hour(host, clock, tmp_path):
    clock.at(12, 30)
    assert run(tmp_path, "--now").stdout.count("T123000Z") == 1


def test_now_covers_what_was_delivered_in_this_very_second(tmp_path):
    host = Host(tmp_path / "state", Trail("audit", str(tmp_path / "bucket"), S3BucketName="my-bucket"))
    key = host.deliver()
    made = run(tmp_path, "--now").stdout.split()
    named = [orjson.loads(gzip.decompress(Path(path).read_bytes()))["logFiles"] for path in made]
    assert [file["s3Object"] for files in named for file in files] == [key]


def test_what_cannot_be_made_is_told_with_exit_code_1_and_made_the_next_time(host, clock, tmp_path):
    clock.at(13)
    (tmp_path / "bucket" / "AWSLogs" / host.deliver().split("/")[1] / "CloudTrail-Digest").write_text("in the way")
    done = run(tmp_path)
    assert (done.exit_code, done.stderr.splitlines()[1].startswith("not made: ")) == (1, True)
    (tmp_path / "bucket" / "AWSLogs" / "111122223333" / "CloudTrail-Digest").unlink()
    assert run(tmp_path).exit_code == 0


def test_a_ledger_that_is_broken_is_told(tmp_path, clock):
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "digests.sqlite").write_bytes(b"broken" * 100)
    done = run(tmp_path)
    assert (done.exit_code, "not a database" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_signing_key_that_is_none_is_told(tmp_path, clock):
    done = run(tmp_path, "--signing-key", str(tmp_path / "missing.pem"))
    assert (done.exit_code, "missing.pem" in done.stderr) == (2, True)


def test_where_nothing_was_recorded_it_says_what_to_switch_on_and_makes_nothing(tmp_path, clock):
    done = run(tmp_path)
    said = f"made 0 digest files: nothing in {tmp_path / 'state'} was delivered with log file validation, "
    assert (done.exit_code, done.stderr.startswith(said), (tmp_path / "state").exists()) == (0, True, False)


def test_now_twice_says_that_there_is_nothing_more(host, clock, tmp_path):
    clock.at(12, 30)
    run(tmp_path, "--now")
    assert run(tmp_path, "--now").stderr.startswith("made 0 digest files: there are those of all log files")
