"""`bototrail sync`: exit codes, what is said, and that what keys and digest files say is harmless on a terminal."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from integrity.made import BUCKET, NOON, bucket_folder, digest, write

from bototrail.cli import main

KEY = "AWSLogs/111122223333/CloudTrail/x"


def run(*arguments):
    done = CliRunner().invoke(main, ["sync", *map(str, arguments)], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture
def source(tmp_path):
    write(tmp_path / "source", KEY, b"body")
    return tmp_path / "source"


def test_a_copy_is_summed_up(source, tmp_path):
    summary = "1 copied, 0 skipped, 0 mended, 0 differing, 0 failed; 4 bytes\n"
    assert run(source, tmp_path / "copy") == (0, summary, "")


def test_a_copy_is_summed_up_for_programs(source, tmp_path):
    code, out, err = run(source, tmp_path / "copy", "--format", "json")
    counts = {"copied": 1, "skipped": 0, "mended": 0, "differing": 0, "failed": 0, "bytes": 4, "dry_run": False}
    assert (code, json.loads(out), err) == (0, counts, "")


def test_a_dry_run_shows_what_would_be_copied(source, tmp_path):
    summary = f"would be copied: {KEY}\nwould be: 1 copied, 0 skipped, 0 mended, 0 differing, 0 failed; 4 bytes\n"
    assert run(source, tmp_path / "copy", "--dry-run") == (0, summary, "")
    assert not (tmp_path / "copy").exists()


def test_another_content_is_exit_code_1(source, tmp_path):
    write(tmp_path / "copy", KEY, b"other")
    summary = "0 copied, 0 skipped, 0 mended, 1 differing, 0 failed; 0 bytes\n"
    assert run(source, tmp_path / "copy") == (
        1,
        summary,
        f"differing {KEY}: another one is there; it was left as it is\n",
    )


def test_an_empty_source_is_noted(source, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = run(tmp_path / "empty", tmp_path / "copy")
    note = f"note: there is nothing under AWSLogs/ in {tmp_path / 'empty'}; what lies elsewhere is copied with --all\n"
    assert (code, err) == (0, note)


def test_digest_files_in_another_bucket_are_noted_once(tmp_path, moto_s3, moto_url):
    bucket_folder(tmp_path / "source", 3)
    moto_s3.create_bucket(Bucket="other")
    code, _, err = run(tmp_path / "source", f"s3://other?endpoint_url={moto_url}")
    assert (code, err.count("note: "), err.count("\n")) == (0, 1, 1)
    assert (
        f"has been moved from its original location; name it to `bototrail validate` with --s3-bucket {BUCKET};" in err
    )


def test_what_keys_and_files_say_is_harmless(tmp_path):
    wild = "\x1b[2J\x9b\u202e\n"
    write(tmp_path / "source", f"AWSLogs/{wild}.gz", b"no gzip file")
    made = digest([], NOON, None, bucket=wild)
    write(tmp_path / "source", f"{wild}/{made.key}", made.body)
    code, out, err = run(tmp_path / "source", tmp_path / "copy")
    assert (code, len(out.splitlines()), len(err.splitlines())) == (0, 1, 2)
    assert r"copied AWSLogs/\x1b[2J\x9b\x202e\n.gz: copied as it is, but it is no sound gzip file" in err
    assert not any(character in out + err for character in "\x1b\x9b\u202e")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["{tmp}/nowhere", "{tmp}/copy"], "found nothing there"),
        (["{tmp}/source", "{tmp}/source"], "expected two buckets; found one"),
        (["{tmp}/source", "{tmp}/source/" + KEY], "expected a folder for the bucket; found the file"),
        (["{tmp}/source", "nope://x"], "whose scheme nope:// can be opened"),
        (["{tmp}/source"], "Missing argument 'DESTINATION'"),
        (["{tmp}/source", "{tmp}/copy", "--jobs", "0"], "--jobs"),
    ],
)
def test_wrong_use_is_told(arguments, words, source, tmp_path):
    code, out, err = run(*(argument.format(tmp=tmp_path) for argument in arguments))
    assert (code, out, words in " ".join(err.split())) == (2, "", True), err
