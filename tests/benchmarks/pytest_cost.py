"""What the pytest plug-in costs: the fixture in a test that uses moto, and the plug-in in a suite that uses no AWS.

    python tests/benchmarks/pytest_cost.py
    python tests/benchmarks/pytest_cost.py --rounds 200

The tests of the first table run in one real pytest, in pairs: the same body without the fixture and with it (and an
assertion about its calls), whichever comes first being drawn anew for each pair. What is measured is CPU of the thread
that runs the tests, over the whole of a test's set-up, call and tear-down. "Added" is the median of the differences
within the pairs and, behind `±`, half the distance between the quartiles.

The second table starts `pytest --collect-only` on a file with one empty test, again and again, with and without the
plug-in; CPU (user and system) and wall time of the whole process.
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

CONFTEST = """
import pytest
from moto import mock_aws

@pytest.fixture
def aws():
    with mock_aws():
        yield
"""
BODIES = {
    "one object": """
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="reports")
        s3.put_object(Bucket="reports", Key="a.csv", Body=b"1,2,3")
        assert s3.get_object(Bucket="reports", Key="a.csv")["Body"].read() == b"1,2,3"
    """,
    "three services": """
        table = boto3.resource("dynamodb").create_table(
            TableName="photos", BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
        queue = boto3.resource("sqs").create_queue(QueueName="jobs")
        s3 = boto3.client("s3")
        s3.create_bucket(Bucket="reports")
        for number in range(3):
            s3.put_object(Bucket="reports", Key=str(number), Body=b"1,2,3")
            table.put_item(Item={"id": str(number)})
            queue.send_message(MessageBody=str(number))
    """,
}
TEST = """
@pytest.mark.parametrize("pair", range({rounds}))
def test_{number}_without(aws, pair):
{body}

@pytest.mark.parametrize("pair", range({rounds}))
def test_{number}_with(aws, bototrail, pair):
{body}
    bototrail.assert_called("s3:PutObject", Bucket="reports")
"""


class Meter:
    """Measures every test, and puts those of a pair side by side."""

    def __init__(self) -> None:
        self.taken: dict[str, list[float]] = {}

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """The two of a pair follow each other, in either order."""
        random.shuffle(items)
        items.sort(key=lambda item: (item.callspec.params["pair"], item.originalname.split("_")[1]))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: Any) -> Generator[None, object, object]:
        """One test."""
        gc.collect()
        gc.disable()  # a collection comes by chance, and takes longer than all that is measured here
        started = time.thread_time_ns()
        result = yield
        gc.enable()
        self.taken.setdefault(item.originalname, []).append((time.thread_time_ns() - started) / 1e6)
        return result


def fixture_cost(rounds: int, folder: Path) -> list[str]:
    """The table of the fixture."""
    tests = ["import boto3, pytest"]
    for number, body in enumerate(BODIES.values()):
        indented = "\n".join(line.removeprefix("    ") for line in body.strip("\n").splitlines()[:-1])
        tests.append(TEST.format(rounds=rounds + 3, number=number, body=indented))
    (folder / "conftest.py").write_text(CONFTEST)
    (folder / "test_it.py").write_text("\n".join(tests))
    meter = Meter()
    options = ["-p", "no:cacheprovider", "-p", "no:terminal", "-p", "no:asyncio", "--rootdir", str(folder)]
    gc.freeze()
    code = pytest.main([*options, str(folder)], plugins=[meter])
    if code != 0:
        sys.exit(f"the tests ended with {code}")
    lines = [f"{'CPU of a test':<18}{'without ms':>12}{'with ms':>12}{'added µs':>18}{'added %':>9}"]
    for number, name in enumerate(BODIES):
        bare, mine = (meter.taken[f"test_{number}_{kind}"][3:] for kind in ("without", "with"))
        low, middle, high = statistics.quantiles([(b - a) * 1000 for a, b in zip(bare, mine, strict=True)], n=4)
        base = statistics.median(bare)
        added = f"{middle:.0f} ± {(high - low) / 2:.0f}"
        lines.append(f"{name:<18}{base:>12.2f}{statistics.median(mine):>12.2f}{added:>18}{middle / base / 10:>9.2f}")
    return lines


def load_cost(runs: int, folder: Path) -> list[str]:
    """The table of the plug-in's loading."""
    (folder / "test_none.py").write_text("def test_nothing():\n    pass\n")
    base = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    kinds = {"without": ["-p", "no:bototrail"], "with": []}
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
    for number in range(runs + 1):
        for kind in random.sample(list(kinds), len(kinds)):
            started = time.perf_counter()
            with subprocess.Popen(
                [*base, *kinds[kind], str(folder)], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            ) as process:
                _, status, used = os.wait4(process.pid, 0)
                process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                sys.exit(f"pytest ended with {process.returncode}")
            if number:  # the first ones fill the disk's and Python's caches
                wall = (time.perf_counter() - started) * 1000
                taken[kind].append(((used.ru_utime + used.ru_stime) * 1000, wall))
    lines = [f"{'pytest --co':<18}{'CPU ms':>18}{'wall ms':>18}"]
    added = [(b[0] - a[0], b[1] - a[1]) for a, b in zip(*taken.values(), strict=True)]
    for kind, values in (*taken.items(), ("added", added)):
        cells = []
        for column in zip(*values, strict=True):
            low, middle, high = statistics.quantiles(column, n=4)
            cells.append(f"{f'{middle:.1f} ± {(high - low) / 2:.1f}':>18}")
        lines.append(f"{kind:<18}{''.join(cells)}")
    return lines


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=100, metavar="N", help="pairs of each test [%(default)s]")
    parser.add_argument("--runs", type=int, default=20, metavar="N", help="starts of pytest of each kind [%(default)s]")
    options = parser.parse_args()
    if options.rounds < 2 or options.runs < 2:
        parser.error("at least 2 rounds and 2 runs are needed")
    for name in [n for n in os.environ if n.startswith(("AWS_", "BOTOTRAIL"))]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID="testing", AWS_SECRET_ACCESS_KEY="testing", AWS_DEFAULT_REGION="us-east-1", AWS_CONFIG_FILE=""
    )
    print(f"Python {platform.python_version()}, pytest {pytest.__version__}")
    for measure, number in ((load_cost, options.runs), (fixture_cost, options.rounds)):
        with tempfile.TemporaryDirectory() as folder:
            print("", *measure(number, Path(folder)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
