"""What the tests share: a place to record into, programs that are recorded there, and readers of what was delivered."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ACCOUNT = "123456789012"
"""Who moto says that everybody is."""

KEY = re.compile(
    r"AWSLogs/(?P<account>\d{12})/CloudTrail/(?P<region>[a-z]{2}(?:-[a-z]+)+-\d+)/(?P<date>\d{4}/\d\d/\d\d)/"
    r"(?P=account)_CloudTrail_(?P=region)_(?P<day>\d{8})T\d{4}Z_[A-Za-z0-9]{16}\.json\.gz"
)
"""A log file's key below the prefix, as CloudTrail's user guide spells it."""

_FOREIGN = ("AWS_", "BOTO", "PYTEST_", "PYTHON", "COV")


def script(name: str) -> str:
    """A console script of the environment that the tests run in."""
    return str(Path(sys.executable).with_name(name))


def read_log_file(body: bytes) -> list[dict[str, Any]]:
    """The records of a log file, which must be one gzip member with nothing behind it."""
    unpacker = zlib.decompressobj(31)
    text = unpacker.decompress(body)
    assert unpacker.eof
    assert unpacker.unused_data == b""
    content = json.loads(text)
    assert list(content) == ["Records"]
    assert content["Records"]
    return content["Records"]


def check_key(key: str, records: Iterable[Mapping[str, Any]]) -> None:
    """A log file stands where CloudTrail would put it, and holds one account and one region."""
    found = KEY.fullmatch(key)
    assert found, key
    assert found["day"] == found["date"].replace("/", "")
    assert {r["awsRegion"] for r in records} == {found["region"]}
    assert {r["recipientAccountId"] for r in records} == {found["account"]}


def names(records: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many records there are of each operation."""
    return Counter(r["eventName"] for r in records)


def until(true: Callable[[], Any], seconds: float = 60, what: str = "it") -> Any:
    """Wait for something that other processes do, and return what it came to."""
    end = time.monotonic() + seconds
    while not (value := true()):
        assert time.monotonic() < end, f"{what} did not happen within {seconds} seconds"
        time.sleep(0.02)
    return value


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; for what the workers of a parallel run share."""
    with path.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield


def made_once(tmp_path_factory: Any, name: str, make: Callable[[Path], object]) -> Path:
    """A file or folder that all workers of a parallel run share."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared.parent if shared.name.startswith("popen-") else shared
    with locked(shared / f"{name}.lock"):
        if not (shared / f"{name}.done").exists():
            make(shared / name)
            (shared / f"{name}.done").touch()
    return shared / name


class Place:
    """A bucket folder and a state directory of one test, and the programs that are recorded there.

    Args:
        folder: everything is below it.
        endpoint: what programs take for AWS.
    """

    def __init__(self, folder: Path, endpoint: str) -> None:
        self.folder = folder
        self.bucket = folder / "bucket"
        self.state = folder / "state"
        (folder / "home").mkdir()
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith(_FOREIGN)}
        self.environ |= {
            "AWS_ACCESS_KEY_ID": "writer",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_SECRET_ACCESS_KEY": "writer-secret",
            "BOTOTRAIL_STATE": str(self.state),
            "HOME": str(folder / "home"),
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        }
        self._running: list[subprocess.Popen[str]] = []

    # ---- programs
    def start(self, *command: str | Path, **environ: object) -> subprocess.Popen[str]:
        """Start a command; with `BOTOTRAIL` as given, unset when it is not."""
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=self.folder,
            env=self.environ | {k: str(v) for k, v in environ.items()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._running.append(process)
        return process

    def run(self, *command: str | Path, code: int | None = 0, timeout: float = 90, **environ: object) -> Any:
        """Run a command to its end, which must be `code` (None for any); returns it with stdout and stderr."""
        process = self.start(*command, **environ)
        stdout, stderr = process.communicate(timeout=timeout)
        assert code is None or process.returncode == code, f"exit code {process.returncode}\n{stdout}\n{stderr}"
        return subprocess.CompletedProcess(command, process.returncode, stdout, stderr)

    def program(self, source: str, name: str = "program.py") -> Path:
        """Write a program."""
        path = self.folder / name
        path.write_text(textwrap.dedent(source))
        return path

    def record(self, source: str, *arguments: object, **options: Any) -> Any:
        """Run a program that is recorded because the environment says so."""
        options.setdefault("BOTOTRAIL", self.bucket)
        return self.run(sys.executable, self.program(source), *map(str, arguments), **options)

    def flush(self, **options: Any) -> Any:
        """Run `bototrail flush`."""
        return self.run(script("bototrail"), "flush", **options)

    def status(self) -> dict[str, Any]:
        """What `bototrail status` says."""
        return json.loads(self.run(script("bototrail"), "status", "--format", "json").stdout)

    def end(self) -> None:
        """Leave no process behind."""
        for process in self._running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            for pipe in (process.stdout, process.stderr):
                pipe.close()
            process.wait()

    # ---- what came of it
    def sweep(self) -> None:
        """Remove what a killed deliverer left half written; its name says to every reader that it is no log file."""
        for path in self.folder.rglob("AWSLogs/**/.*.tmp"):
            path.unlink()

    def log_files(self, folder: str | None = None) -> dict[str, list[dict[str, Any]]]:
        """Every log file of a bucket's folder (`bucket`) by its key, checked, and nothing else in there."""
        bucket, found = self.bucket if folder is None else self.folder / folder, {}
        for path in sorted(p for p in bucket.rglob("*") if p.is_file()):
            key = str(path.relative_to(bucket))
            found[key] = read_log_file(path.read_bytes())
            check_key(key, found[key])
        return found

    def records(self, folder: str | None = None) -> list[dict[str, Any]]:
        """Every record of a bucket's folder; none stands there twice."""
        return once(record for records in self.log_files(folder).values() for record in records)

    def names(self) -> Counter[str]:
        """How many records there are of each operation, calls that bototrail itself made not being among them."""
        return names(self.records())


def once(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records, after a look that no eventID stands there twice."""
    found = list(records)
    twice = {k: n for k, n in Counter(r["eventID"] for r in found).items() if n > 1}
    assert not twice
    return found
