"""What is known beside the events: how far the index is, and what was skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from bototrail import __version__
from bototrail.endpoint.page import files
from bototrail.endpoint.page.source import Source
from bototrail.errors import BototrailError
from bototrail.history.columns import COLUMNS
from bototrail.history.filters import FIELDS, TEXT

MOST_PROBLEMS: Final = 200
"""Skipped files that are named; of others only the number is told."""


def state(source: Source) -> dict[str, Any]:
    """The state, with a `mark` that is another one as soon as something is.

    Args:
        source: what is shown.
    """
    found: dict[str, Any] = {**_fixed(), **source.state()}
    try:
        history = source.history
        if history is not None:
            files_known, events = history.totals()
            problems = history.problems()
            shown = [{"key": key, "problem": problem} for key, problem in problems[:MOST_PROBLEMS]]
            found |= {"files": files_known, "events": events, "version": history.version(), "days": history.days}
            found |= {"problems": shown, "skipped": len(problems)}
    except BototrailError as error:
        found["error"] = str(error)
    found["mark"] = hashlib.sha256(orjson.dumps(found)).hexdigest()[:16]
    return found


def _fixed() -> Mapping[str, Any]:
    return {
        "release": __version__,
        "static": files.mark(),
        "fields": [column.field for column in COLUMNS[1:]] + [TEXT],
        "names": FIELDS,
        "error": "",
        "version": "",
        "days": 0,
        "files": 0,
        "events": 0,
        "problems": [],
        "skipped": 0,
    }
