"""Asking DuckDB about parts of an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from bototrail.history.catalogue import Part
from bototrail.history.columns import COLUMNS
from bototrail.history.doubles import ROW, Doubles
from bototrail.history.filters import TEXT, Filter
from bototrail.history.finding import AS_IT_IS, Finder, Folders, condition_in, quoted, source
from bototrail.history.parts import FACTS

_IDS: Final = 1_000
_PLAIN: Final = {column.field: column for column in COLUMNS}


class Engine(Finder):
    """Questions about parts, for several threads at a time; see `Duck`."""

    def __init__(self, spill: Path) -> None:
        super().__init__(spill)
        self._doubles = Doubles(self.rows)

    def known(self, parts: Sequence[Part], folders: Folders, ids: Sequence[str]) -> list[str]:
        """Those of some eventIDs that there are."""
        found = list[str]()
        for at in range(0, len(ids), _IDS):
            some = ids[at : at + _IDS]
            sql = f"SELECT event_id FROM {source(parts, folders)} WHERE event_id IN ({', '.join('?' * len(some))})"
            found += [row[0] for row in self.rows(sql, some)]
        return found

    def rows_of(self, path: Path, columns: Sequence[str]) -> int:
        """How many rows a file has; all of it is read."""
        sql = f"SELECT count(*), sum(hash({', '.join(columns)})) FROM read_parquet(?, {AS_IT_IS})"
        return int(self.rows(sql, [str(path)])[0][0])

    # ---- counts; delivered twice, an event counts once
    def count(self, parts: Sequence[Part], folders: Folders, query: Filter) -> int:
        """How many events a filter wants."""
        return sum(row[0] for row in self._counted("SELECT count(*) FROM {}", parts, folders, query))

    def values(
        self, parts: Sequence[Part], folders: Folders, query: Filter, field: str, limit: int
    ) -> list[tuple[str, int]]:
        """The values of a field that most events have which a filter wants, and how many."""
        column = _PLAIN[field]
        value = f"unnest(string_split(trim({column.name}, '\n'), '\n'))" if column.many else f"{column.name}::VARCHAR"
        present = f"{column.name} IS NOT NULL" if column.type != "VARCHAR" else f"{column.name} <> ''"
        sql = (
            f"SELECT {value} AS value, events FROM (SELECT {column.name}, count(*) AS events FROM {{}} AND {present}"
            " GROUP BY 1)"
        )
        if column.many:  # which are told apart when it is known how often they come together
            sql = f"SELECT value, sum(events) AS events FROM ({sql}) GROUP BY 1"
        sql = f"{sql} ORDER BY events DESC, value LIMIT {int(limit)}"
        return [(row[0], row[1]) for row in self._counted(sql, parts, folders, query)]

    def timeline(
        self, parts: Sequence[Part], folders: Folders, query: Filter, width: int, field: str
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
        sql = (
            f"SELECT event_time // {int(width)} * {int(width)}, {_PLAIN[field].name}, count(*),"
            " count(*) FILTER (WHERE error_code <> '') FROM {} GROUP BY 1, 2"
        )
        return [(row[0], row[1], row[2], row[3]) for row in self._counted(sql, parts, folders, query)]

    def _counted(self, sql: str, parts: Sequence[Part], folders: Folders, query: Filter) -> list[tuple[Any, ...]]:
        """What a statement gives with the events that a filter wants, at its `{}`; nothing when no part has any."""
        chosen = self._chosen(parts, folders, query)
        if not chosen:
            return []
        inside = [part for part in chosen if _is_inside(part, query)]
        is_text = any(term.field == TEXT for term in query.terms)
        # Most parts lie within the time that is asked for: to read no times is half of the work.
        where = condition_in(query if is_text else query.within(None, None), chosen, folders)
        times = condition_in(Filter((), query.start, query.end), (), folders).sql
        groups = [(inside, "true"), ([part for part in chosen if part not in inside], times)]
        doubles = self.doubles(parts, folders)
        for last in (not doubles, True):
            found = " UNION ALL ".join(_each_once(some, folders, doubles, within) for some, within in groups if some)
            try:
                return self.rows(sql.format(f"({found}) WHERE {where.sql}"), where.parameters)
            except self.failure:
                if last:
                    raise
            self._doubles.forget()  # they may be what is broken
            doubles = self.doubles(parts, folders)
        return []

    def doubles(self, parts: Sequence[Part], folders: Folders) -> dict[str, Path]:
        """The files with the rows that stand elsewhere, too, by the names of the parts that have some."""
        # What waits has none: it is not in the index.
        return self._doubles.among([part for part in parts if part.name not in folders], folders[""])


def _is_inside(part: Part, query: Filter) -> bool:
    """Whether all of a part is of the time that is asked for."""
    starts, ends = query.start is None or part.first >= query.start, query.end is None or part.last <= query.end
    return starts and ends


def _each_once(parts: Sequence[Part], folders: Folders, doubles: dict[str, Path], where: str) -> str:
    """The events of some parts for which a condition holds, without those that stand elsewhere, too; as SQL."""
    clean = [part for part in parts if part.name not in doubles]
    others = [
        f"SELECT * EXCLUDE (file_row_number) FROM {source([part], folders, FACTS, 'file_row_number=true')}"
        f" ANTI JOIN (SELECT {ROW} FROM read_parquet({quoted(str(doubles[part.name]))}, {AS_IT_IS}))"
        f" ON file_row_number = {ROW} WHERE {where}"
        for part in parts
        if part.name in doubles
    ]
    return " UNION ALL ".join([f"SELECT * FROM {source(clean, folders)} WHERE {where}", *others] if clean else others)
