"""A line on a terminal that is drawn anew and anew, and how far a validation is."""

from __future__ import annotations

import io
import os
from types import TracebackType
from typing import Final, TextIO

from bototrail.cli.shown import shown
from bototrail.clock import event_time, monotonic
from bototrail.integrity.summary import Summary
from bototrail.integrity.verdicts import INVALID, LOG, Verdict

_AFTER: Final = 0.5
_EVERY: Final = 0.1
_BAR: Final = 24
_WIDTH: Final = 80
_CLEAR: Final = "\r\x1b[K"


class Line:
    """A line on stderr, if that is a terminal and it takes longer.

    It is no more than a line of the terminal, and ends with the block, so that results can be printed to the same
    terminal.

    Args:
        out: where it is drawn; None when it is closed.
    """

    def __init__(self, out: TextIO | None) -> None:
        self._out = out or io.StringIO()
        self._on = self._out.isatty()
        self._next, self._drawn = monotonic() + _AFTER, False

    def __enter__(self) -> Line:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.clear()

    def clear(self) -> None:
        """Take it away, because something else is to be printed."""
        if self._drawn:
            self._out.write(_CLEAR)
            self._out.flush()
            self._drawn = False

    def due(self) -> bool:
        """Whether it should be drawn anew: not too often."""
        return self._on and monotonic() >= self._next

    def draw(self, text: str) -> None:
        """Draw it, as far as the terminal is wide: what goes on in a second line could not be taken away."""
        self._next, self._drawn = monotonic() + _EVERY, True
        self._out.write(f"{_CLEAR}{shown(text)[: self._width() - 1]}")
        self._out.flush()

    def _width(self) -> int:
        try:
            return os.get_terminal_size(self._out.fileno()).columns or _WIDTH
        except (OSError, ValueError):  # it only says that it is a terminal
            return _WIDTH


class Progress:
    """How far a validation is, in a `Line`: a bar of the chain's time, and counts.

    Args:
        line: where it is drawn.
        end: until when digest files are expected, seconds since 1970.
    """

    def __init__(self, line: Line, end: float) -> None:
        self._line, self._end = line, end
        self._began: tuple[object, float] = (None, 0.0)
        self._share, self._at = 0.0, ""

    def show(self, verdict: Verdict, summary: Summary) -> None:
        """Draw it anew, if it is time.

        Args:
            verdict: the latest one.
            summary: of all so far.
        """
        if verdict.chain is not None and verdict.end is not None and verdict.start is not None:
            if self._began[0] != verdict.chain:
                self._began = (verdict.chain, verdict.start)
            whole = max(1.0, self._end - self._began[1])
            self._share = min(1.0, max(0.0, (verdict.end - self._began[1]) / whole))
            self._at = f"{verdict.chain.trail} {verdict.chain.region} {event_time(verdict.end)}"
        if self._line.due():
            self._line.draw(self._text(summary))

    def _text(self, summary: Summary) -> str:
        done = round(self._share * _BAR)
        logs = sum(count for (kind, _), count in summary.counts.items() if kind == LOG)
        bad = sum(count for (_, status), count in summary.counts.items() if status == INVALID)
        bar = "#" * done + "-" * (_BAR - done)
        # What matters most stands first: a narrow terminal shows no more.
        return f"[{bar}] {summary.digests} digest files, {logs} log files, {bad} INVALID  {self._at}"
