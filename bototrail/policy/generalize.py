"""Many resources whose names differ only in a number or an id become one with a `*`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from bototrail.policy.needs import Need

# What changes from one run to the next: UUIDs, hashes, dates, numbers.
_CHANGING: Final = re.compile(
    r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
    r"|(?<![A-Za-z])(?=[a-f]*[0-9])[0-9a-f]{8,}(?![A-Za-z])|[0-9]+"
)
_RUNS: Final = re.compile(r"\*(?:[-_./:]*\*)+")
_KEPT: Final = 2  # letters that a name must begin with, so that `table-17` becomes `table-*` and never `*`
_IN_FOLDER: Final = 10  # keys in one folder of a bucket from which on the folder stands for them


def generalized(needs: Iterable[Need]) -> list[Need]:
    """The needs with `*` where resources of one action differ only in what changes from run to run.

    A resource that stands alone stays as it is.
    """
    needs = list(needs)
    by_action: dict[str, set[str]] = {}
    for need in needs:
        by_action.setdefault(need.action, set()).add(need.resource)
    becomes = {name: _shared(resources) for name, resources in by_action.items()}
    return list(dict.fromkeys(need._replace(resource=becomes[need.action][need.resource]) for need in needs))


def _shared(resources: set[str]) -> dict[str, str]:
    out = {resource: resource for resource in resources}
    for shape in (_without_changing, _folder):
        groups: dict[str, set[str]] = {}
        for now in set(out.values()):
            groups.setdefault(shape(now), set()).add(now)
        least = 2 if shape is _without_changing else _IN_FOLDER
        joined = {now: wide for wide, members in groups.items() if len(members) >= least for now in members}
        out = {resource: joined.get(now, now) for resource, now in out.items()}
    return out


def _without_changing(arn: str) -> str:
    if arn.count(":") < 5:
        return arn
    *head, own = arn.split(":", 5)
    if head[2] == "s3":
        bucket, slash, key = own.partition("/")
        return ":".join([*head, _wide(bucket) + slash + _wide(key)])
    found = re.fullmatch(r"([^/:]+[/:])?(.+)", own, re.DOTALL)
    return ":".join([*head, (found[1] or "") + _wide(found[2])]) if found else arn


def _wide(name: str) -> str:
    """A name with `*` for what changes, if it still begins with letters of its own."""
    wide = _RUNS.sub("*", _CHANGING.sub("*", name))
    return wide if sum(map(str.isalnum, wide.partition("*")[0])) >= _KEPT else name


def _folder(arn: str) -> str:
    if ":s3:::" not in arn or "/" not in arn:
        return arn
    return arn.rpartition("/")[0] + "/*"
