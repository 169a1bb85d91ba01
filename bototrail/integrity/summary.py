"""What all verdicts come to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from bototrail.integrity.form import Chain
from bototrail.integrity.verdicts import DIGEST, INVALID, VALID, Verdict

MOST_CHAINS: Final = 1000
"""Chains that are told apart; a bucket that names more is no honest one, and must not fill the memory."""

BACKFILL: Final = "Backfill digest file"
"""What backfill digests are counted as."""


@dataclass
class Summary:
    """Counts of verdicts, and the time that valid digest files cover.

    Attributes:
        counts: how many of each kind (that of the verdict, `Backfill digest file` apart) have each status.
        found: from when to when the valid digest files of a chain reach, seconds since 1970.
        seconds: how long it took.
    """

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: dict[Chain, tuple[float, float]] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, verdict: Verdict) -> None:
        """Count one more."""
        kind = BACKFILL if verdict.backfill and verdict.kind == DIGEST else verdict.kind
        self.counts[kind, verdict.status] += verdict.files
        if verdict.kind == DIGEST and verdict.status == VALID:
            assert verdict.chain is not None
            assert verdict.start is not None
            assert verdict.end is not None
            known = self.found.get(verdict.chain)
            if known is not None:
                self.found[verdict.chain] = min(known[0], verdict.start), max(known[1], verdict.end)
            elif len(self.found) < MOST_CHAINS:
                self.found[verdict.chain] = verdict.start, verdict.end

    @property
    def digests(self) -> int:
        """How many digest files there were, those that are missing among them."""
        return sum(count for (kind, _), count in self.counts.items() if kind in (DIGEST, BACKFILL))

    @property
    def passed(self) -> bool:
        """Whether there are digest files, and nothing is invalid."""
        return self.digests > 0 and not any(n for (_, status), n in self.counts.items() if status == INVALID)
