"""`--bototrail-policy FILE`: the least-privilege policy of what the tests themselves called."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bototrail.policy.build import policy_of
from bototrail.policy.catalogue import prefixes
from bototrail.policy.gather import Needs
from bototrail.settings import switched_off
from bototrail.testing.calls import Call
from bototrail.testing.shown import counted

if TYPE_CHECKING:
    import pytest


_RAN = ("passed", "failed", "xfailed", "xpassed")
_BROKEN = ("failed", "error")


class Permissions:
    """Gathers what the calls of test bodies needed. What fixtures call, to set up and to clear up, is left out.

    Args:
        path: the file to write; one that ends in `.tf` is written for Terraform.

    Raises:
        MissingExtraError: the extra `policy` is not installed.
    """

    name = "policy"

    def __init__(self, path: Path) -> None:
        prefixes()  # now, not after the last test
        self._path = path
        self._needs = Needs()

    def add(self, _test: str, phase: str, call: Call, /) -> None:
        """Take in one call."""
        if phase == "call":
            self._needs.add(call.record)

    def to_json(self) -> dict[str, Any]:
        """What was gathered in this process."""
        return self._needs.to_json()

    def merge_json(self, found: dict[str, Any]) -> None:
        """Take in what another process gathered."""
        self._needs.merge(found)

    def report(self, terminal: pytest.TerminalReporter) -> None:
        """Write the policy, and say what is to say about it. A file that is there stays when no test has run."""
        why = _missing(terminal)
        if why:
            terminal.write_line(f"bototrail: no policy is written to {self._path}: {why}")
            return
        policy = policy_of(self._needs)
        text = policy.terraform() if self._path.suffix == ".tf" else policy.json()
        try:
            self._path.write_text(f"{text}\n", encoding="utf-8")
        except OSError as error:
            terminal.write_line(f"bototrail: the policy could not be written: {error}", red=True)
            return
        terminal.write_line(f"bototrail: policy of {counted(len(policy.statements), 'statement')} in {self._path}")
        for remark in policy.remarks:
            terminal.write_line(f"  {remark}")
        broken = sum(len(terminal.stats.get(outcome, ())) for outcome in _BROKEN)
        if broken:
            terminal.write_line(f"  {counted(broken, 'test')} failed, whose calls may be missing")


def _missing(terminal: pytest.TerminalReporter) -> str:
    """Why there is nothing to make a policy of; empty when there is."""
    if switched_off():
        return "BOTOTRAIL switches everything off"
    reports = (report for outcome in _RAN for report in terminal.stats.get(outcome, ()))
    ran = any(getattr(report, "when", "call") == "call" for report in reports)
    return "" if ran else "no test has run"
