"""Whether anything has come into a folder or gone from it, told by the times of the folders in it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_MOST: Final = 20_000


def folder_times(folder: Path) -> dict[str, int] | None:
    """When each folder in a folder was last changed, itself included, in nanoseconds.

    A file that is written anew without another name changes nothing here.

    Args:
        folder: where to look; not behind links in it.

    Returns:
        None when there are too many, or one cannot be read.
    """
    found: dict[str, int] = {}
    waiting = [str(folder)]
    try:
        while waiting:
            here = waiting.pop()
            found[here] = (
                Path(here).stat().st_mtime_ns
            )  # before it is read: what comes meanwhile is then seen next time
            with os.scandir(here) as entries:
                waiting += [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
            if len(found) + len(waiting) > _MOST:
                return None
    except OSError:
        return None
    return found


def are_as_before(times: Mapping[str, int]) -> bool:
    """Whether these folders were not changed since."""
    try:
        return all(Path(path).stat().st_mtime_ns == time for path, time in times.items())
    except OSError:
        return False
