"""Parts of an index: Parquet files with an event a row, in the order of time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

from bototrail.errors import MissingExtraError
from bototrail.history.catalogue import KINDS, Part
from bototrail.history.columns import COLUMNS
from bototrail.history.event import Row

ROWS: Final = 50_000
"""Events of a part that is not merged any more; also of a row group, so that each has one."""

BYTES: Final = 64 * 1024 * 1024
"""Bytes of records after which a part is written with fewer: some are 256 kB long."""

FACTS, RECORDS, NAMES = KINDS
"""A part is three files. Two are of the same events in the same order: what filters ask for, and the records.

DuckDB reads row groups whole: what is asked of many events is read fastest in big ones, a few records in small ones.
The third has the names of all resources, each once, with a Bloom filter: events have several, so their column has none.
"""

PLACE: Final = ("event_time", "event_id")
RECORD: Final = "record"
NAME: Final = "name"
"""The column with the record itself, JSON text."""

_FEW_ROWS: Final = 400
_UNIQUE: Final = ("event_id", NAME)
_VALUES: Final = 10_000  # that a column may have in a part for its Bloom filter to be as good as it should
_ARROW: Final = {"BIGINT": "int64", "BOOLEAN": "bool_", "VARCHAR": "string"}
# Of these every part has a Bloom filter, so that a value is looked for only where it may be.
_BLOOM: Final = (
    "event_id",
    "event_name",
    "event_source",
    "user_name",
    "access_key_id",
    "error_code",
    "source_ip",
    "role",
    "session",
)
_OFTEN_THE_SAME: Final = [column.name for column in COLUMNS if column.name not in ("event_time", "event_id")]


def write_part(folder: Path, rows: Sequence[Row]) -> Part:
    """Write events.

    Args:
        folder: of the parts.
        rows: at least one, in any order.

    Raises:
        OSError: it cannot be written.
    """
    return write_batches(folder, [batch_of(rows)])


def batch_of(rows: Sequence[Row]) -> Any:
    """Events as a `pyarrow.RecordBatch`, which takes less memory than they do.

    Args:
        rows: at least one.
    """
    import pyarrow as pa

    values = zip(*rows, strict=True)
    columns = [pa.array(each, field.type) for each, field in zip(values, schema(), strict=True)]
    return pa.RecordBatch.from_arrays(columns, schema=schema())


def write_batches(folder: Path, batches: list[Any]) -> Part:
    """Write events.

    Args:
        folder: of the parts.
        batches: of `batch_of`, at least one; none is there any more afterwards, which saves memory.

    Raises:
        OSError: it cannot be written.
    """
    import pyarrow as pa

    table = pa.Table.from_batches(batches).sort_by("event_time")
    batches.clear()
    return write_table(folder, table)


def write_table(folder: Path, table: Any) -> Part:
    """Write a table of such events.

    Args:
        folder: of the parts.
        table: a `pyarrow.Table` in the order of time.
    """
    name = uuid4().hex
    names, records, facts = (folder / f"{name}{kind}" for kind in (NAMES, RECORDS, FACTS))
    _write(names, _names(table), 10 * ROWS, (), (NAME,))
    # Found by their rows, records need no Bloom filter; and the least and greatest of them would be kept whole.
    _write(records, table.select([*PLACE, RECORD]), _FEW_ROWS, (), (), statistics=PLACE)
    _write(facts, table.drop_columns([RECORD]), ROWS, _OFTEN_THE_SAME, _BLOOM)
    times = table.column("event_time")
    return Part(name, table.num_rows, table.column(RECORD).nbytes, times[0].as_py(), times[-1].as_py())


def _names(table: Any) -> Any:
    """The names of resources, each once."""
    import pyarrow as pa
    import pyarrow.compute as pc

    names = pc.list_flatten(pc.split_pattern(table.column("resource_name"), "\n"))
    return pa.table({NAME: pc.unique(names)})


def _write(
    path: Path,
    table: Any,
    rows: int,
    often_the_same: Sequence[str],
    blooms: Sequence[str],
    *,
    statistics: Sequence[str] | None = None,
) -> None:
    import pyarrow.parquet as pq

    temporary = path.with_name(f".{path.name}")
    group = min(rows, table.num_rows)
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))  # pyarrow leaves that to the umask
    try:
        pq.write_table(
            table,
            temporary,
            row_group_size=rows,
            compression="zstd",
            compression_level=1,
            use_dictionary=list(often_the_same),
            write_statistics=True if statistics is None else list(statistics),
            bloom_filter_options={
                name: {"ndv": max(1, group if name in _UNIQUE else min(group, _VALUES)), "fpp": 0.01} for name in blooms
            },
        )
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


class BrokenPartError(Exception):
    """A part cannot be read.

    Args:
        part: the part.
    """

    def __init__(self, part: Part) -> None:
        super().__init__(part.name)
        self.part = part


def merge_parts(folder: Path, parts: Sequence[Part]) -> Part:
    """One part with the events of several.

    Raises:
        BrokenPartError: one of them cannot be read.
        OSError: the new one cannot be written.
    """
    import pyarrow as pa

    return write_table(folder, pa.concat_tables([read_part(folder, part) for part in parts]).sort_by("event_time"))


def read_part(folder: Path, part: Part) -> Any:
    """All of a part, a `pyarrow.Table`.

    Raises:
        BrokenPartError: it cannot be read.
    """
    import pyarrow.parquet as pq

    # As single files, so that a folder named `region=eu` above them is no column.
    try:
        facts = pq.ParquetFile(folder / f"{part.name}{FACTS}").read()
        records = pq.ParquetFile(folder / f"{part.name}{RECORDS}").read()
        if not records.select(PLACE).equals(facts.select(PLACE)):
            raise ValueError("its files are not of the same events")
        return facts.append_column(RECORD, records.column(RECORD)).cast(schema())
    except Exception as error:
        raise BrokenPartError(part) from error


def rows_of(folder: Path, part: Part) -> list[Row]:
    """The events of a part.

    Raises:
        BrokenPartError: it cannot be read.
    """
    return [tuple(row.values()) for row in read_part(folder, part).to_pylist()]


@cache
def schema() -> Any:
    """The columns of a part, a `pyarrow.Schema`.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtraError("event history", "history") from None
    fields = [pa.field(column.name, getattr(pa, _ARROW[column.type])()) for column in COLUMNS]
    return pa.schema([*fields, pa.field(RECORD, pa.string())])


def is_part(path: Path) -> bool:
    """Whether a file of a part is whole, as far as its ends tell."""
    try:
        with path.open("rb") as file:
            head = file.read(4)
            file.seek(-4, os.SEEK_END)
            return head == file.read(4) == b"PAR1"
    except OSError:
        return False
