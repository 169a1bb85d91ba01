"""The whole run: recording into a bucket, and those who count calls over all tests, in one process or in many.

With pytest-xdist every worker records and counts for itself; its results go to the controlling process when it ends,
and that one reports.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from bototrail.capture.capture import Capture
from bototrail.capture.later import Later
from bototrail.capture.scope import label_process
from bototrail.capture.seen import Seen
from bototrail.errors import BototrailError
from bototrail.recorder import watching
from bototrail.settings import bucket_location, switched_off
from bototrail.testing.calls import Call
from bototrail.testing.recorded import Recorded
from bototrail.testing.shown import counted
from bototrail.testing.snapshot import WRITTEN
from bototrail.testing.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

_OUTPUT = "bototrail"


class Consumer(Protocol):
    """Somebody who takes in every call of the run.

    Attributes:
        name: by which what one process collected finds its like in another.
    """

    name: str

    def add(self, test: str, phase: str, call: Call, /) -> None:
        """Take in one call.

        Args:
            test: the test's node id, empty for calls outside of tests.
            phase: `setup`, `call` or `teardown`, empty for calls outside of tests.
            call: the call. It is not kept longer than needed, and its arguments never leave the process.
        """

    def to_json(self) -> Any:
        """What was collected in this process, as JSON types."""

    def merge_json(self, found: Any) -> None:
        """Take in what another process collected."""

    def report(self, terminal: pytest.TerminalReporter) -> None:
        """Say or write down what came of it, at the end, in the process that reports."""


class Session:
    """One run of pytest, as a plug-in that is only registered when one of our options is used.

    Args:
        config: pytest's.

    Raises:
        pytest.UsageError: the bucket is none.
    """

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.consumers: list[Consumer] = consumers(config)
        bucket = _bucket(config)
        config.option.bototrail = bucket  # absolute, also for the workers, which may run in other directories
        wanted = bucket and not switched_off() and not config.option.collectonly
        self._recorded = Recorded(bucket) if wanted else None
        self._stack = ExitStack()
        self._calls: list[tuple[str, str, Call]] = []
        self._identities: Any = None
        self._now = ("", "")
        self._lost, self._untaken = 0, 0
        config.stash[WRITTEN] = []

    # ---- beginning and end
    def pytest_report_header(self) -> str | None:
        """Say that calls are recorded, and where."""
        if self._recorded is None:
            return "bototrail: switched off by BOTOTRAIL" if switched_off() else None
        return f"bototrail: recording into {self._recorded.bucket}"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Start recording and listening, unless it is others who run the tests."""
        controls = self._config.pluginmanager.hasplugin("dsession")
        if self._recorded is not None:
            try:
                self._recorded.check() if controls else self._recorded.start()
            except BototrailError as error:
                raise pytest.UsageError(f"--bototrail: {error}") from None
        if self.consumers and not controls:
            self._stack.enter_context(watching(self._begin))

    def _begin(self, capture: Capture) -> Session:
        self._identities = capture.identities
        return self

    def see(self, later: Later, seen: Seen) -> None:
        """Take in a call that has ended."""
        self._calls.append((*self._now, Call(later, seen, self._identities)))

    @pytest.hookimpl(wrapper=True)
    def pytest_sessionfinish(self) -> Generator[None]:
        """Deliver, and hand on what was collected."""
        self._stack.close()
        self._drain()
        label_process()
        if self._recorded is not None:
            self._recorded.stop()
        output = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[_OUTPUT] = self._to_json()
        return (yield)

    # ---- tests
    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """What is called between tests belongs to none."""
        try:
            return (yield)
        finally:
            self._enter("", "")
            self._drain()

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None]:
        """Fixtures begin."""
        self._enter(item.nodeid, "setup")
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """The test itself."""
        self._enter(item.nodeid, "call")
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> Generator[None]:
        """Fixtures end."""
        self._enter(item.nodeid, "teardown")
        return (yield)

    def _enter(self, test: str, phase: str) -> None:
        self._now = (test, phase)
        if self._recorded is not None:
            label_process(**{"test": test, "phase": phase} if test else {})

    def _drain(self) -> None:
        calls, self._calls = self._calls, []
        for each in calls:
            taken = [_taken(consumer, *each) for consumer in self.consumers]
            self._untaken += not all(taken)

    # ---- pytest-xdist
    def _to_json(self) -> dict[str, Any]:
        return {
            "consumers": {consumer.name: consumer.to_json() for consumer in self.consumers},
            "recorded": self._recorded.to_json() if self._recorded else None,
            "untaken": self._untaken,
            "written": self._config.stash[WRITTEN],
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take in what a worker collected; one that crashed hands nothing on."""
        found = getattr(node, "workeroutput", {}).get(_OUTPUT)
        if found is None:
            self._lost += 1
            return
        for consumer in self.consumers:
            consumer.merge_json(found["consumers"][consumer.name])
        if self._recorded is not None and found["recorded"]:
            self._recorded.merge_json(found["recorded"])
        self._untaken += found["untaken"]
        self._config.stash[WRITTEN] += found["written"]

    # ---- report
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what was collected and written."""
        for consumer in self.consumers:
            consumer.report(terminalreporter)
        for line in self._lines():
            terminalreporter.write_line(f"bototrail: {line}")

    def _lines(self) -> Iterable[str]:
        written = self._config.stash[WRITTEN]
        if self._config.option.bototrail_snapshot != "check":
            yield "\n  ".join((f"{counted(len(written), 'snapshot')} written", *sorted(written)))
        if self._lost:
            lost = "what they counted is lost, what they recorded waits for `bototrail flush` or the next run"
            yield f"{counted(self._lost, 'worker')} crashed; {lost}"
        if self._untaken:
            yield f"{counted(self._untaken, 'call')} could not be taken in, and may be missing from what is told above"
        if self._recorded is not None:
            yield from self._recorded.lines()


def _taken(consumer: Consumer, test: str, phase: str, call: Call) -> bool:
    """Whether a call could be taken in: one that is broken is not to end the run."""
    try:
        consumer.add(test, phase, call)
    except Exception:  # noqa: BLE001 whatever the program's objects have made of the record
        return False
    return True


def consumers(config: pytest.Config) -> list[Consumer]:
    """Those that the options of this run ask for."""
    found: list[Consumer] = []
    if config.option.bototrail_summary:
        found.append(Summary(everything=config.option.verbose > 0))
    if config.option.bototrail_policy:
        found.append(_permissions(config))
    return found


def _permissions(config: pytest.Config) -> Consumer:
    from bototrail.testing.permissions import Permissions

    path = Path(config.invocation_params.dir, Path(config.option.bototrail_policy).expanduser())
    config.option.bototrail_policy = str(path)
    if path.is_dir() or not path.parent.is_dir():
        found = "a folder" if path.is_dir() else f"no folder {path.parent}"
        raise pytest.UsageError(f"--bototrail-policy: expected a file that can be written; found {found} at {path}")
    try:
        return Permissions(path)
    except BototrailError as error:
        raise pytest.UsageError(f"--bototrail-policy: {error}") from None


def _bucket(config: pytest.Config) -> str:
    """The bucket as an absolute path or URL; empty when none is asked for."""
    option, ini = config.option.bototrail, config.getini("bototrail")
    base = config.invocation_params.dir if option else config.rootpath
    text = option or ini
    if not text:
        return ""
    try:
        return bucket_location(text if "://" in text else Path(base, Path(text).expanduser()))
    except BototrailError as error:
        raise pytest.UsageError(f"--bototrail: {error}") from None
