"""Events as they come, for those who follow.

An event comes when its log file is delivered, often after others that happened later. So not its time tells that it is
new, but that it stands in a part of the index that was not there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeVar

from bototrail.history.catalogue import Part
from bototrail.history.engine import Engine
from bototrail.history.event import Event
from bototrail.history.filters import Filter
from bototrail.history.finding import Search
from bototrail.history.parts import FACTS

_PAGE: Final = 2_000
_REMEMBERED: Final = 200_000


_Result = TypeVar("_Result")


class Ask(Protocol):
    """Calls a function with the parts that there are, again if some are gone meanwhile."""

    def __call__(self, question: Callable[[list[Part]], _Result]) -> _Result:
        """Give what it gives."""


class Arrivals:
    """The events that a filter wants, each once.

    Args:
        ask: gives what a function of the parts gives.
        engine: who reads them.
        folders: where they are.
        query: which events.
    """

    def __init__(self, ask: Ask, engine: Engine, folders: dict[str, Path], query: Filter) -> None:
        self._ask, self._engine, self._folders, self._query = ask, engine, folders, query
        self._before: list[Part] = []
        self._owns: set[Part] = set()  # of the spool, among these
        self._told: dict[str, None] = {}

    def first(self, limit: int) -> list[Event]:
        """The newest ones of all that there are, the oldest of them first; those that come later are `take`n.

        Args:
            limit: at most so many.
        """

        def look(parts: list[Part]) -> tuple[list[Part], list[Event], list[Event]]:
            return parts, self._newest(parts, limit), self._all(self._own(parts))

        parts, found, waiting = self._ask(look)
        self._remember(parts, [*waiting, *found])
        return found[::-1]

    def take(self) -> list[Event]:
        """Those that have come since, the oldest first."""
        parts, found = self._ask(self._fresh)
        self._remember(parts, found)
        return found

    def _newest(self, parts: Sequence[Part], limit: int) -> list[Event]:
        return self._engine.newest(parts, Search(self._folders, self._query, limit)) if limit else []

    def _own(self, parts: Sequence[Part]) -> list[Part]:
        return [part for part in parts if part.name in self._folders]

    def _all(self, parts: Sequence[Part]) -> list[Event]:
        found, after = list[Event](), None
        while page := self._engine.newest(parts, Search(self._folders, self._query, _PAGE, after, reverse=True)):
            found += page
            after = page[-1].cursor
        return found

    def _fresh(self, parts: list[Part]) -> tuple[list[Part], list[Event]]:
        fresh = [part for part in parts if part not in self._before]
        found = [event for event in self._all(fresh) if event.event_id not in self._told] if fresh else []
        if not found:
            return parts, []
        # Parts that were merged are there for a while; if they are gone, all of the index is made anew.
        before = [part for part in self._before if part in parts or self._is_there(part)]
        if not self._owns.issuperset({*self._before} - {*before}):
            newest = max(part.last for part in self._before)
            return parts, [event for event in found if event.event_time > newest]
        near = [part for part in before if part.first <= found[-1].event_time and part.last >= found[0].event_time]
        known = set(self._engine.known(near, self._folders, [event.event_id for event in found])) if near else set()
        return parts, [event for event in found if event.event_id not in known]

    def _is_there(self, part: Part) -> bool:
        return (self._folders.get(part.name, self._folders[""]) / f"{part.name}{FACTS}").exists()

    def _remember(self, parts: list[Part], found: Sequence[Event]) -> None:
        """What waits stands in another part when it is delivered, and the one that it is in now is gone by then."""
        self._before, self._owns = parts, set(self._own(parts))
        self._told.update(dict.fromkeys(event.event_id for event in found))
        while len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
