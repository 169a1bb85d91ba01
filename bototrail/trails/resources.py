"""The resources of an event as selectors see them: types and ARNs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bototrail.record.resources import Source, arn_maker

if TYPE_CHECKING:
    from bototrail.trails.data_types import Row


class Resource(NamedTuple):
    """A resource; None stands for what is not known of it."""

    type: str | None
    arn: str | None


NONE: Final = (Resource(None, None),)
"""Of an event without resources: fields that are missing."""

Found = Callable[[Source, Sequence[Mapping[str, Any]]], "tuple[Resource, ...]"]


class Kinds(NamedTuple):
    """What the resources of an operation's events can be.

    Attributes:
        possible: the types that they can have, None among them when there may be no resource; None when only the
            events themselves tell.
        certain: whether each event has all of these types.
        find: the resources of one event, from what it says and from the entries of its `resources`.
    """

    possible: tuple[str | None, ...] | None
    certain: bool
    find: Found


@lru_cache(maxsize=4096)
def kinds_of(event_source: str, event_name: str) -> Kinds:
    """What is known of the resources of an operation's events; without a row they are what the record says."""
    from bototrail.trails.data_types import DATA_TYPES  # a trail that takes everything need not import it

    rows = DATA_TYPES.get(event_source, {}).get(event_name)
    if rows is None:
        return Kinds(None, False, lambda _, entries: recorded(entries) or NONE)
    certain = not any(row.when or row.unless or row.named for row in rows)
    finders = tuple(_finder(row) for row in rows)

    def find(source: Source, entries: Sequence[Mapping[str, Any]]) -> tuple[Resource, ...]:
        own = recorded(entries)
        return tuple(found for finder in finders for found in finder(source, own)) or NONE

    types = tuple(row.type for row in rows)
    return Kinds(types if certain else (*types, None), certain, find)


def recorded(entries: Sequence[Mapping[str, Any]]) -> tuple[Resource, ...]:
    """The entries of `resources`; the text of an ARNPrefix, which listings have, counts as their ARN."""
    out = []
    for entry in entries:
        kind, arn = entry.get("type"), entry.get("ARN", entry.get("ARNPrefix"))
        out.append(Resource(kind if isinstance(kind, str) else None, arn if isinstance(arn, str) else None))
    return tuple(out)


def _finder(row: Row) -> Callable[[Source, tuple[Resource, ...]], list[Resource]]:
    makers = tuple(arn_maker(template) for template in row.arns)
    when = (row.when[0], re.compile(row.when[1])) if row.when else None
    unless = tuple((member, re.compile(pattern)) for member, pattern in row.unless)

    def find(source: Source, own: tuple[Resource, ...]) -> list[Resource]:
        request = source.request
        if (when and not _holds(request, *when)) or any(_holds(request, *one) for one in unless):
            return []
        # A constant must not stand for parameters that are not in the record. [facts §1.8]
        known = makers if request and request.get("omitted") is not True else ()
        made = next((arns for maker in known if (arns := [a for a in maker(source) if a[:4] == "arn:"])), None)
        if made is not None:
            return [Resource(row.type, arn) for arn in made]
        found = [resource for resource in own if resource.type == row.type]
        return found or ([] if row.named else [Resource(row.type, None)])

    return find


def _holds(request: Mapping[str, Any], member: str, pattern: re.Pattern[str]) -> bool:
    value = request.get(member)
    return isinstance(value, str) and pattern.search(value) is not None
