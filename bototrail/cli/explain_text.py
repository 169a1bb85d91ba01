"""What `bototrail explain` prints."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping

from bototrail.record import Plan
from bototrail.record.explain import Errors, Explanation
from bototrail.record.explain.tree import Member, Node, Skeleton

_WIDTH = 100
_LABEL = 21
_KEYS = 52


def page(found: Explanation, notes: Iterable[str] = ()) -> Iterator[str]:
    """The lines of an explanation."""
    plan = found.plan
    yield f"{plan.service_name} {plan.operation_name}"
    for note in notes:
        yield from _wrapped("note: ", note)
    yield ""
    yield from _row("eventSource", plan.event_source)
    yield from _row("eventName", plan.event_name)
    yield from _row("eventCategory", f"{plan.event_category}, managementEvent {str(plan.management).lower()}")
    yield from _row("readOnly", str(plan.read_only).lower())
    yield from _row("apiVersion", plan.api_version or "absent")
    yield from _row("awsRegion", found.region)
    if not found.signed:
        yield from _row("userIdentity", "of what the call itself tells: it is not signed")
    yield ""
    yield from _section("requestParameters", found.request, "always null")
    yield ""
    yield from _section("responseElements", found.response, f"always null: {found.why_null}")
    yield ""
    yield from _resources(found)
    yield from _extra(found.extra)
    yield ""
    yield from _errors(plan, found.errors)
    yield ""
    yield from _never(found)


def _row(label: str, text: str, indent: str = "") -> Iterator[str]:
    return _wrapped(f"{indent}{label}".ljust(_LABEL), text)


def _wrapped(start: str, text: str) -> Iterator[str]:
    lines = textwrap.wrap(text, _WIDTH - len(start), break_long_words=False, break_on_hyphens=False) or [""]
    yield start + lines[0]
    yield from (" " * len(start) + line for line in lines[1:])


def _section(name: str, found: Skeleton | None, empty: str) -> Iterator[str]:
    rows = list(_tree(found.tree, "  ")) if found is not None else []
    if not rows:
        yield from _row(name, empty)
        return
    yield name
    width = max((len(key) for key, text in rows if text and len(key) <= _KEYS), default=0)
    for key, text in rows:
        yield from _wrapped(key.ljust(width) + "  ", text) if text else [key]


def _tree(node: Node, indent: str) -> Iterator[tuple[str, str]]:
    """Rows of key and remarks; what is left out stands together below what is written."""
    for key, child in node.children.items():
        if not child.omitted:
            label, remarks, inner = _joined(key, child)
            yield indent + label, "; ".join(remarks)
            yield from _tree(inner, indent + "  ")
    left_out = [key for key, child in node.children.items() if child.omitted]
    if left_out:
        yield f"{indent}(left out)", ", ".join(left_out)


def _joined(key: str, node: Node) -> tuple[str, list[str], Node]:
    """A list and its element as one row: `items[]`."""
    remarks = node.remarks
    while set(node.children) == {"[]"}:
        node, key = node.children["[]"], key + "[]"
        remarks = [remark for remark in node.remarks if remark not in remarks] + remarks
    return key, remarks, node


def _resources(found: Explanation) -> Iterator[str]:
    shown = [
        " ".join(str(entry[key]) for key in ("type", "ARN", "ARNPrefix") if key in entry)
        + (", with accountId" if "accountId" in entry else "")
        + (f", when {entry['when']}" if "when" in entry else "")
        for entry in found.resources
    ]
    shown += [f"none of a value that begins with {start}" for start in found.unresolved]
    for label, text in zip(("resources", *[""] * len(shown)), shown or ["absent"], strict=False):
        yield from _row(label, text)


def _extra(extra: Mapping[str, str]) -> Iterator[str]:
    if not extra:
        yield from _row("additionalEventData", "only bototrail's own: labels, stubbed, presigned")
        return
    yield "additionalEventData"
    for key, text in extra.items():
        yield from _wrapped(f"  {key.ljust(_LABEL)}  ", text)


def _errors(plan: Plan, errors: Errors) -> Iterator[str]:
    yield "errors"
    yield from _row("refused", "; ".join(_denied(plan, errors)), "  ")
    if errors.without_parameters:
        yield from _row("", f"requestParameters are null after {', '.join(errors.without_parameters)}, too", "  ")
    if errors.prefix:
        yield from _row("any other", "Client. before the code in the answer, Server. when the status is 5xx", "  ")
    modelled = [name if name.startswith(code) else f"{name} (for {code})" for code, name in errors.modelled.items()]
    if modelled:
        yield from _row("modelled", ", ".join(modelled), "  ")
    yield from _row("no answer", "errorCode is the exception's name, such as EndpointConnectionError", "  ")
    if not errors.message:
        body = "the error's members are responseElements" if errors.body else "the service writes none"
        yield from _row("errorMessage", f"absent: {body}", "  ")


def _denied(plan: Plan, errors: Errors) -> Iterator[str]:
    yield f"errorCode {errors.denied}"
    yield "requestParameters are written" if errors.denied_parameters else "requestParameters are null"
    if errors.denied_name != plan.event_name:
        yield f"eventName {errors.denied_name}"
    if errors.denied_version != plan.api_version:
        yield "without apiVersion"


def _never(found: Explanation) -> Iterator[str]:
    parts = {"requestParameters": found.request, "responseElements": found.response}
    secret = {
        name: [_unwritten(member) for member in part.members if member.never_written]
        for name, part in parts.items()
        if part is not None
    }
    if not any(secret.values()):
        yield from _row("never written", "nothing: every member is written as it is")
        return
    yield "never written"
    for name, members in secret.items():
        if members:
            yield from _wrapped(f"  {name.ljust(_LABEL)}  ", ", ".join(members))


def _unwritten(member: Member) -> str:
    return member.member if member.hidden is None else f"{member.member} (hidden)"
