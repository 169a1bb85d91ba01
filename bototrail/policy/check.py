"""A policy that somebody has, beside what was really used: what it lacks, what nobody uses, what is too broad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bototrail.policy.catalogue import actions_of
from bototrail.policy.evaluate import Rule, Verdict, judge
from bototrail.policy.needs import Need
from bototrail.policy.patterns import covers
from bototrail.policy.statements import Statement


@dataclass(frozen=True)
class Missing:
    """A need that the policy does not allow.

    Attributes:
        need: what was used.
        denied_by: ids of the statements that deny it; empty when none allows it.
        near: ids of the statements that allow the action on other resources.
    """

    need: Need
    denied_by: tuple[str, ...]
    near: tuple[str, ...]


@dataclass(frozen=True)
class Broad:
    """What one statement allows beyond what was used.

    Attributes:
        statement: its id.
        unused: its actions that nobody used, as it spells them; all of them when the statement is not used at all.
        wide: its actions with a wildcard that allow more than was used -> the actions that were used.
        wide_resources: its resources with a wildcard -> the resources that were used.
        used: whether anything that it allows was used.
    """

    statement: str
    unused: tuple[str, ...]
    wide: dict[str, tuple[str, ...]]
    wide_resources: dict[str, tuple[str, ...]]
    used: bool


@dataclass(frozen=True)
class Checked:
    """The outcome of a check.

    Attributes:
        missing: what the policy lacks; with anything in here it fails.
        broad: the statements that could be narrowed.
        conditional: needs that are allowed if conditions hold of which records tell nothing -> the conditions' keys.
    """

    missing: tuple[Missing, ...]
    broad: tuple[Broad, ...]
    conditional: tuple[tuple[Need, tuple[str, ...]], ...]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "missing": [
                {
                    "Action": one.need.action,
                    "Resource": one.need.resource,
                    "deniedBy": list(one.denied_by),
                    "near": list(one.near),
                }
                for one in self.missing
            ],
            "statements": [
                {
                    "Sid": one.statement,
                    "used": one.used,
                    "unused": list(one.unused),
                    "wide": {key: list(used) for key, used in one.wide.items()},
                    "wideResources": {key: list(used) for key, used in one.wide_resources.items()},
                }
                for one in self.broad
            ],
            "conditional": [
                {"Action": need.action, "Resource": need.resource, "keys": list(keys)}
                for need, keys in self.conditional
            ],
        }


def check(rules: list[Rule], needs: Iterable[Need]) -> Checked:
    """Judge a policy by what was used.

    Args:
        rules: the statements of the policy.
        needs: what was used, as `policy_of` found it.
    """
    verdicts = [(need, judge(rules, need)) for need in needs]
    used: dict[int, list[Need]] = {}
    for need, verdict in verdicts:
        for rule in verdict.by if verdict.allowed else ():
            used.setdefault(rules.index(rule), []).append(need)
    return Checked(
        tuple(_missing(rules, verdicts)),
        tuple(one for n, rule in enumerate(rules) if rule.allows and (one := _broad(rule, used.get(n, [])))),
        tuple((need, verdict.depends) for need, verdict in verdicts if verdict.allowed and verdict.depends),
    )


def _missing(rules: list[Rule], verdicts: list[tuple[Need, Verdict]]) -> Iterator[Missing]:
    for need, verdict in verdicts:
        if not verdict.allowed:
            near = tuple(rule.name for rule in rules if rule.allows and rule.has_action(need.action))
            yield Missing(need, tuple(rule.name for rule in verdict.by), near)


def _broad(rule: Rule, used: list[Need]) -> Broad | None:
    """What a statement could do without; None when there is nothing."""
    if not used:
        return Broad(rule.name, rule.actions, {}, {}, False)
    actions = sorted({need.action for need in used})
    unused, wide = [], {}
    for pattern in rule.actions if not rule.not_actions else ():
        matched = tuple(action for action in actions if covers(pattern, action, ignore_case=True))
        if not matched:
            unused.append(pattern)
        elif _allows_more(pattern, matched):
            wide[pattern] = matched
    wide_resources = {}
    for pattern in rule.resources if not rule.not_resources else ():
        resources = tuple(sorted({need.resource for need in used}))
        if "*" in pattern and not any(covers(one, pattern) for one in resources):
            wide_resources[pattern] = tuple(one for one in resources if covers(pattern, one))
    if not (unused or wide or wide_resources):
        return None
    return Broad(rule.name, tuple(unused), wide, wide_resources, True)


def _allows_more(pattern: str, used: tuple[str, ...]) -> bool:
    if "*" not in pattern and "?" not in pattern:
        return False
    prefix = pattern.partition(":")[0]
    if "*" in prefix or not (known := actions_of(prefix)):
        return True
    return sum(covers(pattern, action, ignore_case=True) for action in known) > len(used)


def difference(old: list[Rule], new: Iterable[Statement]) -> tuple[list[str], list[str]]:
    """What a new policy allows that an old one did not, and the other way round.

    Returns:
        Lines `action resource [condition]` that are new, and those that are gone.
    """
    now = {line for one in new for line in _lines(one.actions, one.resources, one.to_dict().get("Condition", {}))}
    before = {
        line
        for rule in old
        for line in _lines(
            [f"not {action}" if rule.not_actions else action for action in rule.actions],
            [f"not {resource}" if rule.not_resources else resource for resource in rule.resources],
            {operator: {k: list(v) for k, v in keys.items()} for operator, keys in rule.conditions.items()},
            "" if rule.allows else "deny ",
        )
    }
    return sorted(now - before), sorted(before - now)


def _lines(actions: Iterable[str], resources: Iterable[str], conditions: Any, effect: str = "") -> Iterator[str]:
    also = "".join(
        f" if {operator} {key} {', '.join(values)}"
        for operator, keys in sorted(conditions.items())
        for key, values in sorted(keys.items())
    )
    resources = list(resources)
    for action in actions:
        for resource in resources:
            yield f"{effect}{action} {resource}{also}"
