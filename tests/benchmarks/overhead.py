"""Added CPU per call: bototrail beside OpenTelemetry, botocore's client-side monitoring (CSM) and X-Ray.

    python tests/benchmarks/overhead.py
    python tests/benchmarks/overhead.py --only s3:PutObject --rounds 60 --json overhead.json

Needs bototrail's `benchmark` extra; what is not installed is left out. Everything runs in this one process, and
answers come at once from inside it, so no socket is involved.

In every round each contender is on for one short block of calls, in an order that is drawn anew, and off after it. What
it adds is its block's mean less the bare one's of the same round; tables show the median over the rounds and, behind
`±`, half the distance between the quartiles. "Calling thread" is the CPU of the thread that makes the calls; "whole
process" is that of all threads, until everything from the block is delivered (bototrail: log files in their folder;
OpenTelemetry: spans at an exporter that drops them). A delivery costs the same few milliseconds however short the block
is; `--calls` says over how many calls they are spread.

bototrail writes a complete record of every call to disk before the call returns. OpenTelemetry's exporter and the
others' receivers do nothing here; X-Ray's segments are serialized and then dropped.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import platform
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from contenders import Contender, contenders
from operations import OPERATIONS, Operation, make_call

WARM_UP, AFTER_SETTLING = 20, 5
THREAD, PROCESS = "calling thread", "whole process"
GOALS = {THREAD: 0.25, PROCESS: 0.60}

Samples = dict[str, dict[str, list[float]]]
"""Clock -> contender -> microseconds per call, one for each round."""


def block(contender: Contender, call: Callable[[], object], calls: int) -> dict[str, float]:
    """Switch `contender` on, make the calls, switch it off; microseconds per call by each clock."""
    with contender.switched_on() as settle:
        for _ in range(WARM_UP):
            call()
        settle()
        gc.collect()
        for _ in range(AFTER_SETTLING):  # bototrail begins a new file of its spool
            call()
        process, thread = time.process_time_ns(), time.thread_time_ns()
        for _ in range(calls):
            call()
        thread = time.thread_time_ns() - thread
        settle()
        process = time.process_time_ns() - process
    return {THREAD: thread / calls / 1000, PROCESS: process / calls / 1000}


def measure(operation: Operation, found: list[Contender], calls: int, rounds: int) -> Samples:
    """All rounds of one operation."""
    made = {c.name: make_call(operation, **c.variables) for c in found}
    samples: Samples = {clock: {c.name: [] for c in found} for clock in GOALS}
    gc.collect()
    gc.freeze()
    for number in range(rounds + 1):
        for contender in random.sample(found, len(found)):
            taken = block(contender, made[contender.name], calls)
            if number:  # the first round only fills caches
                for clock, value in taken.items():
                    samples[clock][contender.name].append(value)
    gc.unfreeze()
    return samples


def added(values: dict[str, list[float]], name: str) -> tuple[float, float]:
    """Median of what `name` adds to bare botocore, and half its interquartile range."""
    differences = [mine - bare for mine, bare in zip(values[name], values["bare"], strict=True)]
    low, middle, high = statistics.quantiles(differences, n=4)
    return middle, (high - low) / 2


def table(title: str, samples: Samples) -> list[str]:
    """The table of one operation."""
    bare = statistics.median(samples[THREAD]["bare"])
    head = f"{'µs added per call':<20}{THREAD:>20}{PROCESS:>20}{'of OpenTelemetry':>22}"
    lines = [f"{title}   (bare botocore: {bare:.0f} µs)", head]
    for name in samples[THREAD]:
        if name == "bare":
            continue
        cells = {clock: added(samples[clock], name) for clock in GOALS}
        columns = "".join(f"{f'{middle:.1f} ± {spread:.1f}':>20}" for middle, spread in cells.values())
        lines.append(f"{name:<20}{columns}{'  '.join(_shares(samples, cells)):>22}".rstrip())
    return lines


def _shares(samples: Samples, cells: dict[str, tuple[float, float]]) -> list[str]:
    if "opentelemetry" not in samples[THREAD]:
        return []
    return [f"{cells[clock][0] / added(samples[clock], 'opentelemetry')[0]:.2f}" for clock in GOALS]


def goals(results: dict[str, Samples]) -> list[str]:
    """What bototrail adds to one call of each operation, as a share of what OpenTelemetry adds to them."""
    lines = []
    for clock, goal in GOALS.items():
        sums = [sum(added(s[clock], name)[0] for s in results.values()) for name in ("bototrail", "opentelemetry")]
        lines.append(f"{clock}: bototrail is {sums[0] / sums[1]:.2f} of OpenTelemetry (goal {goal:.2f})")
    return lines


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--calls", type=int, default=300, metavar="N", help="calls in a block [%(default)s]")
    parser.add_argument("--rounds", type=int, default=25, metavar="N", help="blocks of each contender [%(default)s]")
    parser.add_argument("--only", choices=[o.title for o in OPERATIONS], help="one operation alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every block's mean there")
    options = parser.parse_args()
    if options.calls < 1 or options.rounds < 2:
        parser.error("at least 1 call and 2 rounds are needed")
    return options


def main() -> None:
    """Measure, and print the tables."""
    options = arguments()
    logging.disable(logging.CRITICAL)
    found, notes = contenders()
    versions = ", ".join(f"{c.name if c.name != 'bare' else 'botocore'} {c.version}" for c in found)
    print(f"Python {platform.python_version()}, {versions}")
    print(f"{options.rounds} rounds, blocks of {options.calls} calls", *notes, sep="\n")
    results: dict[str, Samples] = {}
    for operation in OPERATIONS:
        if options.only in (None, operation.title):
            samples = results[operation.title] = measure(operation, found, options.calls, options.rounds)
            print("", *table(operation.title, samples), sep="\n", flush=True)
    if any(c.name == "opentelemetry" for c in found):
        print("", *goals(results), sep="\n")
    if options.json:
        options.json.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    sys.exit(main())
