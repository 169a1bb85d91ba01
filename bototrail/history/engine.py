"""Asking DuckDB about parts of an index."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bototrail.history.catalogue import Part
from bototrail.history.columns import COLUMNS
from bototrail.history.filters import Filter
from bototrail.history.finding import AS_IT_IS, Finder, Folders, condition_in, source

_IDS: Final = 1_000
_PLAIN: Final = {column.field: column for column in COLUMNS}


class Engine(Finder):
    """Questions about parts, for several threads at a time; see `Duck`."""

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

    # ---- counts
    def count(self, parts: Sequence[Part], folders: Folders, query: Filter) -> int:
        """How many events a filter wants."""
        chosen = self._chosen(parts, folders, query)
        where = condition_in(query, chosen, folders)
        if not chosen:
            return 0
        sql = f"SELECT count(*) FROM {source(chosen, folders)} WHERE {where.sql}"
        return int(self.rows(sql, where.parameters)[0][0])

    def values(
        self, parts: Sequence[Part], folders: Folders, query: Filter, field: str, limit: int
    ) -> list[tuple[str, int]]:
        """The values of a field that most events have which a filter wants, and how many."""
        chosen = self._chosen(parts, folders, query)
        column, where = _PLAIN[field], condition_in(query, chosen, folders)
        if not chosen:
            return []
        value = f"unnest(string_split(trim({column.name}, '\n'), '\n'))" if column.many else f"{column.name}::VARCHAR"
        present = f"{column.name} IS NOT NULL" if column.type != "VARCHAR" else f"{column.name} <> ''"
        sql = (
            f"SELECT value, count(*) FROM (SELECT {value} AS value FROM {source(chosen, folders)}"
            f" WHERE {where.sql} AND {present}) GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {int(limit)}"
        )
        return [(row[0], row[1]) for row in self.rows(sql, where.parameters)]

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
        chosen = self._chosen(parts, folders, query)
        where = condition_in(query, chosen, folders)
        if not chosen:
            return []
        sql = (
            f"SELECT event_time // {int(width)} * {int(width)}, {_PLAIN[field].name}, count(*),"
            f" count(*) FILTER (WHERE error_code <> '') FROM {source(chosen, folders)}"
            f" WHERE {where.sql} GROUP BY 1, 2"
        )
        return [(row[0], row[1], row[2], row[3]) for row in self.rows(sql, where.parameters)]
