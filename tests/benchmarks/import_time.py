"""Start-up cost: what `BOTOTRAIL` adds to a program that makes a boto3 client, and to one that does not.

    python -m venv venv && venv/bin/pip install dist/bototrail-*.whl
    venv/bin/python tests/benchmarks/import_time.py

Needs the wheel installed, because the `bototrail.pth` in it is what reads the variable (an editable install has none).
Runs with the variable set and unset alternate; tables show medians of CPU (user and system) and wall milliseconds of
the whole process, and the median difference of neighbours. `±` is half the distance between the quartiles.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

PROGRAMS = {
    "boto3.client('sts')": "import boto3; boto3.client('sts', region_name='us-east-1')",
    "pass": "pass",
}
UNSET, SET = "BOTOTRAIL unset", "BOTOTRAIL set"

Run = tuple[float, float]
"""CPU and wall milliseconds."""


def run(program: str, environment: dict[str, str]) -> Run:
    """Run `program` once in a new interpreter."""
    started = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", program], env=environment, cwd=tempfile.gettempdir()) as process:
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"python -c {program!r} ended with {process.returncode}")
    return (used.ru_utime + used.ru_stime) * 1000, wall * 1000


def environments(folder: str) -> dict[str, dict[str, str]]:
    """The two environments; neither lets boto3 look for credentials in a network."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "BOTOTRAIL", "PYTHON"))}
    base = {
        **kept,
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {UNSET: base, SET: {**base, "BOTOTRAIL": f"{folder}/bucket", "BOTOTRAIL_STATE": f"{folder}/state"}}


def measure(program: str, runs: int, folder: str) -> dict[str, list[Run]]:
    """Alternating runs of both kinds, in random order within each pair."""
    found = environments(folder)
    samples: dict[str, list[Run]] = {name: [] for name in found}
    for number in range(runs + 1):
        for name in random.sample(list(found), len(found)):
            taken = run(program, found[name])
            if number:  # the first pair fills the disk's and Python's caches
                samples[name].append(taken)
    return samples


def cell(values: list[float]) -> str:
    """Median and spread."""
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.1f} ± {(high - low) / 2:.1f}"


def table(title: str, samples: dict[str, list[Run]]) -> list[str]:
    """The table of one program."""
    lines = [f"{f'python -c {title}':<32}{'CPU ms':>16}{'wall ms':>16}"]
    rows = list(samples.items())
    pairs = zip(samples[SET], samples[UNSET], strict=True)
    rows.append(("added", [(a[0] - b[0], a[1] - b[1]) for a, b in pairs]))
    for name, runs in rows:
        cpu, wall = zip(*runs, strict=True)
        lines.append(f"{name:<32}{cell(list(cpu)):>16}{cell(list(wall)):>16}")
    return lines


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--runs", type=int, default=30, metavar="N", help="runs of each kind, at least 20 [%(default)s]"
    )
    runs = parser.parse_args().runs
    if runs < 20:
        parser.error("at least 20 runs are needed")
    if not (Path(sysconfig.get_path("purelib")) / "bototrail.pth").exists():
        parser.error(f"expected the wheel's bototrail.pth beside the packages of {sys.executable}; install the wheel")
    print(f"Python {platform.python_version()}, {runs} runs of each kind")
    with tempfile.TemporaryDirectory() as folder:
        for title, program in PROGRAMS.items():
            print("", *table(title, measure(program, runs, folder)), sep="\n", flush=True)


if __name__ == "__main__":
    main()
