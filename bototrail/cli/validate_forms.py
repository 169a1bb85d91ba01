"""What `bototrail validate` prints: lines like those of `aws cloudtrail validate-logs`, or JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Protocol, TextIO

from bototrail.cli.shown import shown
from bototrail.clock import event_time
from bototrail.integrity.summary import BACKFILL, Summary
from bototrail.integrity.verdicts import CHAIN, DIGEST, FOLDER, INVALID, LOG, PENDING, UNPROVEN, VALID, Verdict


class Asked(NamedTuple):
    """What was asked for.

    Attributes:
        location: the bucket.
        start: from when on, seconds since 1970; None from the first digest file.
        end: until when.
    """

    location: str
    start: float | None
    end: float


class Form(Protocol):
    """How results are printed."""

    def __init__(self, out: TextIO, asked: Asked) -> None: ...

    def verdict(self, verdict: Verdict) -> None:
        """Print one."""

    def end(self, summary: Summary) -> None:
        """Print what they come to."""


class Table:
    """Lines, as the AWS CLI prints them: a detail stands on a line of its own, that begins with blanks."""

    def __init__(self, out: TextIO, asked: Asked) -> None:
        self._out, self._asked = out, asked
        end = event_time(asked.end)
        times = f"up to {end}" if asked.start is None else f"between {event_time(asked.start)} and {end}"
        self._print(f"Validating log files in {asked.location} {times}")
        self._print("")

    def verdict(self, verdict: Verdict) -> None:
        """See `Form`."""
        self._print(*verdict.columns)
        if verdict.detail:
            self._print(f"    {verdict.detail}")

    def end(self, summary: Summary) -> None:
        """See `Form`."""
        for line in _summary(summary, self._asked):
            self._print(line)
        self._out.flush()  # what goes wrong with it shall be told

    def _print(self, *columns: str) -> None:
        """A line; no name in a bucket can begin another one or another column, or fail to be printed."""
        line = "\t".join(shown(column).replace("\n", r"\n") for column in columns)
        if not line.isascii():
            encoding = getattr(self._out, "encoding", None) or "utf-8"
            line = line.encode(encoding, "backslashreplace").decode(encoding)
        self._out.write(f"{line}\n")


def _summary(summary: Summary, asked: Asked) -> list[str]:
    start = "the first digest file" if asked.start is None else event_time(asked.start)
    lines = ["", f"Results requested for {start} to {event_time(asked.end)}"]
    if not summary.digests:
        return [*lines, "No digests found"]
    if summary.found:
        first = min(found[0] for found in summary.found.values())
        last = max(found[1] for found in summary.found.values())
        first = first if asked.start is None else max(first, asked.start)
        lines += [f"Results found for {event_time(first)} to {event_time(min(last, asked.end))}:", ""]
    else:
        lines += ["No valid digests found in range", ""]
    for kind, name in ((DIGEST, "digest"), (BACKFILL, "backfill digest"), (LOG, "log")):
        valid, invalid = summary.counts[kind, VALID], summary.counts[kind, INVALID]
        if total := valid + invalid:
            also = f", {invalid}/{total} {name} files INVALID" if invalid else ""
            lines.append(f"{valid}/{total} {name} files valid{also}")
    for key, words in _OTHERS.items():
        if count := summary.counts[key]:
            lines.append(f"{count} {words[count != 1]}")
    return lines


_OTHERS: Final = {
    # what is counted: words for one, words for more
    (CHAIN, INVALID): ("stretch of time without digest files", "stretches of time without digest files"),
    (FOLDER, INVALID): ("log file in a region without digest files", "log files in regions without digest files"),
    (LOG, PENDING): ("log file not yet in a digest file", "log files not yet in a digest file"),
    (FOLDER, UNPROVEN): (
        "log file from before the first digest file, not validated",
        "log files from before the first digest file, not validated",
    ),
    (FOLDER, PENDING): (
        "log file in a region that has no digest files yet",
        "log files in regions that have no digest files yet",
    ),
}


class Json:
    """One document, written as the verdicts come."""

    def __init__(self, out: TextIO, asked: Asked) -> None:
        self._out, self._between = out, "\n"
        self._begin(_json({"location": asked.location, "start": _time(asked.start), "end": _time(asked.end)}))

    def _begin(self, asked: str) -> None:
        self._out.write(f'{asked[:-1]}, "verdicts": [')

    def verdict(self, verdict: Verdict) -> None:
        """See `Form`."""
        self._out.write(self._between + _json(_fields(verdict)))
        self._between = ",\n"

    def end(self, summary: Summary) -> None:
        """See `Form`."""
        self._out.write(f'\n], "summary": {_json(_totals(summary))}}}\n')
        self._out.flush()


class JsonLines(Json):
    """An object a line: what was asked for, the verdicts, the summary."""

    def _begin(self, asked: str) -> None:
        self._out.write(asked)

    def verdict(self, verdict: Verdict) -> None:
        """See `Form`."""
        self._out.write(f"\n{_json(_fields(verdict))}")

    def end(self, summary: Summary) -> None:
        """See `Form`."""
        self._out.write(f"\n{_json({'summary': _totals(summary)})}\n")
        self._out.flush()


FORMS: Final[Mapping[str, type[Form]]] = {"table": Table, "json": Json, "jsonl": JsonLines}


def _json(value: Any) -> str:
    import json  # what orjson writes may hold characters that a terminal obeys, and it takes no surrogates

    return json.dumps(value).replace("\x7f", r"\u007f")


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else event_time(seconds)


def _fields(verdict: Verdict) -> dict[str, Any]:
    chain = verdict.chain
    return {
        "kind": verdict.kind,
        "location": verdict.location,
        "key": verdict.key,
        "status": verdict.status,
        "reason": verdict.reason,
        "detail": verdict.detail,
        "backfill": verdict.backfill,
        "trail": chain and chain.arn,
        "region": chain and chain.region,
        "start": _time(verdict.start),
        "end": _time(verdict.end),
        "files": verdict.files,
    }


def _totals(summary: Summary) -> dict[str, Any]:
    counts: dict[str, dict[str, int]] = {}
    for (kind, status), count in summary.counts.items():
        counts.setdefault(kind, {})[status] = count
    found = [
        {"trail": chain.arn, "region": chain.region, "start": _time(start), "end": _time(end)}
        for chain, (start, end) in summary.found.items()
    ]
    return {"passed": summary.passed, "counts": counts, "found": found, "seconds": round(summary.seconds, 3)}
