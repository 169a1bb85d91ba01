"""The resources of an event as LookupEvents names them: types and names."""

from __future__ import annotations

from typing import Any, Final

MOST: Final = 100
"""Resources of an event that are kept."""
LONGEST: Final = 2048
"""Characters of a name; longer ones are cut."""


def resources(record: dict[str, Any]) -> list[tuple[str, str]]:
    """Types and names, each pair once; a type that nobody knows is empty.

    Args:
        record: any JSON object.
    """
    found: dict[tuple[str, str], None] = {}
    entries = record.get("resources")
    for entry in entries if type(entries) is list else ():
        if type(entry) is dict:
            kind, arn = entry.get("type"), entry.get("ARN") or entry.get("ARNPrefix")
            if type(arn) is str and arn:
                found[kind if type(kind) is str else "", arn[:LONGEST].replace("\n", " ")] = None
    return list(found)[:MOST]
