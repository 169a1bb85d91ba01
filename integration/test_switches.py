"""Every way to switch recording on and off, each in a process of its own in which the built wheel is installed."""

from __future__ import annotations

import os
import signal
import sys
import sysconfig
from pathlib import Path

import pytest
from support import script, until

pytestmark = pytest.mark.newest

CALL = """
    import boto3
    boto3.client("sts").get_caller_identity()
"""
ONE = {"GetCallerIdentity": 1}
PLUGIN = {"BOTOCORE_EXPERIMENTAL__PLUGINS": "bototrail=bototrail.plugin"}


def test_by_code(place):
    place.run(sys.executable, place.program("import bototrail\nbototrail.start('bucket')\n" + CALL.replace("    ", "")))
    assert place.names() == ONE


def test_by_an_import(place):
    source = "import os\nos.environ['BOTOTRAIL'] = 'bucket'\nimport bototrail.auto\n" + CALL.replace("    ", "")
    place.run(sys.executable, place.program(source))
    assert place.names() == ONE


def test_by_the_environment(place):
    place.record(CALL)
    assert place.names() == ONE


def test_by_the_environment_in_isolated_mode(place):
    place.run(sys.executable, "-I", place.program(CALL), BOTOTRAIL=place.bucket)
    assert place.names() == ONE


def test_by_the_plugin_mechanism_of_botocore(place):
    """Without `site` there are no .pth files, and so nothing but the plug-in."""
    options = {"BOTOTRAIL": place.bucket, "PYTHONPATH": sysconfig.get_path("purelib")}
    done = place.run(sys.executable, "-S", place.program(CALL), **options)
    assert place.names() == {}
    done = place.run(sys.executable, "-S", place.program(CALL), **options, **PLUGIN)
    assert done.stderr == ""
    assert place.names() == ONE


def test_by_everything_at_once_is_still_one_record(place):
    source = "import bototrail.auto, bototrail\nbototrail.start()\nbototrail.start()\n" + CALL.replace("    ", "")
    place.record(source, **PLUGIN)
    assert place.names() == ONE


def test_by_code_after_the_client_was_made_and_used(place):
    source = """
        import boto3, bototrail
        sts = boto3.client("sts")
        sts.get_caller_identity()
        bototrail.start("bucket")
        sts.get_caller_identity()
        flushed = bototrail.stop()
        sts.get_caller_identity()
        print(flushed.records, flushed.complete, bototrail.status())
    """
    done = place.run(sys.executable, place.program(source))
    assert done.stdout == "1 True {'recording': False}\n"
    assert place.names() == ONE


def test_by_the_fixture_of_pytest(place):
    place.program(
        """
        import boto3
        def test_deletes(bototrail):
            boto3.client("s3").create_bucket(Bucket="fixture")
            assert [r["eventName"] for r in bototrail.records] == ["CreateBucket"]
        def test_starts_anew(bototrail):
            assert bototrail.records == []
        """,
        "test_program.py",
    )
    done = place.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_program.py")
    assert "2 passed" in done.stdout
    assert not place.bucket.exists()
    assert not place.state.exists()


class TestUnset:
    def test_nothing_is_imported(self, place):
        done = place.run(sys.executable, "-c", "import sys; print(*sys.modules)")
        assert {"bototrail", "botocore", "wrapt", "orjson"}.isdisjoint(done.stdout.split())

    def test_set_but_without_botocore_next_to_nothing_is_imported(self, place):
        command = (sys.executable, "-c", "import sys; print(*sys.modules)")
        before = set(place.run(*command).stdout.split())
        after = set(place.run(*command, BOTOTRAIL=place.bucket).stdout.split())
        mine = {name for name in after - before if name.startswith("bototrail")}
        assert mine == {"bototrail", "bototrail._boot", "bototrail._version"}
        assert {name.partition(".")[0] for name in after - before} <= {"bototrail", "typing", "re", "collections"} | {
            name.partition(".")[0] for name in sys.stdlib_module_names
        }
        assert not place.bucket.exists()
        assert not place.state.exists()


@pytest.mark.parametrize("value", ["off", "0", "OFF", "no", "false"])
def test_off_wins_over_code(value, place):
    source = f"import bototrail, bototrail.auto\nbototrail.start({str(place.bucket)!r})\n" + CALL.replace("    ", "")
    done = place.run(sys.executable, place.program(source + "print(bototrail.status())"), BOTOTRAIL=value, **PLUGIN)
    assert (done.stdout, done.stderr) == ("{'recording': False}\n", "")
    assert not place.bucket.exists()
    assert not place.state.exists()


def test_off_wins_over_run_and_makes_no_folder_of_that_name(place):
    place.run(script("bototrail"), "run", "--", sys.executable, place.program(CALL), BOTOTRAIL="off")
    assert not (place.folder / "off").exists()


NONSENSE = {
    "1": "found '1'",
    "ftp:/x": "found 'ftp:/x'",
    "s3://": "found 's3://'",
    "s3://bucket?color=red": "found color",
    "gs://bucket/logs": "gs",
    "nonsense://bucket": "nonsense",
    "program.py": "found the file ",
    "program.py/below": "found the file ",
}


