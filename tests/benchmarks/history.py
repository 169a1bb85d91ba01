"""How long event history takes: the first index, one new file, lookups.

    python tests/benchmarks/history.py
    python tests/benchmarks/history.py --records 1000000 5000000 --bucket /some/folder
    python tests/benchmarks/history.py --trailscraper /path/to/bin/trailscraper

The bucket is a folder with log files of 200 records of a company's 89 days. The first index stands beside DuckDB's own
`read_json` over the same files (all fields told apart; and the fields that the index has, out of JSON), and beside
trailscraper, which reads the files to select some; both get a part of the files, because they take longer. Lookups are
of values as often as they occur, 50 events each; of three attributes at once; and of the page's numbers. Needs the
extra `history`; trailscraper pins another boto3, so it lives in an environment of its own.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent))

import gzip

from history_data import PER_FILE, fill, log_files

from bototrail.history.columns import COLUMNS
from bototrail.history.event import Event
from bototrail.history.filters import Filter, is_exactly
from bototrail.history.history import History

LOOKUPS = 60
PEER_FILES = 500


def timed(function: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds that something takes, and what it gives."""
    began = time.perf_counter()
    found = function()
    return time.perf_counter() - began, found


def line(name: str, text: str) -> None:
    """A row of the table."""
    print(f"  {name:46}{text}", flush=True)


def first_index(bucket: Path, cache: Path) -> float:
    """Index all; gives records a second."""
    with History(bucket, cache=cache) as history:
        seconds, done = timed(history.refresh)
    own, theirs = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    size = sum(path.stat().st_size for path in cache.rglob("*") if path.is_file()) / 1e6
    rate = done.records / seconds
    line(
        "first index",
        f"{rate:12,.0f} records/s {seconds:8.1f} s  {size:,.0f} MB; memory {own:.0f} MB, a worker {theirs:.0f}",
    )
    return rate


