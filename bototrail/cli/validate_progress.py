"""How far a validation is, on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Final, TextIO

from bototrail.clock import event_time, monotonic
from bototrail.integrity.summary import Summary
from bototrail.integrity.verdicts import INVALID, LOG, Verdict

_AFTER: Final = 0.5
_EVERY: Final = 0.1
_WIDTH: Final = 24
_CLEAR: Final = "\r\x1b[K"


class Progress:
    """A line on stderr, if that is a terminal and it takes longer: a bar of the chain's time, and counts.

    It is no more than a line, so that results can be printed to the same terminal meanwhile.

    Args:
        out: where it is drawn.
        end: until when digest files are expected, seconds since 1970.
    """

    def __init__(self, out: TextIO, end: float) -> None:
        self._out, self._end = out, end
        self._on = out.isatty()
        self._next = monotonic() + _AFTER
        self._drawn = False
        self._began: tuple[object, float] = (None, 0.0)
        self._share, self._at = 0.0, ""

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def clear(self) -> None:
        """Take it away, because something else is to be printed."""
        if self._drawn:
            self._out.write(_CLEAR)
            self._out.flush()
            self._drawn = False

    def show(self, verdict: Verdict, summary: Summary) -> None:
        """Draw it anew, but not too often.

        Args:
            verdict: the latest one.
            summary: of all so far.
        """
        if not self._on:
            return
        if verdict.chain is not None and verdict.end is not None and verdict.start is not None:
            if self._began[0] != verdict.chain:
                self._began = (verdict.chain, verdict.start)
            whole = max(1.0, self._end - self._began[1])
            self._share = min(1.0, max(0.0, (verdict.end - self._began[1]) / whole))
            self._at = f"{verdict.chain.trail} {verdict.chain.region} {event_time(verdict.end)}"
        if (time := monotonic()) >= self._next:
            self._next = time + _EVERY
            self._draw(summary)

    def _draw(self, summary: Summary) -> None:
        done = round(self._share * _WIDTH)
        digests = summary.digests
        logs = sum(count for (kind, _), count in summary.counts.items() if kind == LOG)
        bad = sum(count for (_, status), count in summary.counts.items() if status == INVALID)
        bar = "#" * done + "-" * (_WIDTH - done)
        self._out.write(f"{_CLEAR}[{bar}] {self._at}  {digests} digest files, {logs} log files, {bad} INVALID")
        self._out.flush()
        self._drawn = True
