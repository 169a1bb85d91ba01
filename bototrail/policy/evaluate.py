"""What a policy document says to a need: allowed, denied or nothing. A reader of policies that others wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from bototrail.errors import ConfigError
from bototrail.policy.needs import Need
from bototrail.policy.patterns import covers, covers_arn

_EXPECTED: Final = "give a policy document, or what `aws iam get-policy-version` or `get-role-policy` prints"
_WRAPPERS: Final = ("PolicyVersion", "PolicyDocument", "Document", "RolePolicy", "UserPolicy")


class Rule(NamedTuple):
    """A statement of a policy document.

    Attributes:
        name: its Sid, or `statement 3`.
        allows: whether its Effect is Allow.
        actions: patterns; `not_actions` when it is NotAction.
        resources: patterns; `not_resources` when it is NotResource.
        conditions: operator -> key -> values.
    """

    name: str
    allows: bool
    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]]

    def has_action(self, action: str) -> bool:
        """Whether it is about an action."""
        return any(covers(one, action, ignore_case=True) for one in self.actions) is not self.not_actions

    def reaches(self, resource: str) -> bool | None:
        """Whether it is about all of a need's resource; False when about a part of it, None when about none."""
        whole = any(covers_arn(one, resource) for one in self.resources)
        part = resource != "*" and "*" in resource and any(covers(resource, one) for one in self.resources)
        if self.not_resources:
            return None if whole else not part  # about what is not listed
        return True if whole else False if part else None


class Verdict(NamedTuple):
    """What a policy says to a need.

    Attributes:
        allowed: whether it allows it.
        by: the statements that do, or that deny it.
        denied: whether a statement denies it.
        depends: what decides and no record tells: keys of conditions, a part of the resource.
    """

    allowed: bool
    by: tuple[Rule, ...]
    denied: bool
    depends: tuple[str, ...]


def read_policy(text: str, name: str) -> list[Rule]:
    """The statements of one or more policy documents.

    Args:
        text: JSON: a document, a list of documents, or what the AWS CLI prints around one.
        name: where it is from, for messages.

    Raises:
        ConfigError: it is no policy; the message names the place.
    """
    try:
        documents = _documents(json.loads(text), name)
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"a policy in JSON in {name}", str(error), _EXPECTED) from None
    if not documents:
        raise ConfigError(f"a policy document in {name}", "none", _EXPECTED)
    return [rule for document in documents for rule in _rules(document, name)]


def _documents(value: Any, name: str) -> list[Mapping[str, Any]]:
    if isinstance(value, str):  # IAM's API has documents in URL encoding
        value = json.loads(unquote(value)) if value.lstrip().startswith(("{", "%7B")) else None
    if isinstance(value, list):
        return [document for one in value for document in _documents(one, name)]
    if isinstance(value, Mapping):
        if "Statement" in value:
            return [value]
        for key in _WRAPPERS:
            if key in value:
                return _documents(value[key], name)
    raise ConfigError(f"a policy document with a Statement in {name}", _kind(value), _EXPECTED)


def _kind(value: Any) -> str:
    return f"the keys {', '.join(map(str, value))}" if isinstance(value, Mapping) else f"a {type(value).__name__}"


def _rules(document: Mapping[str, Any], name: str) -> list[Rule]:
    found = document["Statement"]
    return [_rule(one, n, name) for n, one in enumerate(found if isinstance(found, list) else [found], 1)]


def _rule(one: Any, number: int, name: str) -> Rule:
    where = f"statement {number} of {name}"
    if not isinstance(one, Mapping) or one.get("Effect") not in ("Allow", "Deny"):
        raise ConfigError(f"an Effect of Allow or Deny in {where}", repr(one)[:80], "correct the statement")
    not_actions, not_resources = "NotAction" in one, "NotResource" in one
    actions = _texts(one.get("NotAction" if not_actions else "Action"), f"an Action in {where}")
    resources = _texts(one.get("NotResource" if not_resources else "Resource"), f"a Resource in {where}")
    conditions = _conditions(one.get("Condition", {}), where)
    called = str(one.get("Sid") or f"statement {number}")
    return Rule(called, one["Effect"] == "Allow", actions, not_actions, resources, not_resources, conditions)


