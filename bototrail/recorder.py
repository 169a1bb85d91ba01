"""The recorder of this process: starts and stops it, and answers what it did. What `import bototrail` shows is here."""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Protocol, TypeVar

from bototrail.capture.capture import Capture
from bototrail.capture.later import Later
from bototrail.capture.scope import paused
from bototrail.capture.seen import Seen
from bototrail.deliver.destination import Report
from bototrail.deliver.to_bucket import ToBucket
from bototrail.deliver.totals import trail_status
from bototrail.engine import Recorder
from bototrail.errors import BototrailError, ConfigError
from bototrail.integrity.background import check_digests
from bototrail.record.identity import Identities
from bototrail.results import Flushed, Recording
from bototrail.settings import Settings, load, switched_off
from bototrail.spool.folder import after_fork_in_child as folder_after_fork
from bototrail.spool.folder import check_state, waiting_bytes
from bototrail.trails.selectors import Selection
from bototrail.trails.watch import TrailsSource, trails_of

logger = logging.getLogger("bototrail")


class Watcher(Protocol):
    """Somebody who watches calls."""

    def see(self, later: Later, seen: Seen) -> None:
        """Take in a call that has ended. `later` may be kept, `seen` may not."""


_W = TypeVar("_W", bound=Watcher)

_lock = threading.RLock()
_capture: Capture | None = None
_listeners = 0
_recorder: Recorder | None = None
_at_fork_registered = False


def _swallow(_kind: str, _error: BaseException) -> None:
    logger.debug("bototrail: %s: %s", _kind, _error)


def _shared_capture() -> Capture:
    global _capture, _listeners
    if _capture is None:
        _capture = Capture(Identities(), _swallow)
        _capture.offline = os.environ.get("BOTOTRAIL_IDENTITY") == "offline"
    _listeners += 1
    return _capture


def _release_capture() -> None:
    global _capture, _listeners
    _listeners -= 1
    if _listeners == 0:
        _capture = None


def start(
    bucket: str | os.PathLike[str] | None = None,
    *,
    trails: str | os.PathLike[str] | None = None,
    check_bucket: bool = True,
    **options: Any,
) -> None:
    """Record the calls of this process from now on: all of them into `bucket`, or as the trails file says.

    Starting a second time changes nothing. With `BOTOTRAIL=off` in the environment nothing happens at all.

    Args:
        bucket: a folder, or an URL such as `s3://bucket/prefix`; `$BOTOTRAIL` when it is left out.
        trails: a trails file (docs/trails.md) instead; `$BOTOTRAIL_TRAILS`. While the program runs, each delivery
            looks whether it has changed.
        check_bucket: see first whether the buckets can be written.
        **options: the other fields of `bototrail.settings.Settings`.

    Raises:
        ConfigError: a setting or the trails file cannot be used, a bucket is not there or cannot be written.
        MissingExtraError: the bucket's scheme, or log file validation, needs a package that is not installed.
    """
    if switched_off():
        return
    settings = load(bucket, trails=trails, **options)
    with _lock:
        if _recorder is not None:
            old, new = (s.trails or s.bucket for s in (_recorder.settings, settings))
            if old != new:
                logger.warning("bototrail: goes on recording into %s, not into %s", old, new)
            return
        with paused():
            source = trails_of(settings)
            for bucket_of_trail in map(ToBucket, source.trails):
                assert bucket_of_trail.bucket is not None  # opened: an extra may be missing
                if check_bucket and bucket_of_trail.trail.IsLogging:
                    bucket_of_trail.check()
            if check_bucket:
                check_state(settings.state)
            check_digests(settings, source.trails)
        _begin(settings, source, None)


def _begin(settings: Settings, source: TrailsSource, check: Callable[[], None] | None) -> None:
    global _recorder, _at_fork_registered
    for note in source.notes:
        logger.warning("bototrail: %s", note)
    _recorder = Recorder(settings, source, _shared_capture(), check)
    _recorder.select = partial(_select, _recorder)
    _recorder.begin()
    atexit.register(_at_exit)
    if not _at_fork_registered:
        os.register_at_fork(after_in_child=_after_fork_in_child)
        _at_fork_registered = True


def _select(recorder: Recorder, selection: Selection) -> None:
    """Have other trails, unless the recorder has been stopped meanwhile."""
    with _lock:
        if _recorder is recorder:
            recorder.capture.select(selection)


def stop(timeout: float | None = None) -> Flushed:
    """Stop recording, leave every client as it was, and deliver what was recorded.

    Args:
        timeout: seconds that delivery may take; `exit_seconds` when left out. What is not delivered by then waits in
            the spool for the next process or for `bototrail flush`.
    """
    global _recorder
    with _lock:
        recorder, _recorder = _recorder, None
        if recorder is None:
            return Flushed()
        recorder.capture.stop_recording()
        recorder.capture.on_learned = None
        _release_capture()
        atexit.unregister(_at_exit)
    return _flushed(recorder.close(recorder.settings.exit_seconds if timeout is None else timeout))