def duckdb_reads(files: list[Path], rate: float) -> None:
    """DuckDB's own way with the same files."""
    import duckdb

    names = [str(path) for path in files]
    fields = (
        "eventTime",
        "eventID",
        "eventName",
        "eventSource",
        "errorCode",
        "sourceIPAddress",
        "awsRegion",
        "readOnly",
    )
    nested = ("userName", "accessKeyId", "arn", "sessionContext.sessionIssuer.userName")
    columns = ", ".join([*(f"r->>'$.{name}'" for name in fields), *(f"r->>'$.userIdentity.{name}'" for name in nested)])
    ways = {
        "DuckDB read_json, all fields": "SELECT r.* FROM (SELECT unnest(Records) AS r FROM "
        "read_json(?, maximum_object_size=4000000))",
        "DuckDB read_json, the same fields": f"SELECT {columns}, r FROM (SELECT unnest(Records) AS r FROM "
        "read_json(?, columns={Records: 'JSON[]'}, maximum_object_size=4000000))",
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, sql in ways.items():
            with duckdb.connect() as connection:
                statement = f"COPY ({sql}) TO '{folder}/all.parquet' (COMPRESSION zstd)"
                seconds, _ = timed(lambda c=connection, s=statement: c.execute(s, [names]))
            theirs = len(files) * PER_FILE / seconds
            line(name, f"{theirs:12,.0f} records/s {rate / theirs:7.1f} times as long")


def trailscraper_reads(program: str, files: list[Path], bucket: Path, rate: float) -> None:
    """trailscraper's `select` over the same files."""
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            target = Path(folder) / path.relative_to(bucket)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
        command = [program, "select", "--log-dir", folder]
        seconds, _ = timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
    theirs = len(files) * PER_FILE / seconds
    line("trailscraper select", f"{theirs:12,.0f} records/s {rate / theirs:7.1f} times as long")


def new_files(bucket: Path, cache: Path) -> None:
    """Nothing new, one new file, and a hundred."""
    added = []
    with History(bucket, cache=cache) as history:
        history.refresh()
        line("update, nothing new", f"{statistics.median(timed(history.refresh)[0] for _ in range(7)) * 1e3:12.0f} ms")
        source = log_files(10_000_000, time.time() + 86_400)
        try:
            for count, rounds in ((1, 7), (100, 3)):
                took = []
                for _ in range(rounds):
                    for key, content in (next(source) for _ in range(count)):
                        path = bucket / f"new-{len(added)}" / key
                        path.parent.mkdir(parents=True, exist_ok=True)
                        path.write_bytes(gzip.compress(content))
                        added.append(path)
                    seconds, done = timed(history.refresh)
                    assert done.files == count, done
                    took.append(seconds)
                line(f"update, {count} new files", f"{statistics.median(took) * 1e3:12.0f} ms")
        finally:
            for path in added:
                path.unlink()


def lookups(history: History) -> None:
    """Lookups by each attribute, by three, and what the page asks."""
    some = random.Random(3)
    sample = some.sample(history.events(Filter(), 20_000), 400) + some.sample(
        history.events(Filter(), 20_000, reverse=True), 400
    )
    some.shuffle(sample)
    for name, queries in attributes(sample):
        took = [timed(lambda q=query: history.events(q, 50))[0] * 1e3 for query in queries]
        line(f"lookup by {name}", spread(took))
    for name, ask in {
        "count of all errors": lambda: history.count(
            Filter((is_exactly("errorCode", "AccessDenied"),), end=some.randrange(2**31, 2**32))
        ),
        "values of eventName": lambda: history.values(Filter(end=some.randrange(2**31, 2**32)), "eventName"),
        "timeline by service, a day a bar": lambda: history.timeline(Filter(end=some.randrange(2**31, 2**32)), 86_400),
    }.items():
        line(name, spread([timed(ask)[0] * 1e3 for _ in range(9)]))


def every(history: History) -> None:
    """All there is, as `bototrail lookup --format jsonl` and as its other forms read it."""
    for name, read in {"all records": history.every_stored, "all events": history.every}.items():
        seconds, count = timed(lambda r=read: sum(1 for _ in islice(r(Filter()), 200_000)))
        line(name, f"{count / seconds:12,.0f} records/s")


def attributes(sample: list[Event]) -> Iterator[tuple[str, list[Filter]]]:
    """Filters by each of LookupEvents' attributes, and by three at once."""
    for column in COLUMNS:
        if not column.attribute:
            continue
        terms = []
        for event in sample:
            value = getattr(event, column.name)
            text = str(value).lower() if column.type == "BOOLEAN" else value.strip("\n").split("\n")[0]
            terms += [is_exactly(column.field, text)] if text else []
        yield column.attribute, [Filter((term,)) for term in terms[:LOOKUPS]]
    yield (
        "user, service and errorCode",
        [
            Filter(
                (
                    is_exactly("userName", event.user_name),
                    is_exactly("eventSource", event.event_source),
                    is_exactly("errorCode", "AccessDenied"),
                )
            )
            for event in sample[:LOOKUPS]
        ],
    )
    yield (
        "role, region and readOnly",
        [
            Filter(
                (
                    is_exactly("role", event.role),
                    is_exactly("awsRegion", event.region),
                    is_exactly("readOnly", str(event.read_only).lower()),
                )
            )
            for event in sample[:LOOKUPS]
        ],
    )


def spread(took: list[float]) -> str:
    """Median and the 95th of a hundred, in milliseconds."""
    return f"{statistics.median(took):12.1f} ms p50 {statistics.quantiles(took, n=20)[-1]:9.1f} ms p95"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--bucket", type=Path, help="where buckets are made and kept; a temporary folder else")
    parser.add_argument("--trailscraper", help="its program")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for records in given.records:
            bucket, cache = (given.bucket or Path(folder)) / f"bucket-{records}", Path(folder) / f"cache-{records}"
            if not bucket.exists():
                fill(bucket, records)
            print(f"{records:,} records")
            rate = first_index(bucket, cache)
            files = sorted(bucket.rglob("*.json.gz"))[:PEER_FILES]
            duckdb_reads(files, rate)
            if given.trailscraper:
                trailscraper_reads(given.trailscraper, files, bucket, rate)
            new_files(bucket, cache)
            with History(bucket, cache=cache) as history:
                history.refresh()
                line("the first count, after which doubles are known", f"{timed(history.prepare)[0] * 1e3:12.0f} ms")
                lookups(history)
                every(history)
                line("memory, of all this", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12.0f} MB")


if __name__ == "__main__":
    main()
