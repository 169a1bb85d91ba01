"""Couriers at work, side by side: one that hangs is left under way, and the others go on."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from typing import Final

from bototrail.clock import monotonic
from bototrail.deliver.courier import Courier, Job
from bototrail.deliver.destination import Report
from bototrail.deliver.parcel import Parcel

HANG_SECONDS: Final = 1.0
"""How long a round that nobody waits for waits for couriers; who takes longer goes on beside the next rounds."""


class Run:
    """A courier at work.

    Args:
        courier: the courier.
        parcels: what it carries.
    """

    def __init__(self, courier: Courier, parcels: list[Parcel]) -> None:
        self.courier, self.parcels = courier, parcels
        self.report = Report()
        self.done = threading.Event()


class Crew:
    """The couriers that are at work.

    Args:
        ended: called with the report of each run that has ended, in its thread.
    """

    def __init__(self, ended: Callable[[Report], None]) -> None:
        self._ended = ended
        self._runs: list[Run] = []

    def send(self, loads: Mapping[Courier, list[Parcel]], job: Job) -> None:
        """Send couriers off; one that is under way still goes when it is back.

        When the interpreter ends there are no threads to be had: then one after the other, the safest first.
        """
        order = sorted(loads, key=lambda courier: courier.risk)
        runs, alone = [Run(courier, loads[courier]) for courier in order], len(order) == 1 and not self._runs
        self._runs += runs
        here = runs if alone else []
        for run in () if alone else runs:
            thread = threading.Thread(target=self._work, args=(run, job), name="bototrail-courier", daemon=True)
            try:
                thread.start()
            except RuntimeError:
                here.append(run)
        for run in here:
            self._work(run, job)

    def _work(self, run: Run, job: Job) -> None:
        try:
            run.courier.deliver(run.parcels, run.report, job)
            self._ended(run.report)  # at once: the program may end while another courier hangs
        finally:
            run.done.set()

    def gather(self, report: Report, until: float = -math.inf) -> None:
        """Wait for those under way, and take what has come of those that are back into `report`.

        Args:
            report: of the round.
            until: when to wait no longer, on the clock of `monotonic`.
        """
        for run in self._runs:
            run.done.wait(None if until == math.inf else max(0.0, until - monotonic()))
        back = [run for run in self._runs if run.done.is_set()]
        self._runs = [run for run in self._runs if run not in back]
        for run in back:
            report.take(run.report)
        report.under_way = len(self._runs)

    def runs(self, courier: Courier) -> int:
        """How many runs of a courier are under way, or wait for the one that is."""
        return sum(run.courier is courier for run in self._runs)

    def carried(self) -> list[Parcel]:
        """What is under way."""
        return [parcel for run in self._runs for parcel in run.parcels]
