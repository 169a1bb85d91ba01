"""From needs to statements: what belongs together is put together, and each gets an id that can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from bototrail.policy.catalogue import action
from bototrail.policy.needs import Condition, Need
from bototrail.policy.patterns import covers

Conditions = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Operator, key and values."""


class Statement(NamedTuple):
    """A statement that allows.

    Attributes:
        sid: letters and digits.
        actions: sorted.
        resources: sorted.
        conditions: sorted.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    conditions: Conditions = ()

    def to_dict(self) -> dict[str, Any]:
        """As it stands in a policy document."""
        out: dict[str, Any] = {
            "Sid": self.sid,
            "Effect": "Allow",
            "Action": list(self.actions),
            "Resource": list(self.resources),
        }
        for operator, key, values in self.conditions:
            out.setdefault("Condition", {}).setdefault(operator, {})[key] = list(values)
        return out


def statements(needs: Iterable[Need]) -> list[Statement]:
    """The fewest statements that allow exactly `needs`, the unverified ones apart, in the order of their ids."""
    needs = list(needs)
    verified = {need.action for need in needs if need.verified}
    grants = _without_covered(_merged(needs))
    by_action: dict[tuple[str, Conditions], list[str]] = {}
    for name, resource, conditions in grants:
        by_action.setdefault((name, conditions), []).append(resource)
    together: dict[tuple[str, bool, tuple[str, ...], Conditions], list[str]] = {}
    for (name, conditions), resources in by_action.items():
        group = (name.partition(":")[0], name in verified, tuple(sorted(resources)), conditions)
        together.setdefault(group, []).append(name)
    made = [
        Statement(_sid(names, resources, conditions, known), tuple(sorted(names)), resources, conditions)
        for (_, known, resources, conditions), names in together.items()
    ]
    return _numbered(sorted(made, key=lambda one: (one.sid.startswith("Unverified"), one)))


def _merged(needs: Iterable[Need]) -> list[tuple[str, str, Conditions]]:
    """Needs of one action and resource: without conditions if any of them is, else their values together."""
    by_target: dict[tuple[str, str], set[tuple[Condition, ...]]] = {}
    for need in needs:
        by_target.setdefault((need.action, need.resource), set()).add(need.conditions)
    return [
        (name, resource, conditions)
        for (name, resource), sets in by_target.items()
        for conditions in ([()] if () in sets else _united(sets))
    ]


def _united(sets: Iterable[tuple[Condition, ...]]) -> list[Conditions]:
    single: dict[tuple[str, str], set[str]] = {}
    out: list[Conditions] = []
    for conditions in sets:
        if len(conditions) == 1:
            operator, key, value = conditions[0]
            single.setdefault((operator, key), set()).add(value)
        else:
            out.append(tuple(sorted((operator, key, (value,)) for operator, key, value in conditions)))
    return [*out, *(((operator, key, tuple(sorted(values))),) for (operator, key), values in single.items())]


def _without_covered(grants: list[tuple[str, str, Conditions]]) -> list[tuple[str, str, Conditions]]:
    """Leave out what another grant of the same action covers already."""
    wide: dict[str, list[tuple[str, Conditions]]] = {}
    for name, resource, conditions in grants:
        if "*" in resource and (not conditions or _region_alone(conditions)):
            wide.setdefault(name, []).append((resource, conditions))
    return [
        (name, resource, conditions)
        for name, resource, conditions in grants
        if not any(
            other != resource and covers(other, resource) and _everywhere(where, resource)
            for other, where in wide.get(name, ())
        )
    ]


def _region_alone(conditions: Conditions) -> bool:
    return len(conditions) == 1 and conditions[0][:2] == ("StringEquals", "aws:RequestedRegion")


def _everywhere(conditions: Conditions, resource: str) -> bool:
    """Whether a grant that is bound to regions, if to any, holds where a resource is."""
    return not conditions or "".join(resource.split(":", 5)[3:4]) in conditions[0][2]


# ---- ids
_LABELS: Final[Mapping[str, str]] = {
    "acm": "ACM",
    "autoscaling": "AutoScaling",
    "apigateway": "ApiGateway",
    "cloudformation": "CloudFormation",
    "cloudfront": "CloudFront",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecr": "ECR",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticloadbalancing": "ELB",
    "iam": "IAM",
    "kms": "KMS",
    "rds": "RDS",
    "s3": "S3",
    "secretsmanager": "SecretsManager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "SSM",
    "states": "StepFunctions",
    "sts": "STS",
}
_HINT: Final = 40  # letters of a resource's name in an id


def _sid(names: list[str], resources: tuple[str, ...], conditions: Conditions, verified: bool) -> str:
    given = {key: values for _, key, values in conditions}
    if names == ["iam:PassRole"]:
        to = "And".join(_label(service.partition(".")[0]) for service in given.get("iam:PassedToService", ()))
        return f"PassRole{'To' + to if to else ''}"
    prefix = names[0].partition(":")[0]
    through = "".join(f"Through{_label(via.partition('.')[0])}" for via in given.get("kms:ViaService", ())[:1])
    what = _camel(names[0].partition(":")[2]) if len(names) == 1 else _levels(names)
    start = "" if verified else "Unverified"
    hint = through or _hint(resources)
    return f"{start}{_label(prefix)}{what}{'' if what.endswith(hint) else hint}"


def _label(prefix: str) -> str:
    return _LABELS.get(prefix) or _camel(prefix)


def _levels(names: list[str]) -> str:
    levels = {found.access_level.split(",")[0] if (found := action(name)) else "" for name in names}
    reads, writes = levels & {"Read", "List"}, levels & {"Write", "Tagging", "Permissions management"}
    return f"{'Read' if reads else ''}{'Write' if writes else ''}"


def _hint(resources: tuple[str, ...]) -> str:
    """A word for the resources: the name of the only one, or what their names begin with."""
    bare = {resource.split(":", 5)[-1] for resource in resources if resource != "*"}
    if not bare or len(bare) < len(set(resources)):
        return ""
    names = {re.split(r"[/:]", one)[0] if any(":s3:::" in r for r in resources) else _tail(one) for one in bare}
    return _camel(next(iter(names)))[:_HINT] if len(names) == 1 else ""


def _tail(own: str) -> str:
    parts = [part for part in re.split(r"[/:]", own) if re.search("[A-Za-z0-9]", part)]
    return "".join(_camel(part) for part in parts[-2:])


def _camel(text: str) -> str:
    return "".join(word[:1].upper() + word[1:] for word in re.findall(r"[A-Za-z0-9]+", text))


def _numbered(made: list[Statement]) -> list[Statement]:
    """Ids are unique within a policy: the second of a name gets a 2."""
    seen: dict[str, int] = {}
    out = []
    for one in made:
        seen[one.sid] = count = seen.get(one.sid, 0) + 1
        out.append(one if count == 1 else one._replace(sid=f"{one.sid}{count}"))
    return out
