"""`--bototrail-summary`: calls per test, per operation, the slowest and those denied."""

from __future__ import annotations

from collections import defaultdict
from heapq import nlargest
from typing import TYPE_CHECKING, Any

from bototrail.history.denials import is_denied_code
from bototrail.testing.calls import Call, CallError
from bototrail.testing.shown import counted, plainly

if TYPE_CHECKING:
    import pytest

TOP = 10
"""Rows of each table, unless all are asked for."""

_OUTSIDE = "(outside of tests)"
_MESSAGE = 160


class Totals:
    """Calls, failed calls and seconds of one test or operation."""

    def __init__(self, calls: int = 0, failed: int = 0, seconds: float = 0.0) -> None:
        self.calls, self.failed, self.seconds = calls, failed, seconds

    def add(self, calls: int, failed: int, seconds: float) -> None:
        """Add others."""
        self.calls, self.failed, self.seconds = self.calls + calls, self.failed + failed, self.seconds + seconds

    def to_json(self) -> list[float]:
        """As JSON types."""
        return [self.calls, self.failed, self.seconds]


class Summary:
    """Counts the calls of a run. Holds no arguments.

    Args:
        everything: show all rows, not only the first ones.
    """

    name = "summary"

    def __init__(self, everything: bool = False) -> None:
        self._everything = everything
        self._tests: dict[str, Totals] = defaultdict(Totals)
        self._operations: dict[str, Totals] = defaultdict(Totals)
        self._slowest: list[tuple[float, str, str]] = []
        self._denied: dict[tuple[str, str, str, str], int] = defaultdict(int)

    def add(self, test: str, _phase: str, call: Call, /) -> None:
        """Take in one call; those of fixtures count for the test that they were made for."""
        test = test or _OUTSIDE
        numbers = (1, int(call.error is not None), call.duration)
        self._tests[test].add(*numbers)
        self._operations[call.name].add(*numbers)
        self._slowest = nlargest(TOP, [*self._slowest, (call.duration, call.name, test)])
        if call.error and denied(call.error):
            self._denied[test, call.name, plainly(call.error.code), _essence(call.error.message)] += 1

    def to_json(self) -> dict[str, Any]:
        """What was counted in this process."""
        return {
            "tests": {name: totals.to_json() for name, totals in self._tests.items()},
            "operations": {name: totals.to_json() for name, totals in self._operations.items()},
            "slowest": [list(row) for row in self._slowest],
            "denied": [[*row, number] for row, number in self._denied.items()],
        }

    def merge_json(self, found: dict[str, Any]) -> None:
        """Add what another process counted."""
        for mine, theirs in ((self._tests, found["tests"]), (self._operations, found["operations"])):
            for name, numbers in theirs.items():
                mine[name].add(*numbers)
        rows = [(float(seconds), str(name), str(test)) for seconds, name, test in found["slowest"]]
        self._slowest = nlargest(TOP, [*self._slowest, *rows])
        for test, name, code, message, number in found["denied"]:
            self._denied[test, name, code, message] += number

    def report(self, terminal: pytest.TerminalReporter) -> None:
        """Print the tables."""
        terminal.section("AWS calls", sep="=")
        for line in self.lines():
            terminal.write_line(line)

    def lines(self) -> list[str]:
        """The tables as text."""
        total = Totals()
        for each in self._tests.values():
            total.add(each.calls, each.failed, each.seconds)
        if not total.calls:
            return ["no AWS call was made"]
        tests = counted(len(self._tests), "test")
        lines = [f"{counted(total.calls, 'call')}, {total.failed} failed, {total.seconds:.3f} s in {tests}"]
        lines += self._table("calls per test", self._tests)
        lines += self._table("calls per operation", self._operations)
        lines += ["", f"{'seconds':>9}  slowest calls"]
        lines += [f"{seconds:>9.3f}  {name}  {test}" for seconds, name, test in sorted(self._slowest, reverse=True)]
        if self._denied:
            lines += ["", "   denied"]
            for (test, name, code, message), number in sorted(self._denied.items()):
                lines += [f"{number:>9}  {name}  {code}  {test}", f"{'':>11}{message}"]
        return lines

    def _table(self, title: str, rows: dict[str, Totals]) -> list[str]:
        ordered = sorted(rows.items(), key=lambda row: (-row[1].calls, row[0]))
        shown = ordered if self._everything else ordered[:TOP]
        lines = ["", f"{'calls':>9}{'failed':>9}{'seconds':>9}  {title}"]
        lines += [f"{t.calls:>9}{t.failed or '':>9}{t.seconds:>9.3f}  {name}" for name, t in shown]
        return lines + (
            [f"{'':>27}  ... {len(ordered) - len(shown)} more, see -v"] if len(shown) < len(ordered) else []
        )


def denied(error: CallError) -> bool:
    """Whether a call failed because it was not allowed."""
    return any(is_denied_code(code) for code in (error.code, error.logged) if code)


def _essence(message: str) -> str:
    text = plainly(" ".join(message.split()))
    return text if len(text) <= _MESSAGE else f"{text[: _MESSAGE - 3]}..."
