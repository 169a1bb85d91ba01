"""Added CPU per call that no trail wants, beside a call that one wants and one that three want.

    python tests/benchmarks/unselected.py
    python tests/benchmarks/unselected.py --rounds 60

Measured as `overhead.py` does it: in blocks of one process, in an order drawn anew for each round, less what bare
botocore takes in the same round; the median over the rounds and half the distance between the quartiles.

"operation": no trail wants such an operation, whatever its arguments. "resource": a trail wants PutObject, but not of
this key. "region": a trail of another region.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import logging
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
from contenders import Contender, Settle, contenders
from operations import OPERATIONS
from overhead import THREAD, added, measure

import bototrail

OPERATION = "s3:PutObject"


def _advanced(**fields: Any) -> dict[str, Any]:
    return {"FieldSelectors": [{"Field": name, **condition} for name, condition in fields.items()]}


def _objects(prefix: str) -> dict[str, Any]:
    type_and_arn = {"resources.type": {"Equals": ["AWS::S3::Object"]}, "resources.ARN": {"StartsWith": [prefix]}}
    return _advanced(eventCategory={"Equals": ["Data"]}, **type_and_arn)


MANAGEMENT = _advanced(eventCategory={"Equals": ["Management"]})
TRAILS: dict[str, list[dict[str, Any]]] = {
    "wanted by one": [{"AdvancedEventSelectors": [_objects("arn:aws:s3:::")]}],
    "wanted by three": [{"AdvancedEventSelectors": [_objects("arn:aws:s3:::")]}] * 3,
    "operation": [{"AdvancedEventSelectors": [MANAGEMENT]}] * 3,
    "resource": [{"AdvancedEventSelectors": [_objects("arn:aws:s3:::another-bucket/")]}],
    "region": [{"IsMultiRegionTrail": False, "HomeRegion": "eu-south-2", "AdvancedEventSelectors": [_objects("arn")]}],
}


@contextlib.contextmanager
def switched_on(trails: list[dict[str, Any]]) -> Iterator[Settle]:
    """Record with these trails."""
    with tempfile.TemporaryDirectory() as folder:
        rows = [
            {"Name": f"trail{n}", "S3BucketName": f"bucket-{n}", "IsMultiRegionTrail": True, **trail}
            for n, trail in enumerate(trails)
        ]
        buckets = {row["S3BucketName"]: f"./{row['S3BucketName']}" for row in rows}
        file = Path(folder, "trails.json")
        file.write_bytes(orjson.dumps({"buckets": buckets, "trailList": rows}))
        bototrail.start(trails=file, state=f"{folder}/state", identity="offline")
        try:
            yield bototrail.flush
        finally:
            bototrail.stop()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=300, metavar="N", help="calls in a block [%(default)s]")
    parser.add_argument("--rounds", type=int, default=25, metavar="N", help="blocks of each [%(default)s]")
    options = parser.parse_args()
    logging.disable(logging.CRITICAL)
    others = [c for c in contenders()[0] if c.name in ("bare", "opentelemetry")]
    ours = [Contender(name, "", functools.partial(switched_on, trails)) for name, trails in TRAILS.items()]
    operation = next(o for o in OPERATIONS if o.title == OPERATION)
    samples = measure(operation, [*others, *ours], options.calls, options.rounds)
    bare = statistics.median(samples[THREAD]["bare"])
    print(f"{OPERATION}, bare botocore {bare:.0f} µs; µs added in the calling thread")
    for name in samples[THREAD]:
        if name != "bare":
            middle, spread = added(samples[THREAD], name)
            print(f"{name:<20}{f'{middle:.1f} ± {spread:.1f}':>16}")


if __name__ == "__main__":
    sys.exit(main())
