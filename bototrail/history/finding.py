"""Finding the first events that a filter wants: where they stand at first, and then their records."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bototrail.history.catalogue import Part
from bototrail.history.duck import Duck
from bototrail.history.event import Cursor, Event, event_of
from bototrail.history.filters import TEXT, Filter
from bototrail.history.parts import FACTS, NAME, NAMES, RECORD, RECORDS
from bototrail.history.sql import Condition, condition

AS_IT_IS: Final = "hive_partitioning=false"
"""For DuckDB, to which else a folder named `region=eu` is a column."""

_FEW_PARTS: Final = 2  # which are asked at once
_FIRST_ROWS: Final = 150_000  # that are looked at before it is more
_SPARE: Final = 32  # rows more than are wanted: some are at the same second, and some twice
_ROWS: Final = 1 << 24  # more than a part has; a log file of 64 MB has fewer records

Folders = dict[str, Path]
"""Where parts are, by their names; under the empty name, where all the others are."""


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


class _Search(NamedTuple):
    """What is looked for: `need` events that a filter wants, behind a cursor."""

    folders: Folders
    query: Filter
    after: Cursor | None
    reverse: bool
    need: int

    def is_before(self, time: int, other: int) -> bool:
        """Whether a time comes before another one, in the direction of the search."""
        return time < other if self.reverse else time > other

    def is_behind(self, place: tuple[int, str]) -> bool:
        """Whether a time and eventID are behind the cursor."""
        return self.after is None or (place > self.after if self.reverse else place < self.after)


class Finder(Duck):
    """Finds events in parts, for several threads at a time; see `Duck`."""

    def newest(
        self,
        parts: Sequence[Part],
        folders: Folders,
        query: Filter,
        limit: int,
        after: Cursor | None,
        *,
        reverse: bool,
    ) -> list[Event]:
        """The first events that a filter wants, the newest first, or the oldest; delivered twice, an event is one.

        Most filters are met by many events, so the newest parts are asked first, and others only if these have not
        enough. A part has its rows in the order of time, so that they need not be sorted, and nothing else need be read
        of them; records are read when it is known which ones.

        Args:
            parts: in any order.
            folders: where they are.
            query: which events.
            limit: at most so many.
            after: only those behind this one.
            reverse: whether the oldest come first.
        """
        asked = [part for part in parts if _may_have(part, query, after, reverse=reverse)]
        asked.sort(key=_first if reverse else _last, reverse=not reverse)
        search = _Search(folders, query, after, reverse, limit)
        while asked and limit:
            places, whole = self._places(asked, search)
            found = self._events(places, search, limit)
            if whole or len(found) == limit:
                return found
            search = search._replace(need=2 * search.need + _SPARE)  # so many were there twice, or before the cursor
        return []

    # ---- where they are
    def _places(self, rest: list[Part], search: _Search) -> tuple[list[Place], bool]:
        """The first places, in order, as many as are needed, and whether these are all; there may be a few more."""
        found, sure = list[Place](), list[Place]()
        most, looked, before, horizon = _FIRST_ROWS, 0, 0, list[int]()
        while rest:
            load, rest = _portion(rest, most)
            looked += sum(part.rows for part in load)
            if len(found) < before:  # names are where they are rare
                load = self._with_names(load, search.folders, search.query)
            before += len(load)
            some, end = self._first_of(load, search)
            horizon += end
            found = sorted([*found, *some], reverse=not search.reverse)
            # What is at the same second as the first one that may be missing is not sure either.
            ends = [*horizon, *((part.first if search.reverse else part.last) for part in rest)]
            end_time = (min(ends) if search.reverse else max(ends)) if ends else None
            sure = [place for place in found if end_time is None or search.is_before(place.time, end_time)]
            if len(sure) >= search.need:
                break
            most = _more(looked, len(found), search.need)
        return sure, not rest and not horizon

    def _first_of(self, parts: Sequence[Part], search: _Search) -> tuple[list[Place], list[int]]:
        """The first places in some parts; and the time of the last one if there are more."""
        if not parts:
            return [], []
        kind = RECORDS if _is_text(search.query) else FACTS
        where = _from(condition_in(search.query, parts, search.folders, kind), search)
        most, way = search.need + search.need // 4 + _SPARE, "ASC" if search.reverse else "DESC"
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
        found = [part for part in parts if _may_have(part, query, None, reverse=False)]
        return self._with_names(found, folders, query)

    # ---- what they are
    def _events(self, places: Sequence[Place], search: _Search, limit: int) -> list[Event]:
        """The first events at some places, which are in order."""
        found = dict[Cursor, Event]()
        start = 0
        while start < len(places) and len(found) < limit:
            end = _with_ties(places, start + limit - len(found))
            some: Sequence[Place] = places[start:end]
            if len(some) > 2 * limit + _SPARE:  # a burst, all at one second: which of them, their eventIDs tell
                some = self._chosen_of(some, search, limit)
            for place, record in zip(some, self._read(some, RECORD), strict=True):
                event = event_of(record)
                if event.event_time != place.time:
                    raise ValueError("the files of a part of the index are not of the same events")
                if search.is_behind(event.cursor):
                    found[event.cursor] = event
            start = end
        return [found[place] for place in sorted(found, reverse=not search.reverse)[:limit]]

    def _chosen_of(self, places: Sequence[Place], search: _Search, limit: int) -> list[Place]:
        ids = zip(places, self._read(places, "event_id"), strict=True)
        named = {(place.time, event_id): place for place, event_id in ids}
        return [named[at] for at in sorted(filter(search.is_behind, named), reverse=not search.reverse)[:limit]]

    def _read(self, places: Sequence[Place], column: str) -> list[str]:
        """What stands in a column of records, in the order of the places."""
        rows = dict[str, list[int]]()
        for place in places:
            rows.setdefault(place.part, []).append(place.row)
        sources = [
            f"SELECT {number}, file_row_number, {column}"
            f" FROM read_parquet({quoted(part + RECORDS)}, {AS_IT_IS}, file_row_number=true)"
            f" WHERE file_row_number BETWEEN {min(numbers)} AND {max(numbers)}"
            f" AND file_row_number IN ({', '.join(map(str, numbers))})"
            for number, (part, numbers) in enumerate(rows.items())
        ]
        names = list(rows)
        found = {(names[number], row): text for number, row, text in self.rows(" UNION ALL ".join(sources))}
        if len(found) < len(places):
            raise ValueError("a part of the index lacks records")
        return [found[place.part, place.row] for place in places]


def source(parts: Sequence[Part], folders: Folders, kind: str = FACTS, more: str = "") -> str:
    """Some parts' files, as SQL; a column `filename` tells which one a row is from."""
    options = f"{AS_IT_IS}, filename=true{', ' if more else ''}{more}"
    return f"read_parquet([{_paths(parts, folders, kind)}], {options})"


def condition_in(query: Filter, parts: Sequence[Part], folders: Folders, kind: str = FACTS) -> Condition:
    """A filter as a condition for `source` of the same parts and kind."""
    return (
        condition(query)
        if kind == RECORDS
        else condition(query, f"read_parquet([{_paths(parts, folders, RECORDS)}], {AS_IT_IS})")
    )


def _paths(parts: Sequence[Part], folders: Folders, kind: str) -> str:
    return ", ".join(quoted(str(folders.get(part.name, folders[""]) / f"{part.name}{kind}")) for part in parts)


def quoted(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"


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


def _may_have(part: Part, query: Filter, after: Cursor | None, *, reverse: bool) -> bool:
    start = max(query.start or 0, after.time if after and reverse else 0)
    ends = [time for time in (query.end, after.time if after and not reverse else None) if time is not None]
    return part.last >= start and all(part.first <= end for end in ends)


def _from(where: Condition, search: _Search) -> Condition:
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
