"""What became of records over all processes of a state directory: `totals.json` and `trails.json` in it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import orjson

from bototrail.clock import event_id, event_time
from bototrail.deliver.destination import Attempt
from bototrail.spool.folder import FORMER
from bototrail.trails import Trail

KEPT: Final = 200
"""Trails whose status is kept; every folder that somebody ever recorded into is one."""

COUNTS: Final = ("delivered", "files", "dropped", "unsent", "torn", "damaged")


def read_totals(state: Path) -> dict[str, Any]:
    """The counts so far; zeros when there are none or the file is broken."""
    return {**dict.fromkeys(COUNTS, 0), **_read(state / "totals.json")}


def add_totals(state: Path, **counts: Any) -> None:
    """Add numbers and replace texts, one process at a time."""

    def add(totals: dict[str, Any]) -> None:
        for name, value in counts.items():
            totals[name] = totals.get(name, 0) + value if isinstance(value, int) else value

    _change(state, "totals", add)


def read_trails(state: Path, alive: Iterable[Path]) -> list[dict[str, Any]]:
    """What is known of each trail that was ever recorded here, in the fields of GetTrailStatus.

    Args:
        state: the state directory.
        alive: folders of the processes that record now.

    Returns:
        Dicts with `Name`, `bucket` (its folder or URL), IsLogging, times as `YYYY-MM-DDTHH:MM:SSZ`, and errors.
        `LatestEventBridgeDeliveryTime` and `LatestEventBridgeDeliveryError` are our own.
    """
    rows = _read(state / "trails.json")
    used = (trail for folder in alive for trail in trails_in(folder, former=False))
    logging = {_key(trail) for trail in used if trail.IsLogging}
    found = [{**row, "IsLogging": key in logging} for key, row in rows.items() if isinstance(row, dict)]
    return sorted(found, key=lambda row: (str(row.get("Name")), str(row.get("bucket"))))


def trails_in(folder: Path, *, former: bool = True) -> list[Trail]:
    """The trails of a process's folder, whoever owns it; none when they cannot be read.

    Args:
        folder: the folder.
        former: also those that are not used any more.
    """
    try:
        rows = orjson.loads((folder / "trails.json").read_bytes())
        return [Trail.from_dict(row) for row in rows if former or not row.get(FORMER)]
    except (OSError, AttributeError, TypeError, orjson.JSONDecodeError):
        return []


def without(trails: Iterable[Trail], others: Iterable[Trail]) -> list[Trail]:
    """The trails that are not among others."""
    known = set(map(_key, others))
    return [trail for trail in trails if _key(trail) not in known]


def trail_status(state: Path, trail: Trail, *, logging: bool) -> dict[str, Any]:
    """What GetTrailStatus would say of one trail; `read_trails` says in which form.

    Args:
        state: the state directory.
        trail: the trail.
        logging: whether it logs now.
    """
    row = _row(_read(state / "trails.json"), trail)
    return {**row, "IsLogging": logging}


def note_attempts(state: Path, attempts: Iterable[Attempt]) -> None:
    """Write down how delivery to each destination went."""

    def note(rows: dict[str, Any]) -> None:
        for attempt in attempts:
            _row(rows, attempt.trail).update(_fields(attempt))

    _change(state, "trails", note)


def note_logging(state: Path, trails: Iterable[Trail], field: str, seconds: float) -> None:
    """Write down that logging has begun (`StartLoggingTime`) or ended (`StopLoggingTime`)."""

    def note(rows: dict[str, Any]) -> None:
        for trail in trails:
            old = "TimeLoggingStarted" if field == "StartLoggingTime" else "TimeLoggingStopped"
            _row(rows, trail).update({field: event_time(seconds), old: event_time(seconds)})

    _change(state, "trails", note)


def _key(trail: Trail) -> str:
    """What a trail is known by; several programs may each have one of the same name."""
    return f"{trail.Name} {trail.bucket.partition('?')[0]}"


def _row(rows: dict[str, Any], trail: Trail) -> dict[str, Any]:
    """The row of a trail, as the newest one; the oldest make room."""
    key = _key(trail)
    row: dict[str, Any] = rows.pop(key, None) or {"Name": trail.Name, "bucket": trail.bucket.partition("?")[0]}
    while len(rows) >= KEPT:
        del rows[next(iter(rows))]
    rows[key] = row
    return row


def _fields(attempt: Attempt) -> dict[str, Any]:
    """What GetTrailStatus says of an attempt, the fields it calls deprecated included (facts §8.2)."""
    time, latest = event_time(attempt.time), f"Latest{attempt.kind}"
    found: dict[str, Any] = {f"{latest}Error": None}
    if attempt.error is None:
        found[f"{latest}Time"] = time
    else:
        found[f"{latest}Error"] = getattr(attempt.error, "code", type(attempt.error).__name__)
    if attempt.kind in ("Delivery", "Notification"):
        found[f"{latest}AttemptTime"] = time
        if attempt.error is None:
            found[f"{latest}AttemptSucceeded"] = time
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return {}
    return value if isinstance(value, dict) else {}


def _change(state: Path, name: str, change: Callable[[dict[str, Any]], None]) -> None:
    """Rewrite a file in one step, one process at a time."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(state / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.lockf(lock, fcntl.LOCK_EX)
        value = _read(state / f"{name}.json")
        change(value)
        temporary = state / f".{name}.{event_id()}"
        fd = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(orjson.dumps(value))
        temporary.replace(state / f"{name}.json")
    finally:
        os.close(lock)
