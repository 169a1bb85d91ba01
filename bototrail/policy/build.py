"""From what was needed to a policy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from bototrail.policy.document import ATTACHED, Policy, split
from bototrail.policy.gather import Needs
from bototrail.policy.generalize import generalized
from bototrail.policy.implied import key_needs
from bototrail.policy.needs import Need
from bototrail.policy.statements import statements

_IAM: Final = re.compile(r"(arn:[a-z-]+:iam::[0-9*]*:)(group|instance-profile|policy|role|user)/(?:(.+)/)?([^/]+)")
_SHOWN: Final = 5  # of a long list, in a remark


def policy_of(
    records: Needs | Iterable[Mapping[str, Any]],
    *,
    generalize: bool = False,
    conditions: bool = True,
    account: str | None = None,
) -> Policy:
    """The smallest policy that allows the calls of `records`.

    Args:
        records: CloudTrail records, ours or AWS's, or what was gathered from them.
        generalize: write `table-*` where `table-17` and `table-18` were used.
        conditions: write conditions where they are certain (`s3:prefix`, `kms:ViaService`, the region, ...).
        account: 12 digits to write in the place of the accounts in the records, such as moto's.

    Raises:
        MissingExtraError: the extra `policy` is not installed.
    """
    gathered = records if isinstance(records, Needs) else Needs().add_all(records)
    needs = _with_paths([*gathered.needs, *key_needs(gathered.keys, gathered.uses)])
    needs = [_opened(need, gathered.made) for need in needs]
    if account:
        needs = [need._replace(resource=_moved(need.resource, gathered.accounts, account)) for need in needs]
    if not conditions:
        needs = [need._replace(conditions=()) for need in needs]
    if generalize:
        needs = generalized(needs)
    needs = sorted(dict.fromkeys(needs))
    found = Policy(tuple(statements(needs)), tuple(needs))
    return replace(found, remarks=tuple(_remarks(found, needs, gathered)))


def _with_paths(needs: list[Need]) -> list[Need]:
    """IAM's calls name a role, its ARN has a path: who has seen it once knows it of all calls."""
    paths: dict[str, str] = {}
    for need in needs:
        found = _IAM.fullmatch(need.resource)
        if found and found[3]:
            paths[f"{found[1]}{found[2]}/{found[4]}"] = need.resource
    return [need._replace(resource=paths.get(need.resource, need.resource)) for need in needs]


_LAST: Final = re.compile(r"[^/]+T[0-9:.]+$|[^/:]+$")  # the first is the label of a stream, a time
_SECRET: Final = re.compile(r"(arn:[^:]+:secretsmanager:[^:]*:[^:]*:secret:.+-)[A-Za-z0-9]{6}")


def _opened(need: Need, made: Mapping[str, None]) -> Need:
    """A need on what the same records have made is one on whatever the next run makes."""
    if not made or need.resource.count(":") < 5:
        return need
    if need.resource in made:
        found = _SECRET.fullmatch(need.resource)
        opened = f"{found[1]}??????" if found else _LAST.sub("*", need.resource)
        return need._replace(resource=opened)
    *head, own = need.resource.split(":", 5)
    parts = ["*" if f"{head[2]}:{part}" in made else part for part in re.split("([/:])", own)]
    return need._replace(resource=":".join([*head, "".join(parts)]))


def _moved(arn: str, accounts: Mapping[str, None], account: str) -> str:
    """The ARN in another account; what belongs to others, or to AWS, stays."""
    fields = arn.split(":", 5)
    if len(fields) == 6 and (fields[4] == "*" or fields[4] in accounts):
        fields[4] = account
    return ":".join(fields)


def _remarks(found: Policy, needs: list[Need], gathered: Needs) -> Iterable[str]:
    unverified = sorted({need.action for need in needs if not need.verified})
    if unverified:
        yield (
            f"unverified: {', '.join(unverified)}; the Service Authorization Reference has no such action, "
            "look it up before you grant it"
        )
    unknown = sorted({need.resource for need in needs if need.resource.split(":", 5)[4:5] == ["*"]})
    if unknown:
        yield f"the account is not known, and stands as *, in {_some(unknown)}"
    opened = sorted({need.resource for need in gathered.needs if _opened(need, gathered.made) != need})
    if opened:
        yield f"made by these calls, with another id the next time, so all of their type are allowed: {_some(opened)}"
    if len(gathered.callers) > 1:
        yield f"made of the calls of {len(gathered.callers)} callers: {_some(sorted(gathered.callers))}"
    parts = len(split(found.statements))
    if parts > 1:
        many = f", more than the {ATTACHED} that can be attached" if parts > ATTACHED else ""
        yield f"larger than one managed policy may be: {parts} policies{many}"
    if not found.statements:
        yield "no call in these records needs a permission"


def _some(texts: list[str]) -> str:
    more = len(texts) - _SHOWN
    return ", ".join(texts[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
