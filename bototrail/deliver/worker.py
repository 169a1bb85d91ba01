"""The background thread of a recording process: asks who callers are, and delivers every so often."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import NamedTuple, Protocol

from bototrail.capture.ask import Asker
from bototrail.capture.scope import paused
from bototrail.clock import monotonic
from bototrail.deliver.courier import Job
from bototrail.deliver.crew import HANG_SECONDS
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.destination import Report
from bototrail.deliver.parcel import Parcel
from bototrail.deliver.totals import trails_in
from bototrail.spool import Spool, folders

CHECK_SECONDS = 1.0
"""The longest that deliveries wait for the check, which may hang in one of several buckets."""

ASK_SECONDS = 2.5
"""The longest that a delivery waits for STS, which may be out of reach when the bucket is not."""


class Request(NamedTuple):
    """Somebody waits for a delivery.

    Attributes:
        done: set when there is an answer.
        answer: the report of the delivery.
        until: when to wait for no destination any longer.
    """

    done: threading.Event
    answer: list[Report]
    until: float


class Afterwards(Protocol):
    """What there may be to do after a round of delivery, and takes its time."""

    def due(self) -> bool:
        """Whether there is something to do now."""

    def make(self) -> None:
        """Do it; never raises."""


class Worker:
    """One thread, started with the first record; a forked child starts its own.

    Args:
        spool: this process's spool.
        delivery: where sealed segments go.
        asker: who asks for callers.
        trouble: told of what went wrong.
        check: done first of all, if there is something to check.
        refresh: done before each delivery: takes in changes of the trails file.
        afterwards: done after a delivery, beside the next ones.
    """

    def __init__(
        self,
        spool: Spool,
        delivery: Delivery,
        asker: Asker,
        trouble: Callable[[str, BaseException | str], None],
        *,
        check: Callable[[], None] | None = None,
        refresh: Callable[[], None] = lambda: None,
        afterwards: Afterwards | None = None,
    ) -> None:
        self._spool, self._delivery, self._asker, self._trouble = spool, delivery, asker, trouble
        self._check, self._refresh, self._afterwards = check, refresh, afterwards
        self._pause = spool.settings.flush_seconds
        self.after_fork_in_child()

    def after_fork_in_child(self) -> None:
        """The parent's thread is not here."""
        self.started = False
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._closed = threading.Event()
        self._starting = threading.RLock()  # re-entrant: a signal handler may call stop() while we start
        self._thread: threading.Thread | None = None
        self._asking: threading.Thread | None = None
        self._quiet = threading.Event()  # cleared while something is done afterwards
        self._quiet.set()
        self._batches: list[Parcel] = []
        self._requests: deque[Request] = deque()
        self._delivery.after_fork_in_child()

    def start(self) -> bool:
        """Start the thread; when the interpreter ends none can be, and the spool waits for the next process."""
        with self._starting:
            if not self.started:
                self.started = True
                thread = threading.Thread(target=self._run, name="bototrail", daemon=True)
                try:
                    thread.start()
                except RuntimeError:
                    self.started = False  # no thread to be had now: tried again with the next segment
                    return False
                self._thread = thread
            return self._thread is not None

    def wake(self) -> None:
        """There is a caller to ask for."""
        self._wake.set()

    def flush(self, timeout: float) -> Report | None:
        """Have everything delivered now; None when it takes longer than `timeout` seconds (it then goes on)."""
        self.start()  # also without a record of our own: a network may hang, and no caller waits longer than `timeout`
        if self._thread is None or not self._thread.is_alive() or self._thread is threading.current_thread():
            return self.deliver()
        request = Request(threading.Event(), [], monotonic() + 0.9 * timeout)  # the rest is for what comes after it
        self._requests.append(request)
        self._wake.set()
        return request.answer[0] if request.done.wait(timeout) and request.answer else None

    def stop(self, timeout: float) -> Report | None:
        """Deliver what can be in `timeout` seconds, and end the thread.

        When it takes longer the thread goes on, and keeps the spool's folder until then: nobody else delivers it.
        Without a thread (none can be started while the interpreter ends) nothing bounds what a network takes.
        """
        until = monotonic() + timeout
        something = self.started or folders(self._spool.settings.state)
        report = self.flush(timeout) if something and (self.start() or not self._goes_out()) else Report()
        self._quiet.wait(max(0.0, until - monotonic()))  # programs that end before the hour does would never come to it
        self._stop.set()
        self._wake.set()
        return report

    def closed(self) -> None:
        """The spool's counters are saved: the thread may give its folder up when it ends."""
        self._closed.set()

    def _goes_out(self) -> bool:
        """Whether a delivery goes over a network: ours, or that of a folder that we would adopt."""
        left = [trail for path in folders(self._spool.settings.state) for trail in trails_in(path)]
        return any(trail.goes_out for trail in (*self._spool.all_trails, *left))

    def _run(self) -> None:
        with paused():
            self._check_first()
            due = monotonic() + self._pause
            while not self._stop.is_set():
                self._wake.wait(max(0.05, due - monotonic()))
                self._wake.clear()
                self._ask(0)
                requests = [self._requests.popleft() for _ in range(len(self._requests))]
                if requests or monotonic() >= due:
                    until = max((r.until for r in requests), default=monotonic() + HANG_SECONDS)
                    report = self._deliver_safely(self._delivery.job(self._stop, patient=not requests, until=until))
                    due = monotonic() + self._next_pause()
                    to_do = self._take_up()
                    for request in requests:
                        request.answer.append(report)
                        request.done.set()
                    if to_do and self._beside("bototrail-digests", self._do_afterwards) is None:
                        self._do_afterwards()
            self._closed.wait()
            with contextlib.suppress(OSError):
                self._delivery.finish()
                self._spool.close()

    def _take_up(self) -> bool:
        """Whether there is something to do now that is not being done."""
        if self._afterwards is None or not self._quiet.is_set() or not self._afterwards.due():
            return False
        self._quiet.clear()
        return True

    def _do_afterwards(self) -> None:
        try:
            if self._afterwards is not None:
                self._afterwards.make()
        finally:
            self._quiet.set()

    def _check_first(self) -> None:
        check, self._check = self._check, None
        if check is not None and (checking := self._beside("bototrail-check", partial(self._check_safely, check))):
            checking.join(CHECK_SECONDS)  # what it finds wrong is better said than that delivery fails

    def _check_safely(self, check: Callable[[], None]) -> None:
        try:
            with paused():
                check()
        except Exception as error:  # noqa: BLE001 whatever goes wrong, delivery will tell
            self._trouble("check", error)

    @staticmethod
    def _beside(name: str, work: Callable[[], None]) -> threading.Thread | None:
        """Something done in a thread of its own; None when there is none to be had."""
        thread = threading.Thread(target=work, name=name, daemon=True)
        try:
            thread.start()
        except RuntimeError:  # the interpreter ends
            return None
        return thread

    def _next_pause(self) -> float:
        """Seconds to the next round: what failed is tried again sooner, and later when it goes on failing."""
        rests = self._delivery.rests(self._spool.trails)
        failed = [rest for rest in rests if rest]
        if not failed:
            return self._pause
        return min(failed) if len(failed) == len(rests) else min(self._pause, *failed)

    def _ask(self, patience: float) -> None:
        """Ask in a thread of its own, and wait `patience` seconds for it."""
        asking = self._asking
        if asking is None or not asking.is_alive():
            if not self._asker.waiting:
                return
            asking = self._beside("bototrail-ask", self._ask_all)
            if asking is None:
                return  # they stay unknown
            self._asking = asking
        asking.join(patience)

    def _ask_all(self) -> None:
        for failure in self._asker.ask():
            self._trouble("identity", failure)

    def _deliver_safely(self, job: Job) -> Report:
        try:
            return self.deliver(job)
        except Exception as error:  # noqa: BLE001 the thread must live on; the spool waits
            self._trouble("deliver", error)
            return Report(errors=[str(error)])

    def deliver(self, job: Job | None = None) -> Report:
        """One round, in this thread.

        Args:
            job: how; until all is done when it is left out.
        """
        job = job or self._delivery.job(self._stop)
        with paused():
            self._refresh()
            self._ask(ASK_SECONDS)
            memory = self._from_memory(job)
            self._spool.seal()
            report = self._delivery.round(self._spool.folder, job)
            report.files[:0], report.errors[:0] = memory.files, memory.errors
            report.waiting += memory.waiting
            self._spool.counts["delivered"] += report.records
            self._spool.counts["torn"] += report.torn
            for error in report.errors:
                self._trouble("deliver", error)
            self._spool.save_counters()
        return report

    @property
    def in_memory(self) -> int:
        """Entries that the disk refused, and that are on their way."""
        return sum(parcel.entries for parcel in list(self._batches))

    def _from_memory(self, job: Job) -> Report:
        """What the disk refused goes straight to where it goes, under names that stay the same until it is there.

        What waits for one destination holds up none of the others, so a batch may be followed by the next ones.
        """
        room = self._spool.settings.memory_bytes
        if sum(parcel.size for parcel in self._batches) <= room and (entries := self._spool.take_memory()):
            self._batches.append(Parcel(entries))
        if not self._batches:
            return Report()
        return self._delivery.batches(self._batches, self._spool.all_trails, job, room)
