"""What records: capture, spool and delivery of some trails, put together."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable, Sequence

from bototrail.capture.capture import Capture
from bototrail.clock import now
from bototrail.deliver.delivery import Delivery
from bototrail.deliver.destination import Report
from bototrail.deliver.totals import add_totals, note_logging, without
from bototrail.deliver.worker import Worker
from bototrail.integrity.background import Digests
from bototrail.settings import Settings
from bototrail.spool import Spool
from bototrail.trails import Trail
from bototrail.trails.selectors import Selection
from bototrail.trails.watch import TrailsSource

logger = logging.getLogger("bototrail")


class Recorder:
    """The recorder of some trails.

    Args:
        settings: what was set.
        source: where the trails come from.
        capture: the process's capture.
        check: what the background thread does first of all.

    Attributes:
        select: how the capture is told of other trails.
    """

    def __init__(
        self, settings: Settings, source: TrailsSource, capture: Capture, check: Callable[[], None] | None
    ) -> None:
        self.settings, self.source, self.capture = settings, source, capture
        self.spool = Spool(settings, source.trails, self._opened)
        delivery = Delivery(settings.state, capture.identities, settings.spool_days, spool_bytes=settings.spool_bytes)
        digests = Digests(settings, lambda: delivery.ledger, lambda: self.spool.trails, self.trouble)
        self.worker = Worker(
            self.spool,
            delivery,
            capture.asker,
            self.trouble,
            check=check,
            refresh=self._refresh,
            afterwards=digests,
        )
        self.select: Callable[[Selection], None] = capture.select
        self._began: float | None = now()  # None when that has been written down
        capture.offline = settings.identity == "offline"
        capture.source_ip = settings.source_ip
        capture.wake = self.worker.wake
        capture.on_learned = self.spool.note
        capture.trouble = self.trouble

    def _opened(self) -> None:
        if not self.worker.started:
            self.worker.start()

    def begin(self) -> None:
        """Record from now on."""
        self.capture.record(self.spool.append, Selection(self.spool.trails), self.settings.presigned)
        self._listen()

    def _listen(self) -> None:
        """Look at the trails file from now on if nothing may ever be spooled: that is what starts the thread else."""
        if not all(trail.IsLogging for trail in self.spool.trails) or not self.spool.trails:
            self.worker.start()

    def _refresh(self) -> None:
        """Take in what has changed in the trails file; one that is broken changes nothing, and is told."""
        began, self._began = self._began, None
        if began is not None:
            self._note("StartLoggingTime", began, self.spool.trails)
        try:
            self.source.changed()
            if self.source.trails is not self.spool.trails:  # also when the last try could not be written down
                self._use(self.source.trails)
        except Exception as error:  # noqa: BLE001 the trails that there are go on
            text, said = f"goes on with the trails it has: {error}", self.spool.last_error.get("trails")
            self.trouble("trails", text)
            if said not in (None, text):  # another fault than the last time
                logger.warning("bototrail: trails: %s", text)

    def _use(self, trails: Sequence[Trail]) -> None:
        selection, before = Selection(trails), self.spool.trails
        self.spool.use(trails)
        self.select(selection)
        self._note("StopLoggingTime", now(), without(_logging(before), _logging(trails)))
        self._note("StartLoggingTime", now(), without(_logging(trails), _logging(before)))

    def _note(self, field: str, seconds: float, trails: Sequence[Trail]) -> None:
        with contextlib.suppress(OSError):
            note_logging(self.settings.state, _logging(trails), field, seconds)

    def trouble(self, kind: str, error: BaseException | str) -> None:
        """Count what went wrong inside; never raises."""
        with contextlib.suppress(Exception):
            text = error if isinstance(error, str) else f"{type(error).__name__}: {error}"
            self.spool.trouble(kind, text)

    def close(self, timeout: float) -> Report | None:
        """Deliver what can be delivered in `timeout` seconds; the rest waits in the spool."""
        report = self.worker.stop(timeout)
        dropped, self.spool.counts["dropped"] = self.spool.counts["dropped"], 0
        if dropped:
            self.spool.save_counters()  # else who adopts what is left would count them again
            with contextlib.suppress(OSError):
                add_totals(self.settings.state, dropped=dropped)
        if self._began is None:
            self._note("StopLoggingTime", now(), self.spool.trails)
        try:
            if report is None or report.under_way:
                self.spool.seal()  # the thread still delivers, and gives the folder up when it ends
            else:
                self.spool.close()
        finally:
            self.worker.closed()
        return report

    def after_fork_in_child(self) -> None:
        """A forked child has its own spool, thread and questions."""
        self.spool.after_fork_in_child()
        self.capture.after_fork_in_child()
        self.worker.after_fork_in_child()
        self._listen()


def _logging(trails: Sequence[Trail]) -> list[Trail]:
    return [trail for trail in trails if trail.IsLogging]
