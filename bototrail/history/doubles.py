"""Events that stand in an index twice, so that counts can leave one of them out.

An event is delivered twice when two trails have it, or when a delivery is done again; eventTime and eventID are then
the same. Which of a part's rows stand elsewhere, too, follows from the part and from those before it, in an order in
which large ones come first, so that new ones hardly ever change what is known of others. It is found out once, and
kept beside the part:

    parts/NAME.HASH.doubles        empty when there are none, else a Parquet file with the rows' numbers; HASH is of
                                   the parts that were compared
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from bototrail.history.catalogue import Part
from bototrail.history.parts import FACTS

_AS_IT_IS: Final = "hive_partitioning=false, filename=true, file_row_number=true"
ROW: Final = "double_row"
"""The column with the rows' numbers."""


class Doubles:
    """What is known of the doubles in parts; several threads may ask at a time.

    Args:
        ask: gives the rows of a statement.
    """

    def __init__(self, ask: Callable[[str], list[tuple[Any, ...]]]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._known: dict[Path, bool] = {}
        self._last: tuple[frozenset[Part], dict[str, Path]] = (frozenset(), {})

    def among(self, parts: Sequence[Part], folder: Path) -> dict[str, Path]:
        """The files with the rows to leave out, by the names of the parts that have some.

        Args:
            parts: all parts that are asked.
            folder: where they are.

        Raises:
            OSError: what was found out cannot be written.
        """
        with self._lock:
            these = frozenset(parts)
            if self._last[0] != these:
                self._last = these, self._look(sorted(these, key=_order), folder)
            return self._last[1]

    def forget(self) -> None:
        """Something is broken: find it out again."""
        with self._lock:
            for path in self._known:
                path.unlink(missing_ok=True)
            self._known, self._last = {}, (frozenset(), {})

    def _look(self, parts: Sequence[Part], folder: Path) -> dict[str, Path]:
        before = _before(parts)
        paths = {part: folder / f"{part.name}.{_hash(before[part])}.doubles" for part in parts}
        fresh = [part for part, path in paths.items() if path not in self._known and not path.exists()]
        if fresh:
            self._learn(fresh, before, paths)
        has = {path: self._known[path] if path in self._known else path.stat().st_size > 0 for path in paths.values()}
        self._known = has
        return {part.name: path for part, path in paths.items() if has[path]}

    def _learn(self, fresh: list[Part], before: dict[Part, list[Part]], paths: dict[Part, Path]) -> None:
        """Find out which rows of some parts are doubles; mostly there are none at all, which is told by hashes."""
        several = dict.fromkeys(each for part in fresh for each in (*before[part], part))
        start, end = min(part.first for part in fresh), max(part.last for part in fresh)
        files = {str(paths[part].parent / f"{part.name}{FACTS}"): part for part in several}
        found = f"FROM {_source(files)} WHERE event_time BETWEEN {start} AND {end}"
        twice = f"SELECT hash(event_id) {found} GROUP BY 1 HAVING count(*) > 1"
        sql = f"SELECT DISTINCT filename {found} AND hash(event_id) IN ({twice})"
        some = {files[row[0]] for row in self._ask(sql)} if self._ask(f"{twice} LIMIT 1") else set()
        for part in fresh:
            self._write(part, before[part] if part in some else None, paths[part])

    def _write(self, part: Part, before: list[Part] | None, path: Path) -> None:
        """Write the rows of a part that stand in others before it, or in itself; None when there are none."""
        temporary = path.with_name(f"{part.name}.{uuid4().hex}.new")
        os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            if before is not None:
                own, *others = (str(path.parent / f"{each.name}{FACTS}") for each in (part, *before))
                sql = (
                    f"SELECT filename, file_row_number AS {ROW} FROM {_source([*others, own])}"
                    f" WHERE event_time BETWEEN {part.first} AND {part.last} QUALIFY row_number() OVER"
                    f" (PARTITION BY event_time, event_id ORDER BY filename = {_quoted(own)}, filename, {ROW}) > 1"
                )
                rows = f"SELECT {ROW} FROM ({sql}) WHERE filename = {_quoted(own)}"
                if self._ask(f"{rows} LIMIT 1"):
                    self._ask(f"COPY ({rows}) TO {_quoted(str(temporary))} (FORMAT parquet, USE_TMP_FILE false)")
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _before(parts: Sequence[Part]) -> dict[Part, list[Part]]:
    """Of each of some parts, in their order, those before it that may have the same events."""
    return {
        part: [each for each in parts[:place] if each.first <= part.last and each.last >= part.first]
        for place, part in enumerate(parts)
    }


def _order(part: Part) -> tuple[int, str]:
    return -part.rows, part.name


def _hash(parts: Sequence[Part]) -> str:
    return hashlib.sha256("".join(part.name for part in parts).encode()).hexdigest()[:16]


def _source(files: Sequence[str] | dict[str, Part]) -> str:
    return f"read_parquet([{', '.join(map(_quoted, files))}], {_AS_IT_IS})"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
