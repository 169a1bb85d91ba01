"""What `bototrail policy --check` and `bototrail why` print."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from bototrail.policy.check import Broad, Checked, Missing
from bototrail.policy.why import Refusal, principal

_WIDTH = 100


def check_page(found: Checked) -> list[str]:
    """The lines of a check."""
    return [*_missing(found.missing), *_conditional(found), *_statements(found.broad), "", _summary(found)]


def _missing(missing: tuple[Missing, ...]) -> Iterator[str]:
    if not missing:
        return
    yield "missing"
    for one in missing:
        yield f"  {one.need.action}  {one.need.resource}"
        if one.denied_by:
            yield f"      denied by {', '.join(one.denied_by)}"
        elif one.near:
            yield f"      {', '.join(one.near)} {'allows' if len(one.near) == 1 else 'allow'} it on other resources"
    yield ""


def _conditional(found: Checked) -> Iterator[str]:
    if not found.conditional:
        return
    yield "allowed, if conditions hold of which records tell nothing"
    for need, keys in found.conditional:
        yield f"  {need.action}  {need.resource}  ({', '.join(keys)})"
    yield ""


def _statements(broad: tuple[Broad, ...]) -> Iterator[str]:
    for one in broad:
        yield f"statement {one.statement}"
        if not one.used:
            yield "  not used at all"
            continue
        if one.unused:
            yield f"  unused: {', '.join(one.unused)}"
        for pattern, used in (*one.wide.items(), *one.wide_resources.items()):
            yield f"  too broad: {pattern}; used:"
            yield from (f"    {what}" for what in used)


def _summary(found: Checked) -> str:
    unused = sum(not one.used for one in found.broad)
    narrow = len(found.broad) - unused
    return f"{len(found.missing)} missing, {unused} statements not used, {narrow} broader than what was used"


def why_page(found: Refusal) -> list[str]:
    """The lines about one refused call."""
    record, told = found.record, found.told
    rows = [
        ("call", f"{record.get('eventSource')} {record.get('eventName')}, {record.get('eventTime')}"),
        ("eventID", str(record.get("eventID"))),
        ("by", principal(record)),
        ("action", ", ".join(dict.fromkeys(need.action for need in found.needs)) or "not known"),
        ("resource", ", ".join(dict.fromkeys(need.resource for need in found.needs)) or "not known"),
        ("denied by", _denied_by(found)),
        ("message", str(record.get("errorMessage") or "none")),
    ]
    if told.policy:
        rows.insert(6, ("policy", told.policy))
    lines = [line for label, text in rows for line in _row(label, text)]
    lines += ["", *textwrap.wrap(found.advice, _WIDTH)]
    if found.statements and told.explicit is not True:
        lines += ["", *(line for one in found.statements for line in json.dumps(one.to_dict(), indent=2).splitlines())]
    return lines


def _denied_by(found: Refusal) -> str:
    told = found.told
    if told.policy_type is None:
        return "a statement with Deny" if told.explicit else "not said"
    return f"{told.policy_type}, {'a statement with Deny' if told.explicit else 'no statement that allows it'}"


def _row(label: str, text: str) -> list[str]:
    start = label.ljust(11)
    wrapped = textwrap.wrap(text, _WIDTH - len(start), break_long_words=False, break_on_hyphens=False) or [""]
    return [start + wrapped[0], *(" " * len(start) + line for line in wrapped[1:])]
