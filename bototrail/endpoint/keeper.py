"""Keeping the events of one bucket up to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bototrail.clock import monotonic
from bototrail.endpoint.folders import are_as_before, folder_times
from bototrail.errors import BototrailError, ConfigError
from bototrail.history.history import History
from bototrail.history.updating import Progress, Updated

if TYPE_CHECKING:
    from bototrail.endpoint.library import Place

# Seconds between looks that nobody asks for. To look at the spool, and whether a folder has changed, costs next to
# nothing; at a whole bucket it is to read all names, and of a bucket elsewhere every request has its price.
_FOLDER_SECONDS: Final = 1.0
_URL_SECONDS: Final = 5.0
_WHOLE_SECONDS: Final = 30.0  # at a folder that does not seem to have changed: a file may have been written anew
_LEAST_SECONDS: Final = 1.0  # between looks at a whole bucket elsewhere, whoever asks
_QUICK: Final = 0.5  # seconds that a look at a whole folder may take to be taken for everybody who asks
_SHARE: Final = 10  # looks at whole buckets are so many times their own time apart, when nobody asks
_TIDY_SECONDS: Final = 10.0  # between merges, and after the last lookup
_LATEST_TIDY: Final = 60.0  # between merges, when lookups do not cease
_NAMED: Final = 20  # skipped files that are logged by name, of one look
_SAID: Final = 100  # failures that are logged; more are of a kind that does not cease
_log: Final = logging.getLogger("bototrail.endpoint")


class Keeper:
    """Keeps the index of one bucket up to date, in a thread, until `end`.

    Args:
        place: the bucket; its folder may not be there yet.
        days: how far back.
        state: the state directory of recorders on this machine, None to leave out what waits there.
        cache: the cache directory, None for the default one.

    Attributes:
        location: folder or URL, without options.
        history: the events; None as long as the bucket cannot be opened.
        is_read: whether it was read once to the end.
        progress: of the look that is being taken, if there is anything new.
        totals: log files and events that are known.
        problems: files that were skipped, whole or partly, by folder or URL and key, and why.
        failure: why the last look failed; None when it did not, or when there is no such folder yet.
    """

    def __init__(self, place: Place, days: int, state: Path | None, cache: Path | None) -> None:
        self.location = place.location
        self.history: History | None = None
        self.is_read = False
        self.progress: Progress | None = None
        self.totals = (0, 0)
        self.problems: tuple[tuple[str, str], ...] = ()
        self.failure: Exception | None = None
        self._place, self._is_near = place, "://" not in place.address
        self._open = partial(History, place.address, days=days, state=state, cache=cache)
        self._said: set[str] = set()
        self._stop = threading.Event()
        self._changed = threading.Condition()
        # Times: a lookup asked last; the last look began; the last one that came to its end began; the last merge.
        self._asked = self._began = self._done = self._tidied = -1e9
        self._whole = -1e9  # when the last look at the whole bucket began
        self._times: dict[str, int] | None = None  # of its folders, before that
        self._cost = 0.0  # seconds that the last look at the whole bucket took which found nothing new
        self._thread = threading.Thread(target=self._run, name="bototrail-history", daemon=True)
        self._thread.start()

    # ---- for those who look up
    @property
    def has_any(self) -> bool:
        """Whether there is anything to look up in: it was read once, or is known from before."""
        return self.is_read or any(self.totals)

    def ask(self) -> None:
        """Have a look taken soon."""
        with self._changed:
            self._asked = monotonic()
            self._changed.notify_all()

    def wait(self, until: float, seconds: float) -> None:
        """Wait for it; not for one that has been going on for so many seconds, such as the first at a large bucket."""
        with self._changed:
            asked = self._asked
            if self._began > self._done:
                until = min(until, self._began + seconds)
            self._changed.wait_for(lambda: self._stop.is_set() or self._done >= asked, max(0, until - monotonic()))

    def end(self) -> None:
        """Tell the thread to end."""
        self._stop.set()
        with self._changed:
            self._changed.notify_all()

    def close(self, seconds: float) -> bool:
        """Wait for the end, and give everything back; gives whether the thread has ended.

        One that hangs at a network ends some time, and finds nothing there then.
        """
        self._thread.join(max(0, seconds))
        if self.history is not None:
            self.history.close()
        return not self._thread.is_alive()

    # ---- the thread
    def _run(self) -> None:
        while not self._stop.is_set():
            began = monotonic()
            with self._changed:
                self._began = began
            self._goes_well(self._look)
            self.progress = None
            with self._changed:
                self._done = began
                self._changed.notify_all()
            self._tidy()
            self._rest()

    def _rest(self) -> None:
        """Wait for the next look: not at all when it was asked for."""
        is_near = self._is_near and not self.failure
        until = monotonic() + (_FOLDER_SECONDS if is_near else max(_URL_SECONDS, _SHARE * self._cost))
        with self._changed:
            while not self._stop.is_set() and self._asked <= self._began and (left := until - monotonic()) > 0:
                self._changed.wait(left)

    def _goes_well(self, do: Callable[[], object]) -> bool:
        """Whether something can be done; if not, the next time may be better, and lookups go on with what is there."""
        try:
            do()
        except Exception as error:  # noqa: BLE001 see above
            self.failure, what = error, f"{type(error).__name__}: {error}"
            if what not in self._said and len(self._said) < _SAID and not self._stop.is_set():
                self._said.add(what)
                known = isinstance(error, BototrailError)
                shown = error if known else what
                _log.warning("%s: its events are not up to date: %s", self.location, shown, exc_info=not known)
            return False
        return True

    def _look(self) -> None:
        history, began = self._opened(), monotonic()
        if history is None:
            self.is_read, self.failure = True, None
        elif self._is_due(history, began):
            self._whole, self._times = began, None
            times = folder_times(Path(self._place.address)) if self._is_near else None
            self.totals = history.totals()
            done = history.refresh(partial(self._report, history), self._stop)
            self._note(history, done)
            self._times = None if done.busy or self._stop.is_set() else times
            self._cost = self._cost if done.files else monotonic() - began
            self.failure = None
        else:
            history.refresh(delivered=False)

    def _is_due(self, history: History, now: float) -> bool:
        """Whether the whole bucket is to be looked at, and not the spool alone."""
        since = now - self._whole
        least = 0.0 if self._is_near else _LEAST_SECONDS
        if since < (least if self._cost < _QUICK else max(least, 2 * self._cost)):
            return False
        if since >= max(_WHOLE_SECONDS if self._is_near else _URL_SECONDS, _SHARE * self._cost):
            return True
        if history.totals()[0] < self.totals[0]:  # somebody threw the index away
            return True
        if self._is_near:
            return self._times is None or not are_as_before(self._times)
        return self._asked > self._whole

    def _opened(self) -> History | None:
        if self.history is None:
            try:
                _ = self._place.store
            except ConfigError:  # its folder is not there before the first delivery
                return None
            self.history = self._open()
        return self.history

    def _report(self, history: History, progress: Progress) -> None:
        self.progress, self.totals = progress, history.totals()

    def _note(self, history: History, done: Updated) -> None:
        folder, before = self.location.rstrip("/"), self.totals
        self.totals = history.totals()
        if done.problems or not self.is_read or self.totals != before:
            self.problems = tuple((f"{folder}/{key}", why) for key, why in history.problems())
        for key, why in done.problems[:_NAMED]:
            _log.warning("%s/%s: %s", folder, key, why)
        if len(done.problems) > _NAMED:
            _log.warning("%s: %d more log files of this kind", folder, len(done.problems) - _NAMED)
        self.is_read = self.is_read or not (self._stop.is_set() or done.busy)

    def _tidy(self) -> None:
        """Merge parts of the index when there is time, and now and then when there is none."""
        now = monotonic()
        if self.history is None or now - self._tidied < _TIDY_SECONDS or self._stop.is_set():
            return
        if now - self._asked < _TIDY_SECONDS and now - self._tidied < _LATEST_TIDY:
            return
        self._tidied = now
        self._goes_well(self.history.tidy)
