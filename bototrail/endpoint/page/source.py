"""What the page shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Protocol

from bototrail.history.event import Cursor, Event
from bototrail.history.filters import Filter


class Lookups(Protocol):
    """The events of a bucket, or of several; see `history.History`."""

    days: int

    def events(
        self, query: Filter, limit: int = 50, *, after: Cursor | None = None, reverse: bool = False
    ) -> list[Event]:
        """The newest events that a filter wants."""

    def every(self, query: Filter, *, reverse: bool = False) -> Iterator[Event]:
        """All of them."""

    def count(self, query: Filter) -> int:
        """How many there are."""

    def values(self, query: Filter, field: str, limit: int = 20) -> list[tuple[str, int]]:
        """The most frequent values of a field."""

    def timeline(self, query: Filter, width: int, field: str = "eventSource") -> list[tuple[int, str, int, int]]:
        """How many there are in each stretch of time."""

    def totals(self) -> tuple[int, int]:
        """Files and events."""

    def problems(self) -> list[tuple[str, str]]:
        """Files that were skipped."""

    def version(self) -> str:
        """Another one as soon as results are."""


class Source(Protocol):
    """What is looked things up in, and how far that has come."""

    @property
    def history(self) -> Lookups | None:
        """Where to look things up; None while there is nothing."""

    def state(self) -> Mapping[str, Any]:
        """How far it is."""
