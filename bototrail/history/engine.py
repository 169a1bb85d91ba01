"""Asking DuckDB about parts of an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bototrail.history.catalogue import Part
from bototrail.history.columns import COLUMNS
from bototrail.history.duck import Duck
from bototrail.history.event import Cursor, Event, event_of
from bototrail.history.filters import Filter
from bototrail.history.parts import FACTS, NAME, NAMES, RECORDS
from bototrail.history.sql import Condition, condition

_AS_IT_IS: Final = "hive_partitioning=false"  # else a folder named `region=eu` is a column
_IDS: Final = 1_000
_FEW_PARTS: Final = 2  # which are asked at once
_FIRST_ROWS: Final = 150_000  # that are looked at before it is more
_PLAIN: Final = {column.field: column for column in COLUMNS}


class Engine(Duck):
    """Questions about parts, for several threads at a time; see `Duck`."""

    # ---- events
    def newest(
        self,
        parts: Sequence[Part],
        folders: _Folders,
        query: Filter,
        limit: int,
        after: Cursor | None,
        *,
        reverse: bool,
    ) -> list[Event]:
        """The first events that a filter wants, the newest first, or the oldest.

        Most filters are met by many events, so the newest parts are asked first, and others only if these have not
        enough. Records are read when it is known which ones.

        Args:
            parts: in any order.
            folders: where they are.
            query: which events.
            limit: at most so many.
            after: only those behind this one.
            reverse: whether the oldest come first.
        """
        rest = [part for part in parts if _may_have(part, query, after, reverse=reverse)]
        rest.sort(key=_first if reverse else _last, reverse=not reverse)
        found: list[tuple[int, str, str]] = []
        most = _FIRST_ROWS
        while rest:
            load, rest = _portion(rest, most)
            if most > _FIRST_ROWS:
                load = self._with_names(load, folders, query)
            where = _behind(_condition(query, load, folders), after, reverse=reverse)
            found += self._places(load, folders, where, limit, reverse=reverse)
            found = sorted(_once(found), key=lambda row: row[:2], reverse=not reverse)[:limit]
            if len(found) == limit and rest and _is_settled(found[-1][0], rest, reverse=reverse):
                break
            most *= 2
        return self._events(found, reverse=reverse)

    def _chosen(self, parts: Sequence[Part], folders: _Folders, query: Filter) -> list[Part]:
        """The parts that may have events which a filter wants."""
        found = [part for part in parts if _may_have(part, query, None, reverse=False)]
        return self._with_names(found, folders, query)

    def _with_names(self, parts: list[Part], folders: _Folders, query: Filter) -> list[Part]:
        """Those of some parts that have events with the resources which a filter names."""
        for term in query.terms:
            is_exact = not (term.negated or any(pattern.wild for pattern in term.patterns))
            if is_exact and term.field == "resourceName" and len(parts) > _FEW_PARTS:
                names = [pattern.text.replace("\n", " ") for pattern in term.patterns]
                sql = f"SELECT DISTINCT filename FROM {_source(parts, folders, NAMES)} WHERE {NAME} {_among(names)}"
                there = {Path(path).name.removesuffix(NAMES) for (path,) in self.rows(sql, names)}
                parts = [part for part in parts if part.name in there]
        return parts

    def _places(
        self, parts: Sequence[Part], folders: _Folders, where: Condition, limit: int, *, reverse: bool
    ) -> list[tuple[int, str, str]]:
        """So many events, or all there are. Those that were delivered twice take up places in what is asked for."""
        way, most = "ASC" if reverse else "DESC", limit
        while parts:
            sql = (
                f"SELECT event_time, event_id, filename FROM {_source(parts, folders)} WHERE {where.sql}"
                f" ORDER BY event_time {way}, event_id {way} LIMIT {int(most)}"
            )
            rows = [(row[0], row[1], row[2]) for row in self.rows(sql, where.parameters)]
            found = _once(rows)
            if len(found) >= limit or len(rows) < most:
                return found
            most *= 2
        return []

    def _events(self, found: Sequence[tuple[int, str, str]], *, reverse: bool) -> list[Event]:
        if not found:
            return []
        files = sorted({path.removesuffix(FACTS) + RECORDS for _, _, path in found})
        ids = sorted({event_id for _, event_id, _ in found})
        times = [time for time, _, _ in found]
        sql = (
            f"SELECT event_time, event_id, record FROM read_parquet([{', '.join('?' * len(files))}], {_AS_IT_IS})"
            f" WHERE event_id IN ({', '.join('?' * len(ids))}) AND event_time BETWEEN ? AND ?"
        )
        wanted = {row[:2] for row in found}
        rows = self.rows(sql, [*files, *ids, min(times), max(times)])
        # Delivered twice, an event is one. To find the other columns again takes less time than to read them.
        events = {row[:2]: event_of(row[2]) for row in rows if row[:2] in wanted}
        if len(events) < len(wanted):
            raise ValueError("a part of the index lacks records")
        return [events[place] for place in sorted(events, reverse=not reverse)]

    def known(self, parts: Sequence[Part], folders: _Folders, ids: Sequence[str]) -> list[str]:
        """Those of some eventIDs that there are."""
        found = list[str]()
        for at in range(0, len(ids), _IDS):
            some = ids[at : at + _IDS]
            sql = f"SELECT event_id FROM {_source(parts, folders)} WHERE event_id IN ({', '.join('?' * len(some))})"
            found += [row[0] for row in self.rows(sql, some)]
        return found

    def rows_of(self, path: Path, columns: Sequence[str]) -> int:
        """How many rows a file has; all of it is read."""
        sql = f"SELECT count(*), sum(hash({', '.join(columns)})) FROM read_parquet(?, {_AS_IT_IS})"
        return int(self.rows(sql, [str(path)])[0][0])

    # ---- counts
    def count(self, parts: Sequence[Part], folders: _Folders, query: Filter) -> int:
        """How many events a filter wants."""
        chosen = self._chosen(parts, folders, query)
        where = _condition(query, chosen, folders)
        if not chosen:
            return 0
        sql = f"SELECT count(*) FROM {_source(chosen, folders)} WHERE {where.sql}"
        return int(self.rows(sql, where.parameters)[0][0])

    def values(
        self, parts: Sequence[Part], folders: _Folders, query: Filter, field: str, limit: int
    ) -> list[tuple[str, int]]:
        """The values of a field that most events have which a filter wants, and how many."""
        chosen = self._chosen(parts, folders, query)
        column, where = _PLAIN[field], _condition(query, chosen, folders)
        if not chosen:
            return []
        value = f"unnest(string_split(trim({column.name}, '\n'), '\n'))" if column.many else f"{column.name}::VARCHAR"
        present = f"{column.name} IS NOT NULL" if column.type != "VARCHAR" else f"{column.name} <> ''"
        sql = (
            f"SELECT value, count(*) FROM (SELECT {value} AS value FROM {_source(chosen, folders)}"
            f" WHERE {where.sql} AND {present}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(limit)}"
        )
        return [(row[0], row[1]) for row in self.rows(sql, where.parameters)]

    def timeline(
        self, parts: Sequence[Part], folders: _Folders, query: Filter, width: int, field: str
    ) -> list[tuple[int, str, int, int]]:
        """How many events there are in each stretch of time, by a field's value.

        Args:
            parts: in any order.
            folders: where they are.
            query: which events.
            width: seconds of a stretch; stretches begin at multiples of it since 1970.
            field: whose values are told apart.

        Returns:
            start of the stretch, value, events, events that failed; in no order.
        """
        chosen = self._chosen(parts, folders, query)
        where = _condition(query, chosen, folders)
        if not chosen:
            return []
        sql = (
            f"SELECT event_time // {int(width)} * {int(width)}, {_PLAIN[field].name}, count(*),"
            f" count(*) FILTER (WHERE error_code <> '') FROM {_source(chosen, folders)}"
            f" WHERE {where.sql} GROUP BY 1, 2"
        )
        return [(row[0], row[1], row[2], row[3]) for row in self.rows(sql, where.parameters)]


_Folders = dict[str, Path]
"""Where parts are, by their names; under the empty name, where all the others are."""


def _source(parts: Sequence[Part], folders: _Folders, kind: str = FACTS) -> str:
    return f"read_parquet([{_paths(parts, folders, kind)}], {_AS_IT_IS}, filename=true)"


def _among(values: Sequence[str]) -> str:
    """For one value, Bloom filters are asked."""
    return "= ?" if len(values) == 1 else f"IN ({', '.join('?' * len(values))})"


def _condition(query: Filter, parts: Sequence[Part], folders: _Folders) -> Condition:
    return condition(query, f"read_parquet([{_paths(parts, folders, RECORDS)}], {_AS_IT_IS})")


def _paths(parts: Sequence[Part], folders: _Folders, kind: str) -> str:
    return ", ".join(_quoted(str(folders.get(part.name, folders[""]) / f"{part.name}{kind}")) for part in parts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _once(rows: Sequence[tuple[int, str, str]]) -> list[tuple[int, str, str]]:
    """Each event in one of the files that have it."""
    return list({row[:2]: row for row in rows}.values())


def _first(part: Part) -> int:
    return part.first


def _last(part: Part) -> int:
    return part.last


def _may_have(part: Part, query: Filter, after: Cursor | None, *, reverse: bool) -> bool:
    start = max(query.start or 0, after.time if after and reverse else 0)
    ends = [time for time in (query.end, after.time if after and not reverse else None) if time is not None]
    return part.last >= start and all(part.first <= end for end in ends)


def _behind(where: Condition, after: Cursor | None, *, reverse: bool) -> Condition:
    if after is None:
        return where
    way = ">" if reverse else "<"
    sql = f"{where.sql} AND event_time {way}= ? AND (event_time {way} ? OR event_id {way} ?)"
    return Condition(sql, (*where.parameters, after.time, after.time, after.event_id))


def _portion(parts: list[Part], most: int) -> tuple[list[Part], list[Part]]:
    """The first of some parts, with so many rows at most but one part at least; and the others."""
    end, rows = 0, 0
    while end < len(parts) and (not end or rows + parts[end].rows <= most):
        rows += parts[end].rows
        end += 1
    return parts[:end], parts[end:]


def _is_settled(time: int, rest: Sequence[Part], *, reverse: bool) -> bool:
    """Whether none of the other parts can have an event before the one of a time."""
    return time < min(part.first for part in rest) if reverse else time > max(part.last for part in rest)
