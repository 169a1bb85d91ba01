"""`bototrail status`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import orjson

from bototrail.cli.options import state_directory, state_option
from bototrail.cli.shown import shown
from bototrail.deliver.totals import read_totals, read_trails
from bototrail.errors import SpoolError
from bototrail.spool import folders, is_alive


@click.command()
@state_option
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
def status(state: Path | None, form: str) -> None:
    """Show what was delivered, what waits in the spool, what was dropped, and what went wrong."""
    place = state_directory(state)
    try:
        (place / "totals.json").open("rb").close()
    except FileNotFoundError:
        pass  # nothing was delivered yet
    except OSError as error:  # counts of nothing would be no answer
        raise SpoolError(
            f"expected a state directory that can be read at {place}; found {error.strerror}; correct its rights"
        ) from None
    found = gather(place)
    click.echo(orjson.dumps(found, option=orjson.OPT_INDENT_2).decode() if form == "json" else shown(_table(found)))


def gather(state: Path) -> dict[str, Any]:
    """The state of a state directory.

    Returns:
        `state` (path), `totals` (counts over all processes), `processes`: one row for each that has a folder in the
        spool, with `pid`, `alive`, `waiting_bytes`, `segments`, `bucket` and what it counted itself; and `trails`: for
        each trail what CloudTrail's GetTrailStatus would say.
    """
    paths = folders(state)
    return {
        "state": str(state),
        "totals": read_totals(state),
        "processes": [_process(path) for path in paths],
        "trails": read_trails(state, [path for path in paths if is_alive(path)]),
    }


def _process(path: Path) -> dict[str, Any]:
    segments = [p for p in path.glob("*") if p.suffix in (".open", ".sealed")]
    trails = _json(path / "trails.json", list)
    return {
        "pid": int(path.name.partition("-")[0]) if path.name.partition("-")[0].isdigit() else 0,
        "alive": is_alive(path),
        "waiting_bytes": sum(p.stat().st_size for p in segments if p.exists()),
        "segments": len(segments),
        "bucket": ", ".join(str(t.get("bucket")).partition("?")[0] for t in trails if isinstance(t, dict)),
        "counters": _json(path / "counters.json", dict),
    }


def _json(path: Path, kind: type[Any]) -> Any:
    try:
        value = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError):
        return kind()
    return value if isinstance(value, kind) else kind()


def _table(found: dict[str, Any]) -> str:
    totals = found["totals"]
    lines = [
        f"state directory  {found['state']}",
        f"delivered        {totals['delivered']} records in {totals['files']} log files",
        f"last delivery    {totals.get('last_delivery', 'never')}  {totals.get('last_file', '')}".rstrip(),
        f"lost             {totals['dropped']} dropped, {totals['torn']} cut short by a crash",
        f"set aside        {totals['damaged']} damaged segments",
        f"waiting          {sum(p['waiting_bytes'] for p in found['processes'])} bytes",
    ]
    if totals["unsent"]:
        lines.append(f"not sent         {totals['unsent']} records to destinations beside the buckets")
    for trail in found["trails"]:
        lines += _trail_lines(trail)
    for process in found["processes"]:
        how = "runs" if process["alive"] else "gone, its records wait for `bototrail flush`"
        lines.append(f"  process {process['pid']}: {how}; {process['waiting_bytes']} bytes for {process['bucket']}")
        lines += [f"    {line}" for line in _troubles(process["counters"])]
    return "\n".join(lines)


_DESTINATIONS = {
    "Delivery": "bucket",
    "Notification": "SNS",
    "CloudWatchLogsDelivery": "CloudWatch Logs",
    "EventBridgeDelivery": "EventBridge",
    "DigestDelivery": "digests",
}
"""Destinations by the name that they have in GetTrailStatus."""


def _trail_lines(trail: dict[str, Any]) -> list[str]:
    how = "logs" if trail["IsLogging"] else "does not log now"
    lines = [f"  trail {trail['Name']}: {how}; {trail['bucket']}"]
    for kind, place in _DESTINATIONS.items():
        time, error = trail.get(f"Latest{kind}Time"), trail.get(f"Latest{kind}Error")
        if time or error:
            lines.append(
                f"    {place}: {'last ' + time if time else 'never'}{f', now fails: {error}' if error else ''}"
            )
    return lines


def _troubles(counters: dict[str, Any]) -> list[str]:
    lines = [f"dropped {counters['dropped']} records"] if counters.get("dropped") else []
    last = counters.get("last_error") or {}
    return lines + [
        f"{kind} ({count} times): {last.get(kind, '')}" for kind, count in (counters.get("errors") or {}).items()
    ]
