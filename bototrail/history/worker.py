"""Processes that take log files in: Python parses JSON on one core a process.

They are programs of their own that hear and answer in lines of JSON, and nothing of the program that starts them is
imported anew, as multiprocessing would: it may be a notebook, or read from a pipe.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import IO, Final

from bototrail.history.catalogue import File, Part
from bototrail.history.taking import Taken, Taker
from bototrail.integrity.pool import Job, Pool
from bototrail.store import open_store

# The first place is the working directory, and nothing is imported from there that the program does not import from it.
_PROGRAM: Final = "import sys; del sys.path[0]; import json; sys.path[:] = json.loads(sys.stdin.readline())"
_MAIN: Final = "; from bototrail.history.worker import main; main()"
_READY: Final = b'"ready"\n'

Keys = Sequence[tuple[str, str]]
"""Keys of log files, and their tags."""


class Worker:
    """A process that takes log files in.

    Args:
        location: the bucket.
        folder: where parts are written.
        since: events before are left out, seconds since 1970.

    Raises:
        OSError: it cannot be started.
    """

    def __init__(self, location: str, folder: Path, since: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _PROGRAM + _MAIN],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "BOTOTRAIL": "off"},
            start_new_session=True,  # Ctrl-C is for us: what they have begun, they shall finish or not do at all
        )
        with contextlib.suppress(BrokenPipeError):  # the first answer will be missed, too
            self._say([str(path) for path in sys.path])
            self._say([location, str(folder), since])  # not as arguments, which everybody can see

    def take(self, keys: Keys) -> Taken | None:
        """See `Taker.take`; None when the process has died of it.

        Raises:
            OSError: a part cannot be written.
        """
        try:
            self._say(keys)
            answer = json.loads(self._pipes()[1].readline() or b"null")
        except (BrokenPipeError, json.JSONDecodeError):
            return None
        if isinstance(answer, str):
            raise OSError(answer)
        if not isinstance(answer, list):
            return None
        parts, files, silence = answer
        return Taken([Part(*part) for part in parts], [File(*file) for file in files], silence)

    def is_ready(self) -> bool:
        """Whether it has begun; asked once, before it is given anything."""
        return self._pipes()[1].readline() == _READY

    def _say(self, what: object) -> None:
        hears, _ = self._pipes()
        hears.write(json.dumps(what).encode() + b"\n")
        hears.flush()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process.stdin is None or self._process.stdout is None:
            raise BrokenPipeError
        return self._process.stdin, self._process.stdout

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Give everything back, when nobody waits for it any more."""
        self.kill()
        for pipe in self._pipes():
            with contextlib.suppress(OSError):  # what was not said is still to be written
                pipe.close()


class Crew:
    """Workers side by side.

    Args:
        workers: how many.
        location: the bucket.
        folder: where parts are written.
        since: events before are left out, seconds since 1970.

    Raises:
        OSError: they cannot be started, for example because the program that runs is no Python.
    """

    def __init__(self, workers: int, location: str, folder: Path, since: int) -> None:
        self._new = partial(Worker, location, folder, since)
        self._guard = threading.Lock()
        self._closed = False
        self._all: list[Worker] = []
        self._free: SimpleQueue[Worker] = SimpleQueue()
        self._pool = Pool(workers)
        try:
            for worker in [self._start() for _ in range(workers)]:
                self._enlist(worker)
        except BaseException:
            self._end()
            for worker in self._all:
                worker.close()
            raise

    def _start(self) -> Worker:
        with self._guard:
            if self._closed:
                raise InterruptedError
            self._all.append(self._new())
            return self._all[-1]

    def _enlist(self, worker: Worker) -> None:
        if not worker.is_ready():
            worker.close()
            raise ChildProcessError(f"{sys.executable} does not start")
        self._give_back(worker)

    def _give_back(self, worker: Worker) -> None:
        with self._guard:
            if not self._closed:
                self._free.put(worker)
                return
        worker.close()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        with self._guard:
            self._closed, workers = True, list(self._all)
        self._pool.close()
        for worker in workers:
            worker.kill()
        while not self._free.empty():  # who waits for an answer of another one closes it
            self._free.get().close()

    def taken(self, loads: Iterable[Keys]) -> Iterator[Taken]:
        """What comes of loads of log files, in their order.

        Raises:
            OSError: a part cannot be written.
        """
        jobs: Iterator[Taken | Job[Taken]] = (Job(partial(self._take, keys)) for keys in loads)
        yield from self._pool.ordered(jobs, 4 * self._pool.threads)

    def _take(self, keys: Keys) -> Taken:
        """Files that a process has died of are tried again in halves, until it is known which one it was."""
        worker = self._free.get()
        try:
            taken = worker.take(keys)
        except OSError:
            self._give_back(worker)
            raise
        if taken is not None:
            self._give_back(worker)
            return taken
        self._replace(worker)
        if len(keys) == 1:
            (key, tag), *_ = keys
            return Taken([], [File(key, tag, problem="skipped: the process that read it died of it")])
        one, two = self._take(keys[: len(keys) // 2]), self._take(keys[len(keys) // 2 :])
        return Taken(one.parts + two.parts, one.files + two.files, one.silence or two.silence)

    def _replace(self, worker: Worker) -> None:
        with self._guard:
            self._all.remove(worker)
        worker.close()
        self._enlist(self._start())


def main() -> None:
    """Take in what comes on the standard input, until it ends."""
    location, folder, since = json.loads(sys.stdin.readline())
    taker = Taker(open_store(location), Path(folder), int(since))
    sys.stdout.write(_READY.decode())
    sys.stdout.flush()
    for line in sys.stdin:
        answer: str | Taken
        try:
            answer = taker.take([(key, tag) for key, tag in json.loads(line)])
        except OSError as error:
            answer = f"{error.filename or folder}: {error.strerror or error}"
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