def _texts(value: Any, expected: str) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) for text in texts):
        raise ConfigError(expected, repr(value)[:80], "write a text or a list of texts")
    return tuple(texts)


def _conditions(value: Any, where: str) -> dict[str, dict[str, tuple[str, ...]]]:
    try:
        return {
            operator: {
                key: tuple(map(_plain, found if isinstance(found, list) else [found])) for key, found in keys.items()
            }
            for operator, keys in value.items()
        }
    except AttributeError:
        todo = 'write {"StringEquals": {"aws:RequestedRegion": "eu-central-1"}}'
        raise ConfigError(f"a Condition of operators and keys in {where}", repr(value)[:80], todo) from None


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


# ---- evaluation [IAM user guide, policy evaluation logic]
def judge(rules: Iterable[Rule], need: Need) -> Verdict:
    """What the statements of a policy say to a need.

    A `*` in a need's resource stands for what a record does not tell. A policy that allows some of it is not said to
    lack it, and a denial of some of it is not said to hit it; both are named in `depends`.
    """
    allows: list[tuple[Rule, list[str]]] = []
    denies: list[Rule] = []
    perhaps: list[str] = []
    context = context_of(need)
    for rule in rules:
        if not rule.has_action(need.action) or (reach := rule.reaches(need.resource)) is None:
            continue
        holds, unknown = _hold(rule.conditions, context)
        if not holds and not unknown:
            continue
        doubts = [*unknown, *([] if reach else ["which resource it was"])]
        if rule.allows:
            allows.append((rule, doubts))
        elif doubts:
            perhaps.append(f"the Deny of {rule.name}")
        else:
            denies.append(rule)
    if denies:
        return Verdict(False, tuple(denies), True, ())
    certain = tuple(rule for rule, doubts in allows if not doubts)
    doubts = [] if certain else [doubt for _, each in allows for doubt in each]
    by = certain or tuple(rule for rule, _ in allows)
    return Verdict(bool(allows), by, False, tuple(dict.fromkeys([*doubts, *(perhaps if allows else [])])))


def context_of(need: Need) -> dict[str, tuple[str, ...]]:
    """The condition keys of a request that a need tells, in lower case; an empty tuple for one that is not there."""
    fields = need.resource.split(":", 5)
    region = fields[3] if len(fields) > 5 else ""
    known: dict[str, tuple[str, ...]] = {"aws:requestedregion": (region,)} if region and region != "*" else {}
    known |= {key.lower(): (value,) for _, key, value in need.conditions}
    if need.action in ("s3:ListBucket", "s3:ListBucketVersions"):
        known.setdefault("s3:prefix", ())
    return known


_MULTIVALUED: Final = ("ForAnyValue:", "ForAllValues:")
_TESTS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "ArnEquals": covers,
    "ArnLike": covers,
    "StringEquals": lambda pattern, value: pattern == value,
    "StringEqualsIgnoreCase": lambda pattern, value: pattern.lower() == value.lower(),
    "StringLike": covers,
}


def _hold(
    conditions: Mapping[str, Mapping[str, tuple[str, ...]]], context: Mapping[str, tuple[str, ...]]
) -> tuple[bool, list[str]]:
    """Whether all conditions hold, and the keys of those that cannot be told; then they are not said to hold."""
    unknown: list[str] = []
    for operator, keys in conditions.items():
        for key, values in keys.items():
            held = _held(operator, values, context.get(key.lower()))
            if held is None:
                unknown.append(key)
            elif not held:
                return False, []
    return not unknown, unknown


def _held(operator: str, expected: tuple[str, ...], given: tuple[str, ...] | None) -> bool | None:
    plain = operator
    for start in _MULTIVALUED:
        plain = plain.removeprefix(start)
    if_exists = plain.endswith("IfExists")
    plain = plain.removesuffix("IfExists")
    negated = plain in ("StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase", "ArnNotEquals", "ArnNotLike")
    test = _TESTS.get(plain.replace("Not", "", 1) if negated else plain)
    if given is None or test is None:
        return None
    if not given:
        return if_exists or negated
    return any(test(one, value) for one in expected for value in given) is not negated
