"""Selectors as CloudTrail evaluates them, and the basic ones as advanced ones (facts §4.2, §4.3)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from bototrail.trails.trail import DEFAULT_SELECTORS, Trail

Test = Callable[[str, tuple[str, ...]], bool]


def _is_one(value: str, given: tuple[str, ...]) -> bool:
    return value in given


def _starts(value: str, given: tuple[str, ...]) -> bool:
    return value.startswith(given)


def _ends(value: str, given: tuple[str, ...]) -> bool:
    return value.endswith(given)


# One hit of any of these selects. [facts §4.3]
SELECT: Final[dict[str, Test]] = {"Equals": _is_one, "StartsWith": _starts, "EndsWith": _ends}
# One hit of any of these rejects. [facts §4.3]
DESELECT: Final[dict[str, Test]] = {"NotEquals": _is_one, "NotStartsWith": _starts, "NotEndsWith": _ends}

# Basic selectors: type -> service in the value that means all, and how other values are compared. [facts §4.2]
_BASIC: Final = {
    "AWS::DynamoDB::Table": ("dynamodb", "Equals"),
    "AWS::Lambda::Function": ("lambda", "Equals"),
    "AWS::S3::Object": ("s3", "StartsWith"),
}
_READ_WRITE: Final = {"ReadOnly": "true", "WriteOnly": "false"}


class Condition:
    """The operators of one field of a selector, with their values.

    Args:
        operators: operator -> values; operators that are left out do not count.
    """

    __slots__ = ("_deselect", "_select")

    def __init__(self, operators: Mapping[str, Any]) -> None:
        self._select = _given(SELECT, operators)
        self._deselect = _given(DESELECT, operators)

    def passes(self, value: str | None) -> bool:
        """Whether a field with this value passes; None is a field that the event does not have."""
        if value is None:
            return not self._select
        if self._select and not any(SELECT[name](value, given) for name, given in self._select):
            return False
        return not any(DESELECT[name](value, given) for name, given in self._deselect)


def _given(known: Mapping[str, Test], operators: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    values = ((name, operators.get(name)) for name in known)
    return tuple((name, tuple(map(str, given))) for name, given in values if isinstance(given, Sequence))


class Selector(NamedTuple):
    """One advanced selector; an event must pass all of it.

    Attributes:
        fields: conditions on what an event has once.
        types: conditions on `resources.type`.
        arns: conditions on `resources.ARN`, which one resource must pass together with `types`.
    """

    fields: tuple[tuple[str, Condition], ...]
    types: tuple[Condition, ...]
    arns: tuple[Condition, ...]

    def names(self, kind: str | None, arn: str | None) -> bool:
        """Whether it is about a resource of this type with this ARN; None for what is not there."""
        return all(c.passes(kind) for c in self.types) and all(c.passes(arn) for c in self.arns)


def selectors_of(trail: Trail) -> tuple[Selector, ...]:
    """The selectors of a trail, of whichever form; those of CloudTrail's default when it has none."""
    return tuple(_compile(selector) for selector in as_advanced(trail))


def as_advanced(trail: Trail) -> tuple[Mapping[str, Any], ...]:
    """A trail's selectors in the form of AdvancedEventSelectors."""
    if trail.AdvancedEventSelectors:
        return trail.AdvancedEventSelectors
    if trail.EventSelectors:
        return tuple(made for selector in trail.EventSelectors for made in _from_basic(selector))
    return DEFAULT_SELECTORS


def _compile(selector: Mapping[str, Any]) -> Selector:
    rows = [(str(row.get("Field")), Condition(row)) for row in selector.get("FieldSelectors") or ()]
    return Selector(
        tuple((name, condition) for name, condition in rows if name not in ("resources.type", "resources.ARN")),
        tuple(condition for name, condition in rows if name == "resources.type"),
        tuple(condition for name, condition in rows if name == "resources.ARN"),
    )


def _from_basic(selector: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The advanced selectors that mean the same as a basic one (facts §4.2)."""
    # For management and data events.
    read_only = _READ_WRITE.get(selector.get("ReadWriteType") or "All")
    shared = [_row("readOnly", Equals=[read_only])] if read_only else []
    if selector.get("IncludeManagementEvents", True):
        excluded = selector.get("ExcludeManagementEventSources")
        sources = [_row("eventSource", NotEquals=excluded)] if excluded else []
        yield {"FieldSelectors": [_row("eventCategory", Equals=["Management"]), *sources, *shared]}
    for resource in selector.get("DataResources") or ():
        arns = _arns(str(resource.get("Type")), resource.get("Values") or ())
        if arns is not None:
            kind = _row("resources.type", Equals=[resource.get("Type")])
            yield {"FieldSelectors": [_row("eventCategory", Equals=["Data"]), kind, *arns, *shared]}


def _arns(kind: str, values: Sequence[str]) -> list[Mapping[str, Any]] | None:
    """The condition on ARNs; an empty list takes all of them, None takes nothing."""
    if not values:
        return None
    service, operator = _BASIC.get(kind, ("", "Equals"))
    every = re.compile(rf"arn:[^:]+:{service}{'(?::::)?' if service == 's3' else ''}")
    if any(every.fullmatch(value) for value in values):
        return []
    return [_row("resources.ARN", **{operator: list(values)})]


def _row(field: str, **operators: Any) -> Mapping[str, Any]:
    return {"Field": field, **operators}
