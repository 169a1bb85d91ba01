"""Work in threads whose results come in the order of the work.

concurrent.futures would do, but takes as long for a small log file as hashing it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, Generic, TypeVar

_Result_co = TypeVar("_Result_co", covariant=True)
_Item = TypeVar("_Item")


class Job(Generic[_Result_co]):
    """Something to do.

    Args:
        work: does it, and gives its result.
    """

    __slots__ = ("_done", "_error", "_result", "_work")

    def __init__(self, work: Callable[[], _Result_co]) -> None:
        self._work = work
        self._error: BaseException | None = None
        self._result: _Result_co
        self._done = threading.Lock()
        self._done.acquire()

    def run(self) -> None:
        """Do it, once."""
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 it is raised where the result is wanted
            self._error = error
        self._done.release()

    def result(self) -> _Result_co:
        """Wait until it is done.

        Raises:
            BaseException: what it raised.
        """
        with self._done:
            if self._error is not None:
                raise self._error
            return self._result


class Pool:
    """Some threads.

    Args:
        threads: how many.
    """

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._jobs: SimpleQueue[Job[Any] | None] = SimpleQueue()
        self._running = [threading.Thread(target=self._run, daemon=True) for _ in range(threads)]
        for thread in self._running:
            thread.start()

    def running(self) -> list[threading.Thread]:
        """Its threads that have not ended."""
        return [thread for thread in self._running if thread.is_alive()]

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()

    def ordered(self, items: Iterable[_Item | Job[_Item]], ahead: int) -> Iterator[_Item]:
        """The results of jobs among `items`, and all else as it is, in their order.

        Args:
            items: what to do; asked for more only as far ahead as said.
            ahead: how many may be under way.

        Raises:
            BaseException: what a job raised, in its place.
        """
        waiting: deque[_Item | Job[_Item]] = deque()
        source = iter(items)
        more = True
        while True:
            while more and len(waiting) < ahead:
                try:
                    item = next(source)
                except StopIteration:
                    more = False
                    break
                if isinstance(item, Job):
                    self._jobs.put(item)
                waiting.append(item)
            if not waiting:
                return
            first = waiting.popleft()
            yield first.result() if isinstance(first, Job) else first

    def close(self) -> None:
        """Let the threads end; what has not begun is not done."""
        with contextlib.suppress(Empty):
            while True:
                self._jobs.get_nowait()
        for _ in range(self.threads):
            self._jobs.put(None)
