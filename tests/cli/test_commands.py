"""The commands: what they print, their exit codes, and clear words for what is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from border import delivered
from click.testing import CliRunner

from bototrail.cli import main
from bototrail.settings import load
from bototrail.spool import Entry, Folder, Header, Spool
from bototrail.trails import default_trail


@pytest.fixture
def left(tmp_path: Path) -> Path:
    """What a process that is gone has left in the spool: two records."""
    spool = Spool(load(str(tmp_path / "bucket"), state=tmp_path / "state"), [default_trail(str(tmp_path / "bucket"))])
    for number in range(2):
        spool.append(Entry(Header(("default",), account="111122223333").encode(), b'{"n":%d}' % number))
    spool.seal()
    folder, spool.folder = spool.folder, None
    assert isinstance(folder, Folder)
    folder.forget()
    return tmp_path


def run(*arguments: str | Path):
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False)


def test_flush_delivers_what_was_left(left):
    done = run("flush", "--state", left / "state")
    assert (done.exit_code, done.stdout.count("2 records")) == (0, 1)
    assert "delivered 2 records in 1 log files" in done.stderr
    assert [r["n"] for r in delivered(left / "bucket")] == [0, 1]
    assert run("flush", "--state", left / "state").stderr == "delivered 0 records in 0 log files\n"


def test_flush_fails_when_something_stays(left):
    (left / "bucket").write_text("a file where the folder should be")
    done = run("flush", "--state", left / "state")
    assert done.exit_code == 1
    assert "not delivered: " in done.stderr
    (left / "bucket").unlink()
    assert run("flush", "--state", left / "state").exit_code == 0


def test_flush_helps_when_the_trail_cannot_be_read(left):
    next((left / "state" / "spool").glob("*/trails.json")).write_text("broken")
    assert "bototrail flush --bucket" in run("flush", "--state", left / "state").stderr
    assert run("flush", "--state", left / "state", "--bucket", left / "rescue").exit_code == 0
    assert len(delivered(left / "rescue")) == 2


def test_status_tells_what_waits_and_what_was_delivered(left):
    found = json.loads(run("status", "--state", left / "state", "--format", "json").stdout)
    (process,) = found["processes"]
    assert (process["alive"], process["segments"], process["bucket"]) == (False, 1, str(left / "bucket"))
    assert "its records wait for `bototrail flush`" in run("status", "--state", left / "state").stdout
    run("flush", "--state", left / "state")
    after = run("status", "--state", left / "state").stdout
    assert "delivered        2 records in 1 log files" in after
    assert "waiting          0 bytes" in after


def test_status_of_nothing(tmp_path):
    done = run("status", "--state", tmp_path / "nowhere")
    assert (done.exit_code, "last delivery    never" in done.stdout) == (0, True)


def test_status_shows_damage_and_survives_it(left):
    folder = next((left / "state" / "spool").iterdir())
    (folder / "counters.json").write_text('{"dropped":3,"errors":{"spool":2},"last_error":{"spool":"full"}}')
    (left / "state" / "totals.json").write_text("[]")
    shown = run("status", "--state", left / "state").stdout
    assert "dropped 3 records" in shown
    assert "spool (2 times): full" in shown


def test_what_others_wrote_does_not_steer_the_terminal(left):
    """A server's error message and a file's name may hold anything."""
    folder = next((left / "state" / "spool").iterdir())
    (folder / "counters.json").write_text('{"errors":{"deliver":1},"last_error":{"deliver":"no \\u001b[31mred"}}')
    shown = CliRunner().invoke(main, ["status", "--state", str(left / "state")], color=True).stdout
    assert r"no \x1b[31mred" in shown
    shown = CliRunner().invoke(main, ["trails", "show", f"{left}/no\x1b[31m.toml"], color=True).stderr
    assert (r"no\x1b[31m.toml" in shown, "\x1b" in shown) == (True, False)


def test_status_leaves_the_options_of_buckets_out(left):
    (trails,) = (left / "state" / "spool").glob("*/trails.json")
    trails.write_text('[{"Name": "t", "bucket": "s3://logs/p?profile_name=x"}]')
    (process,) = json.loads(run("status", "--state", left / "state", "--format", "json").stdout)["processes"]
    assert process["bucket"] == "s3://logs/p"


def test_run_passes_on_the_exit_code_and_everything_behind_the_command(tmp_path):
    program = "import sys; sys.exit(len(sys.argv))"
    command = (sys.executable, "-c", program, "--bucket", "x", "-q")
    assert run("run", "--bucket", tmp_path / "b", "--quiet", "--", *command).exit_code == 4
    assert run("run", "--bucket", tmp_path / "b", "--quiet", *command).exit_code == 4


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "--bukket", "x", "--", "true"], 2, "No such option"),
        (["run"], 2, "Missing argument"),
        (["run", "--bucket", "1", "--", "true"], 2, "expected a folder or URL for the bucket; found '1'"),
        (["run", "--bucket", "nosuchscheme://x", "--", "true"], 2, "install the package"),
        (["run", "--bucket", "s3://[::1", "--", "true"], 2, "expected an S3 URL"),
        (["run", "--bucket", "{tmp}/b", "--", "no-such-command-of-ours"], 127, "cannot run no-such-command-of-ours"),
        (["flush", "--bucket", "s3:x"], 2, "expected a folder or URL"),
        (["status", "--format", "xml"], 2, "xml"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_bad_input_is_told_without_a_traceback(arguments, code, words, tmp_path):
    done = run(*(a.format(tmp=tmp_path) for a in arguments))
    assert (done.exit_code, words in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["", "run", "flush", "status", "demo"])
def test_help(command):
    done = run(*filter(None, [command]), "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.stdout


def test_a_wrong_variable_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("BOTOTRAIL_SPOOL_DAYS", "many")
    done = run("flush", "--state", tmp_path)
    assert (done.exit_code, "BOTOTRAIL_SPOOL_DAYS" in done.stderr) == (2, True)


@pytest.mark.parametrize("name", sorted(main.list_commands(None)))
def test_help_shows_examples_line_by_line(name):
    """Where click is not told to, it fills examples up to a paragraph, or prints its own sign for it."""
    said = run(name, "--help").stdout
    lines = said.partition("Examples:\n")[2].splitlines()
    assert (r"\b" in said, [line for line in lines if not line.startswith(f"    bototrail {name} ")]) == (False, [])


def test_status_of_what_is_no_state_directory_is_no_row_of_zeros(tmp_path):
    (tmp_path / "file").write_text("")
    done = run("status", "--state", tmp_path / "file")
    assert (done.exit_code, "found Not a directory" in done.stderr, done.stdout) == (2, True, "")
