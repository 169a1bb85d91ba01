"""How long a policy takes to make from a bucket, beside trailscraper on the same files.

    python tests/benchmarks/policy_cost.py
    python tests/benchmarks/policy_cost.py --records 200000 --trailscraper /path/to/bin/trailscraper

The bucket holds the golden records over and over, with other names, in log files of 1,000. Each row is a whole process,
start included, the fastest of three runs. trailscraper pins another boto3, so it lives in an environment of its own; it
makes statements of actions alone, without resources.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parent.parent))

from policy.golden import records

FOLDER = "AWSLogs/111122223333/CloudTrail/eu-central-1/2026/11/21"
NAME = "111122223333_CloudTrail_eu-central-1_20261121T1020Z_{number:016}.json.gz"
PER_FILE = 1000
SERVICES = tuple(f"{name}.amazonaws.com" for name in ("dynamodb", "ec2", "iam", "kms", "s3", "sns", "sqs"))
"""Those of which trailscraper knows all operations."""


def varied() -> Iterator[dict[str, Any]]:
    """The golden records without end, each time with other names."""
    found = [r for r in records() if isinstance(r["requestParameters"], dict) and r["eventSource"] in SERVICES]
    for turn in itertools.count():
        for record in found:
            text = json.dumps(record["requestParameters"]).replace("orders", f"orders-{turn % 50}")
            yield {**record, "eventTime": "2026-11-21T10:20:00Z", "requestParameters": json.loads(text)}


def fill(bucket: Path, count: int) -> None:
    """Write log files with `count` records."""
    (bucket / FOLDER).mkdir(parents=True)
    source = varied()
    for number in range(count // PER_FILE):
        body = json.dumps({"Records": list(itertools.islice(source, PER_FILE))}).encode()
        (bucket / FOLDER / NAME.format(number=number)).write_bytes(gzip.compress(body, 4))


def fastest(command: str) -> float:
    """Seconds of the fastest of three runs of a shell command."""
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, shell=True, check=True, capture_output=True)
        took.append(time.perf_counter() - began)
    return min(took)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--trailscraper", help="its program")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bucket = Path(folder) / "audit"
        fill(bucket, given.records)
        ours = f"{Path(sys.executable).with_name('bototrail')} policy --bucket {bucket}"
        rows = {"bototrail policy": ours, "bototrail policy --generalize": f"{ours} --generalize"}
        if given.trailscraper:
            select = f"{given.trailscraper} select --log-dir {bucket}"
            rows["trailscraper select | generate"] = f"{select} | {given.trailscraper} generate"
        print(f"{'':34}{'seconds':>9}{'records/s':>12}")
        for name, command in rows.items():
            seconds = fastest(command)
            print(f"{name:34}{seconds:9.2f}{given.records / seconds:12,.0f}")


if __name__ == "__main__":
    main()