@pytest.mark.parametrize("value", NONSENSE)
@pytest.mark.parametrize("ending", ["sys.exit(3)", "pass"])
def test_nonsense_is_said_once_and_the_program_runs_on(value, ending, place):
    source = f"import sys\n{CALL.replace('    ', '')}boto3.client('sts').get_caller_identity()\nprint('done')\n{ending}"
    done = place.record(source, BOTOTRAIL=value, code=3 if "3" in ending else 0)
    assert done.stdout == "done\n"
    [line] = done.stderr.splitlines()
    assert line.startswith("bototrail: not recording: ")
    assert NONSENSE[value] in line


@pytest.mark.parametrize(
    "option", ["BOTOTRAIL_FLUSH_SECONDS", "BOTOTRAIL_EXIT_SECONDS", "BOTOTRAIL_IDENTITY", "BOTOTRAIL_PRESIGNED"]
)
def test_other_nonsense_too(option, place):
    done = place.record(CALL, **{option: "sometimes"})
    [line] = done.stderr.splitlines()
    assert line.startswith("bototrail: not recording: ")
    assert option in line


@pytest.fixture
def read_only(place):
    """Makes a folder read-only; for a user who may write everywhere there is no such thing."""
    folders = []

    def make(folder):
        folder.mkdir(parents=True, mode=0o500)
        folders.append(folder)
        if os.access(folder, os.W_OK):
            pytest.skip("this user may write everywhere")
        return folder

    yield make
    for folder in folders:
        folder.chmod(0o700)


class TestWithoutAStateDirectory:
    def delivered_from_memory(self, place, state):
        done = place.record(CALL * 2, BOTOTRAIL_STATE=state)
        [line] = done.stderr.splitlines()
        assert line.startswith("bototrail: spool: ")
        return place.names() == {"GetCallerIdentity": 2}

    @pytest.mark.parametrize("state", ["program.py", "program.py/state"])
    def test_because_there_is_a_file_of_that_name(self, state, place):
        assert self.delivered_from_memory(place, state)

    @pytest.mark.parametrize("folder", ["state", "state/spool"])
    def test_because_it_is_read_only(self, folder, place, read_only):
        read_only(place.folder / folder)
        assert self.delivered_from_memory(place, place.state)


def test_a_bucket_folder_that_is_read_only_is_said_once_and_the_program_runs_on(place, read_only):
    [line] = place.record(CALL, BOTOTRAIL=read_only(place.folder / "locked")).stderr.splitlines()
    assert line.startswith("bototrail: not recording: expected a folder that can be written; found ")


class TestRun:
    @pytest.fixture
    def run(self, place):
        return lambda *command, **options: place.run(script("bototrail"), "run", *command, **options)

    def test_records_into_audit_below_the_current_folder(self, place, run):
        done = run("--", sys.executable, place.program(CALL))
        assert done.stderr == f"bototrail: 1 record delivered to {place.folder / 'audit'}\n"
        place.bucket = place.folder / "audit"
        assert place.names() == ONE

    def test_passes_on_arguments_output_and_the_exit_code(self, place, run):
        source = CALL + "    import sys; print(sys.argv[1:]); print('error', file=sys.stderr); sys.exit(7)\n"
        done = run("--bucket", "bucket", "--quiet", "--", sys.executable, place.program(source), "--help", "-x", code=7)
        assert (done.stdout, done.stderr) == ("['--help', '-x']\n", "error\n")
        assert place.names() == ONE

    def test_reaches_python_through_a_shell_script(self, place, run):
        place.program(CALL)
        shell = place.program(f"cd / && '{sys.executable}' '{place.folder}/program.py'\n", "script.sh")
        run("--bucket", "bucket", "--", "sh", shell)
        assert place.names() == ONE

    def test_delivers_what_a_killed_command_left(self, place, run):
        source = CALL + "    import os; os.kill(os.getpid(), 9)\n"
        done = run("--bucket", "bucket", "--", sys.executable, place.program(source), code=128 + 9)
        assert "1 record delivered" in done.stderr
        assert place.names() == ONE

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
    def test_passes_signals_on(self, number, place):
        source = f"""
            import pathlib, signal, sys, time
            signal.signal({number:d}, lambda *_: sys.exit(9))
            {CALL.strip().replace(chr(10), chr(10) + " " * 8)}
            pathlib.Path("ready").touch()
            time.sleep(60)
        """
        program = place.program(source)
        process = place.start(script("bototrail"), "run", "--bucket", "bucket", "--", sys.executable, program)
        until((place.folder / "ready").exists)
        process.send_signal(number)
        _, stderr = process.communicate(timeout=30)
        assert process.returncode == 9
        assert "1 record delivered" in stderr
        assert place.names() == ONE

    def test_says_when_the_command_is_not_there(self, place, run):
        done = run("--", "no-such-command", code=127)
        assert "bototrail: cannot run no-such-command: No such file or directory" in done.stderr

    def test_says_when_the_command_cannot_be_run(self, place, run):
        assert "cannot run ./program.py" in run("--", "./" + place.program(CALL).name, code=126).stderr

    def test_says_when_nothing_was_recorded(self, place, run):
        done = run("--", "true")
        assert "no AWS SDK call was recorded; is bototrail installed in the Python that made the calls?" in done.stderr

    def test_refuses_a_bucket_that_cannot_be_used_before_it_runs_anything(self, place, run):
        place.program("open('ran', 'w')")
        done = run("--bucket", "program.py", "--", sys.executable, "program.py", code=2)
        assert "expected a folder for the bucket" in done.stderr
        assert not Path(place.folder / "ran").exists()