def flush(timeout: float = 30) -> Flushed:
    """Deliver everything recorded so far.

    Args:
        timeout: seconds to wait for it; delivery goes on in the background after that.
    """
    recorder = _recorder
    return Flushed() if recorder is None else _flushed(recorder.worker.flush(timeout))


def status() -> dict[str, Any]:
    """Counters of this process and what waits in its state directory.

    Returns:
        `recording` (bool), and while recording: `bucket`, `state`, `recorded`, `delivered`, `dropped`, `torn`,
        `in_memory` (records), `waiting_bytes`, `errors` (count by kind), `last_error` (text by kind), and `trails`: for
        each trail what CloudTrail's GetTrailStatus would say.
    """
    recorder = _recorder
    if recorder is None:
        return {"recording": False}
    spool = recorder.spool
    return {
        "recording": True,
        "bucket": ", ".join(t.bucket.partition("?")[0] for t in spool.trails),
        "state": str(recorder.settings.state),
        **spool.counts,
        "in_memory": len(spool.memory) + recorder.worker.in_memory,
        "waiting_bytes": waiting_bytes(recorder.settings.state),
        "errors": dict(spool.errors),
        "last_error": dict(spool.last_error),
        "trails": [trail_status(recorder.settings.state, trail, logging=trail.IsLogging) for trail in spool.trails],
    }


@contextlib.contextmanager
def recording() -> Iterator[Recording]:
    """Keep the records of all calls made inside, by any thread, in memory; no files.

    Yields:
        A `Recording` whose `records` are the CloudTrail records as dicts.
    """
    with _listening() as capture:
        trail = Recording(capture)
        sink = trail._take
        with _lock:
            if not switched_off():
                capture.add(sink)
        try:
            yield trail
        finally:
            with _lock:
                capture.remove(sink)


@contextlib.contextmanager
def watching(make: Callable[[Capture], _W]) -> Iterator[_W]:
    """Have every call made inside, by any thread, watched: for those who want to know more of it than its record.

    Args:
        make: makes the watcher; given the process's capture.

    Yields:
        The watcher, whose `see(later, seen)` is called with the end of each call, in the thread that made it.
    """
    with _listening() as capture:
        watcher = make(capture)
        see = watcher.see
        with _lock:
            if not switched_off():
                capture.watch(see)
        try:
            yield watcher
        finally:
            with _lock:
                capture.unwatch(see)


@contextlib.contextmanager
def _listening() -> Iterator[Capture]:
    """The process's capture, which is there as long as somebody listens."""
    with _lock:
        capture = _shared_capture()
    try:
        yield capture
    finally:
        with _lock:
            _release_capture()


def _flushed(report: Report | None) -> Flushed:
    if report is None:
        return Flushed(errors=("delivery takes longer than the timeout and goes on",), complete=False)
    files = tuple(f.location for f in report.files)
    return Flushed(files, report.records, tuple(report.errors), not report.errors and not report.waiting)


def _at_exit() -> None:
    recorder = _recorder
    if recorder is not None:
        with contextlib.suppress(Exception):
            recorder.close(recorder.settings.exit_seconds)


def _after_fork_in_child() -> None:
    global _lock
    _lock = threading.RLock()
    folder_after_fork()
    if _recorder is not None:
        _recorder.after_fork_in_child()


def attach(client: Any) -> None:
    """Hook a client of a session that botocore's plug-in mechanism hands over."""
    if _recorder is not None:
        _recorder.capture.attach(client)


def start_from_environment() -> None:
    """Start as the environment says; what is wrong there is said once on stderr, and the program runs on.

    A bucket that is not a folder is looked at in the background, so that the program does not wait for a network.
    """
    if switched_off() or not (os.environ.get("BOTOTRAIL") or os.environ.get("BOTOTRAIL_TRAILS")):
        return
    try:
        settings = load()
        source = trails_of(settings)
        buckets = [ToBucket(trail) for trail in source.trails if trail.IsLogging]
        for bucket in buckets:
            if "://" not in bucket.place:
                bucket.check()
        remote = [bucket for bucket in buckets if "://" in bucket.place and bucket.bucket]
        with _lock:
            if _recorder is None:
                _begin(settings, source, partial(_check_later, remote) if remote else None)
    except Exception as error:  # noqa: BLE001 the wall
        text = error if isinstance(error, BototrailError) else f"{type(error).__name__}: {error}"
        _complain(f"not recording: {text}")


def _complain(text: str) -> None:
    with contextlib.suppress(Exception):  # stderr may be None, closed, or full
        sys.stderr.write(f"bototrail: {text}\n")


def _check_later(buckets: list[ToBucket]) -> None:
    for bucket in buckets:
        try:
            bucket.check()
        except ConfigError as error:  # noqa: PERF203 each of them may be out of order
            _complain(f"records wait in the spool: {error}")
            if (recorder := _recorder) is not None:
                recorder.spool.errors.setdefault("deliver", 0)  # it has been said: failures are only counted now
