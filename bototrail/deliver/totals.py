"""What became of records over all processes of a state directory: `STATE/totals.json`."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Any

import orjson

from bototrail.clock import event_id

COUNTS = ("delivered", "files", "dropped", "torn", "damaged")


def read_totals(state: Path) -> dict[str, Any]:
    """The counts so far; zeros when there are none or the file is broken."""
    try:
        value = orjson.loads((state / "totals.json").read_bytes())
    except (OSError, orjson.JSONDecodeError):
        value = {}
    return {**dict.fromkeys(COUNTS, 0), **(value if isinstance(value, dict) else {})}


def add_totals(state: Path, **counts: Any) -> None:
    """Add numbers and replace texts, one process at a time."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(state / "totals.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        totals = read_totals(state)
        for name, value in counts.items():
            totals[name] = totals.get(name, 0) + value if isinstance(value, int) else value
        temporary = state / f".totals.{event_id()}"
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(orjson.dumps(totals))
        temporary.replace(state / "totals.json")
    finally:
        os.close(lock)
