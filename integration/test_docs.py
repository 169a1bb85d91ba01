"""Every command and every program that the README and docs/ print does what it says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
BLOCK = re.compile(r"^```(bash|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TRAILS = re.compile(r"^```toml\n(# trails.toml\n.*?)^```", re.MULTILINE | re.DOTALL)
FAILING = re.compile(r"^```python\n(# fails\n.*?)^```\n\n```text\n(.*?)^```", re.MULTILINE | re.DOTALL)
PROGRAM = "import boto3\nboto3.client('sts').get_caller_identity()\nboto3.client('s3').list_buckets()\n"
TESTS = """
import boto3

def test_published(bototrail):
    boto3.client("sts").get_caller_identity()
    bototrail.assert_only("sts:*")
"""


def blocks(language: str) -> list[object]:
    found = []
    for page in PAGES:
        for kind, text in BLOCK.findall(page.read_text()):
            # What sets up is run by .ci/run; what fails below.
            if kind == language and not re.search("-m venv|pip install|^# fails", text):
                found.append(pytest.param(page, text, id=f"{page.name}: {text.strip().splitlines()[-1]}"))
    return found


@pytest.fixture
def place(tmp_path, moto_url):
    """A folder with a program in it, and an environment in which it runs against moto."""
    (tmp_path / "your_program.py").write_text(PROGRAM)
    (tmp_path / "test_reports.py").write_text(TESTS)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "BOTOTRAIL"))}
    environment |= {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "BOTOTRAIL_CACHE": str(tmp_path / "cache"),
        "BOTOTRAIL_STATE": str(tmp_path / "state"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }

    def run(*command: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    run.folder = tmp_path
    run.environment = environment
    return run


@pytest.mark.newest
@pytest.mark.parametrize(("page", "text"), blocks("bash"))
def test_a_command_runs(page, text, place):
    if "trails.toml" in text:
        (place.folder / "trails.toml").write_text(TRAILS.search(page.read_text())[1])
    place("bash", "-euc", text)
    if "your_program.py" in text or "--bototrail ./audit" in text:
        wanted = "WriteOnly" not in (place.folder / "trails.toml").read_text() if "trails.toml" in text else True
        assert bool(list(place.folder.glob("audit/AWSLogs/**/*.json.gz"))) == wanted


@pytest.mark.newest
@pytest.mark.parametrize(("page", "text"), blocks("python"))
def test_a_program_runs(page, text, place):
    if "def test_" in text:
        (place.folder / "test_it.py").write_text(text)
        options = ["--bototrail-snapshot=missing"] if "assert_matches_snapshot" in text else []
        done = place(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, "test_it.py")
        assert "1 passed" in done.stdout
        return
    place.environment["BOTOTRAIL"] = "./by-environment"
    (place.folder / "it.py").write_text(text)
    place(sys.executable, "it.py")


@pytest.mark.newest
@pytest.mark.parametrize(("text", "told"), [found for page in PAGES for found in FAILING.findall(page.read_text())])
def test_a_test_fails_as_it_is_told(text, told, place):
    (place.folder / "test_it.py").write_text(text)
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py")
    done = subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True, timeout=120)
    assert "1 failed" in done.stdout
    assert told in done.stdout


def test_a_snapshot_differs_as_it_is_told(place):
    page = (ROOT / "docs" / "testing.md").read_text()
    test = next(text for kind, text in BLOCK.findall(page) if kind == "python" and "assert_matches_snapshot" in text)
    (place.folder / "test_it.py").write_text(test.replace("monday", "tuesday"))
    command = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "test_it.py")
    place(*command, "--bototrail-snapshot=missing")
    (place.folder / "test_it.py").write_text(test)
    done = subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True, timeout=120)
    assert "1 failed" in done.stdout
    told = re.search(r"^```text\n(E +AssertionError: the calls differ.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert told[1] in done.stdout


def test_there_is_something_to_run():
    assert len(blocks("bash")) >= 5
    assert len(FAILING.findall((ROOT / "docs" / "testing.md").read_text())) == 2
    assert len(blocks("python")) >= 6
