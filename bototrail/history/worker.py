"""Processes that take log files in: Python parses JSON on one core a process.

They are programs of their own that hear and answer in lines of JSON, and nothing of the program that starts them is
imported anew, as multiprocessing would: it may be a notebook, or read from a pipe.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from bototrail.history.catalogue import File, Part
from bototrail.history.taking import Taken, Taker
from bototrail.store import open_store

_PROGRAM: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from bototrail.history.worker import main; main()"
)


class Worker:
    """A process that takes log files in.

    Args:
        location: the bucket.
        folder: where parts are written.
        since: events before are left out, seconds since 1970.
    """

    def __init__(self, location: str, folder: Path, since: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM, json.dumps(sys.path), location, str(folder), str(since)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "BOTOTRAIL": "off"},
            start_new_session=True,  # Ctrl-C is for us: what they have begun, they shall finish or not do at all
        )

    def take(self, keys: Sequence[tuple[str, str]]) -> Taken | None:
        """See `Taker.take`; None when the process has died of it.

        Raises:
            OSError: a part cannot be written.
        """
        hears, says = self._pipes()
        try:
            hears.write(json.dumps(keys).encode() + b"\n")
            hears.flush()
            answer = json.loads(says.readline() or b"null")
        except (BrokenPipeError, json.JSONDecodeError):
            return None
        if answer is None:
            return None
        if isinstance(answer, str):
            raise OSError(answer)
        parts, files = answer
        return Taken([Part(*part) for part in parts], [File(*file) for file in files])

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise BrokenPipeError
        return self._process.stdin, self._process.stdout

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._process.kill()
        for pipe in self._pipes():
            pipe.close()
        self._process.wait()


def main() -> None:
    """Take in what comes on the standard input, until it ends."""
    _, location, folder, since = sys.argv[1:]
    taker = Taker(open_store(location), Path(folder), int(since))
    for line in sys.stdin.buffer:
        answer: str | Taken
        try:
            answer = taker.take([(key, tag) for key, tag in json.loads(line)])
        except OSError as error:
            answer = f"{error.filename or folder}: {error.strerror or error}"
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
