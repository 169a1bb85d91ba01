"""The files of parts as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bototrail.history.catalogue import Part
from bototrail.history.filters import Filter
from bototrail.history.parts import FACTS, RECORDS
from bototrail.history.sql import Condition, condition

AS_IT_IS: Final = "hive_partitioning=false"
"""For DuckDB, to which else a folder named `region=eu` is a column."""

Folders = dict[str, Path]
"""Where parts are, by their names; under the empty name, where all the others are."""


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
