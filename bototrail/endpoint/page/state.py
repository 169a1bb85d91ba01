"""What is known beside the events: how far the index is, and what was skipped."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from bototrail import __version__
from bototrail.endpoint.library import Library
from bototrail.endpoint.live import Live
from bototrail.endpoint.page import files
from bototrail.errors import BototrailError
from bototrail.history.columns import COLUMNS
from bototrail.history.filters import FIELDS, TEXT

MOST_PROBLEMS: Final = 200
"""Skipped files that are named; of others only the number is told."""


def state(library: Library) -> dict[str, Any]:
    """The state, with a `mark` that is another one as soon as something is.

    Args:
        library: what is served.

    Returns:
        release and static: of the page; names of fields; buckets, those that are served; there, whether one of them is
        there yet; ready, whether all were read once; indexing, how far that is; files and events that are known;
        problems, the skipped files, and skipped, how many these are; failures of buckets; days that lookups reach back;
        version of what is known.
    """
    found: dict[str, Any] = {"buckets": [place.location for place in library.places], **_own()}
    if library.live is not None:
        try:
            found |= _of(library.live)
        except BototrailError as error:
            found["failures"] = [str(error)]
    found["mark"] = hashlib.sha256(orjson.dumps(found)).hexdigest()[:16]
    return found


def _of(live: Live) -> Mapping[str, Any]:
    now, history = live.state(), live.history
    return {
        "there": bool(history.histories),
        "ready": now.ready,
        "indexing": now.indexing and now.indexing._asdict(),
        "files": now.files,
        "events": now.events,
        "problems": [{"key": key, "problem": problem} for key, problem in now.problems[:MOST_PROBLEMS]],
        "skipped": len(now.problems),
        "failures": [f"{location}: {why}" for location, why in now.failures],
        "days": live.days,
        "version": history.version(),
    }


def _own() -> Mapping[str, Any]:
    return {
        "release": __version__,
        "static": files.mark(),
        "names": FIELDS,
        "fields": [*(column.field for column in COLUMNS[1:]), TEXT],
    }
