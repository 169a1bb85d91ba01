"""Finding the first events that a filter wants: where they stand at first, and then their records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Sized
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from bototrail.history.catalogue import Part
from bototrail.history.duck import Duck
from bototrail.history.event import Cursor, Event, Stored, event_of
from bototrail.history.filters import TEXT, Filter
from bototrail.history.parts import FACTS, NAME, NAMES, RECORD, RECORDS
from bototrail.history.sources import AS_IT_IS, Folders, condition_in, quoted, source
from bototrail.history.sql import Condition

_FEW_PARTS: Final = 2  # which are asked at once
_FIRST_ROWS: Final = 150_000  # that are looked at before it is more
_SPARE: Final = 32  # rows more than are wanted: some are at the same second, and some twice
_DENSE: Final = 1.2  # rows that are read for each one that is wanted, rather than to look at their numbers
_ROWS: Final = 1 << 24  # more than a part has; a log file of 64 MB has fewer records

_Event = TypeVar("_Event", Event, Stored)


class Place(NamedTuple):
    """Where an event stands.

    Attributes:
        time: its eventTime, seconds since 1970.
        row: which row of a part, from 0.
        part: the part's files without what tells their kinds.
    """

    time: int
    row: int
    part: str


class Search(NamedTuple):
    """Which events are looked for: the newest that a filter wants, or the oldest.

    Attributes:
        folders: where parts are.
        query: which events.
        limit: at most so many.
        after: only those behind this one.
        reverse: whether the oldest come first.
    """

    folders: Folders
    query: Filter
    limit: int = 0
    after: Cursor | None = None
    reverse: bool = False

    def is_before(self, time: int, other: int) -> bool:
        """Whether a time comes before another one, in the direction of the search."""
        return time < other if self.reverse else time > other

    def is_behind(self, place: tuple[int, str]) -> bool:
        """Whether a time and eventID are behind the cursor."""
        return self.after is None or (place > self.after if self.reverse else place < self.after)


class Finder(Duck):
    """Finds events in parts, for several threads at a time; see `Duck`."""

    def newest(self, parts: Sequence[Part], search: Search) -> list[Event]:
        """The same as `stored`, told what the index knows of events."""
        return self._found(parts, search, RECORD, _event)

    def stored(self, parts: Sequence[Part], search: Search) -> list[Stored]:
        """The events that are looked for, in order; delivered twice, an event is one.

        Most filters are met by many events, so the newest parts are asked first, and others only if these have not
        enough. A part has its rows in the order of time, so that they need not be sorted, and nothing else need be read
        of them; records are read when it is known which ones.

        Args:
            parts: in any order.
            search: which ones.
        """
        return self._found(parts, search, f"event_id, {RECORD}", _stored)

    def _found(self, parts: Sequence[Part], search: Search, columns: str, make: Callable[..., _Event]) -> list[_Event]:
        """What is looked for, made of places and columns of records."""
        parts = [part for part in parts if _may_have(part, search)]
        parts.sort(key=_first if search.reverse else _last, reverse=not search.reverse)
        limit = need = search.limit
        while parts and limit:
            places, whole = self._places(parts, search, need)
            found = dict[Cursor, _Event]()
            for some in self._portions(places, search, found):
                for place, values in zip(some, self._read(some, columns), strict=True):
                    event = make(place, *values)
                    if search.is_behind(event.cursor):
                        found[event.cursor] = event
            if whole or len(found) >= limit:
                return [found[cursor] for cursor in sorted(found, reverse=not search.reverse)[:limit]]
            need = 2 * need + _SPARE  # so many were there twice, or before the cursor
        return []

    # ---- where they are
    def _places(self, rest: list[Part], search: Search, need: int) -> tuple[list[Place], bool]:
        """The first places, in order, as many as are needed, and whether these are all; there may be a few more."""
        found, sure = list[Place](), list[Place]()
        most, looked, before, horizon = _FIRST_ROWS, 0, 0, list[int]()
        while rest:
            load, rest = _portion(rest, most)
            looked += sum(part.rows for part in load)
            if len(found) < before:  # names are where they are rare
                load = self._with_names(load, search.folders, search.query)
            before += len(load)
            some, end = self._first_of(load, search, need)
            horizon += end
            found = sorted([*found, *some], reverse=not search.reverse)
            # What is at the same second as the first one that may be missing is not sure either.
            ends = [*horizon, *((part.first if search.reverse else part.last) for part in rest)]
            end_time = (min(ends) if search.reverse else max(ends)) if ends else None
            sure = [place for place in found if end_time is None or search.is_before(place.time, end_time)]
            if len(sure) >= need:
                break
            most = _more(looked, len(found), need)
        return sure, not rest and not horizon

    def _first_of(self, parts: Sequence[Part], search: Search, need: int) -> tuple[list[Place], list[int]]:
        """The first places in some parts; and the time of the last one if there are more."""
        if not parts:
            return [], []
        kind = RECORDS if _is_text(search.query) else FACTS
        where = _from(condition_in(search.query, parts, search.folders, kind), search)
        most, way = need + need // 4 + _SPARE, "ASC" if search.reverse else "DESC"
        sql = (
            f"SELECT event_time * {_ROWS} + file_row_number, filename"
            f" FROM {source(parts, search.folders, kind, 'file_row_number=true')}"
            f" WHERE {where.sql} ORDER BY 1 {way} LIMIT {int(most)}"
        )
        rows = self.rows(sql, where.parameters)
        found = [Place(key // _ROWS, key % _ROWS, path.removesuffix(kind)) for key, path in rows]
        return found, [found[-1].time] if len(found) == most else []

    def _with_names(self, parts: list[Part], folders: Folders, query: Filter) -> list[Part]:
        """Those of some parts that have events with the resources which a filter names."""
        for term in query.terms:
            is_exact = not (term.negated or any(pattern.wild for pattern in term.patterns))
            if is_exact and term.field == "resourceName" and len(parts) > _FEW_PARTS:
                names = [pattern.text.replace("\n", " ") for pattern in term.patterns]
                sql = f"SELECT DISTINCT filename FROM {source(parts, folders, NAMES)} WHERE {NAME} {_among(names)}"
                there = {Path(path).name.removesuffix(NAMES) for (path,) in self.rows(sql, names)}
                parts = [part for part in parts if part.name in there]
        return parts

    def _chosen(self, parts: Sequence[Part], folders: Folders, query: Filter) -> list[Part]:
        """The parts that may have events which a filter wants."""
        found = [part for part in parts if _may_have(part, Search(folders, query))]
        return self._with_names(found, folders, query)

    # ---- what they are
    def _portions(self, places: Sequence[Place], search: Search, found: Sized) -> Iterator[Sequence[Place]]:
        """The first of some places, which are in order, until so many events are found."""
        start = 0
        while start < len(places) and len(found) < search.limit:
            end = _with_ties(places, start + search.limit - len(found))
            some = places[start:end]
            # Of a burst, all at one second, their eventIDs tell which are the first.
            yield self._chosen_of(some, search) if len(some) > 2 * search.limit + _SPARE else some
            start = end

    def _chosen_of(self, places: Sequence[Place], search: Search) -> list[Place]:
        ids = zip(places, self._read(places, "event_id"), strict=True)
        named = {(place.time, event_id): place for place, (event_id,) in ids}
        return [named[at] for at in sorted(filter(search.is_behind, named), reverse=not search.reverse)[: search.limit]]

    def _read(self, places: Sequence[Place], columns: str) -> list[tuple[str, ...]]:
        """What stands in columns of records, in the order of the places."""
        rows = dict[str, list[int]]()
        for place in places:
            rows.setdefault(place.part, []).append(place.row)
        sources = [
            f"SELECT {number}, file_row_number, {columns}"
            f" FROM read_parquet({quoted(part + RECORDS)}, {AS_IT_IS}, file_row_number=true) WHERE {_rows(numbers)}"
            for number, (part, numbers) in enumerate(rows.items())
        ]
        names = list(rows)
        found = {(names[row[0]], row[1]): row[2:] for row in self.rows(" UNION ALL ".join(sources))}
        if any((place.part, place.row) not in found for place in places):
            raise ValueError("a part of the index lacks records")
        return [found[place.part, place.row] for place in places]


def _rows(numbers: Sequence[int]) -> str:
    """Rows of a file, as SQL; with some between them, if these are few."""
    start, end = min(numbers), max(numbers)
    between = f"file_row_number BETWEEN {start} AND {end}"
    if end - start < _DENSE * len(numbers):
        return between
    return f"{between} AND file_row_number IN ({', '.join(map(str, numbers))})"


def _among(values: Sequence[str]) -> str:
    """For one value, Bloom filters are asked."""
    return "= ?" if len(values) == 1 else f"IN ({', '.join('?' * len(values))})"


def _is_text(query: Filter) -> bool:
    """Whether records alone tell whether an event is wanted."""
    return bool(query.terms) and all(term.field == TEXT for term in query.terms)


def _first(part: Part) -> int:
    return part.first


def _last(part: Part) -> int:
    return part.last


def _may_have(part: Part, search: Search) -> bool:
    query, after, reverse = search.query, search.after, search.reverse
    start = max(query.start or 0, after.time if after and reverse else 0)
    ends = [time for time in (query.end, after.time if after and not reverse else None) if time is not None]
    return part.last >= start and all(part.first <= end for end in ends)


def _event(place: Place, record: str) -> Event:
    event = event_of(record)
    if event.event_time != place.time:
        raise ValueError("the files of a part of the index are not of the same events")
    return event


def _stored(place: Place, event_id: str, record: str) -> Stored:
    return Stored(Cursor(place.time, event_id), record)


def _from(where: Condition, search: Search) -> Condition:
    """Without what is before the second of the cursor."""
    if search.after is None:
        return where
    way = ">=" if search.reverse else "<="
    return Condition(f"{where.sql} AND event_time {way} ?", (*where.parameters, search.after.time))


def _portion(parts: list[Part], most: int) -> tuple[list[Part], list[Part]]:
    """The first of some parts, with so many rows at most but one part at least; and the others."""
    end, rows = 0, 0
    while end < len(parts) and (not end or rows + parts[end].rows <= most):
        rows += parts[end].rows
        end += 1
    return parts[:end], parts[end:]


def _more(looked: int, found: int, need: int) -> int:
    """How many rows are looked at next: as many as are likely to have the rest, so that there is no third time."""
    return 2 * max(_FIRST_ROWS, looked * max(1, need - found) // found) if found else 1 << 62


def _with_ties(places: Sequence[Place], end: int) -> int:
    """Where those end that are at the same second as the last of the first ones."""
    while 0 < end < len(places) and places[end].time == places[end - 1].time:
        end += 1
    return min(end, len(places))
