"""A policy: its documents within IAM's size limit, as JSON, for Terraform and for CloudFormation."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from bototrail.policy.needs import Need
from bototrail.policy.statements import Statement

SIZE_LIMIT: Final = 6144
"""Characters of a managed policy, white space not counted. [IAM user guide, IAM and STS character limits]"""

ATTACHED: Final = 10
"""Managed policies that a role can have unless the quota is raised. [IAM user guide, quotas]"""

VERSION: Final = "2012-10-17"


@dataclass(frozen=True)
class Policy:
    """The statements that were found to be needed, and what is to say about them.

    Attributes:
        statements: in the order of their ids.
        needs: what they were made of.
        remarks: what the reader should know: unverified actions, resources that are not known, callers.
    """

    statements: tuple[Statement, ...]
    needs: tuple[Need, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def documents(self) -> list[dict[str, Any]]:
        """The policy documents as dicts: one, or more when it would be larger than a managed policy may be."""
        return [{"Version": VERSION, "Statement": [one.to_dict() for one in part]} for part in split(self.statements)]

    def json(self) -> str:
        """The document as JSON, a list of documents when there are several."""
        documents = self.documents
        return _readable(json.dumps(documents[0] if len(documents) == 1 else documents, indent=2, ensure_ascii=False))

    def terraform(self, name: str = "bototrail") -> str:
        """Data sources and resources in HCL, one pair for each document."""
        parts = split(self.statements)
        return "\n\n".join(_terraform(_numbered(name, n, len(parts)), part) for n, part in enumerate(parts, 1))

    def cloudformation(self, name: str = "bototrail") -> str:
        """A template with an `AWS::IAM::ManagedPolicy` for each document, as JSON."""
        documents = self.documents
        resources = {
            re.sub("[^A-Za-z0-9]", "", _numbered(name.title(), n, len(documents))) + "Policy": {
                "Type": "AWS::IAM::ManagedPolicy",
                "Properties": {
                    "ManagedPolicyName": _numbered(name, n, len(documents)),
                    "PolicyDocument": document,
                },
            }
            for n, document in enumerate(documents, 1)
        }
        return _readable(json.dumps({"Resources": resources}, indent=2, ensure_ascii=False))


_HARMFUL: Final = re.compile(r"[\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def _readable(text: str) -> str:
    """JSON in which characters that would steer a terminal are escaped; JSON itself escapes the others."""
    return _HARMFUL.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _numbered(name: str, number: int, count: int) -> str:
    return name if count == 1 else f"{name}-{number}"


def size(statements: list[Statement]) -> int:
    """Characters of a document of these statements, white space not counted."""
    document = {"Version": VERSION, "Statement": [one.to_dict() for one in statements]}
    return len(re.sub(r"\s", "", json.dumps(document, separators=(",", ":"), ensure_ascii=False)))


def split(statements: tuple[Statement, ...], limit: int = SIZE_LIMIT) -> list[list[Statement]]:
    """Share statements out over as many documents as the limit asks for; one that is too large for any is cut up."""
    parts: list[list[Statement]] = [[]]
    for one in statements:
        for piece in [one] if size([one]) <= limit else _pieces(one, limit):
            if parts[-1] and size([*parts[-1], piece]) > limit:
                parts.append([])
            parts[-1].append(piece)
    return parts


def _pieces(one: Statement, limit: int) -> list[Statement]:
    """A statement cut into as few as fit: by its resources, or by its actions if it has but one resource."""
    by_resources = len(one.resources) > 1
    rest = one.resources if by_resources else one.actions
    out: list[Statement] = []

    def piece(count: int) -> Statement:
        sid = f"{one.sid}Part{len(out) + 1}"
        if by_resources:
            return one._replace(sid=sid, resources=rest[:count])
        return one._replace(sid=sid, actions=rest[:count])

    while rest:  # at least one goes in, whether it fits or not: it cannot be made smaller
        count = 1 + bisect.bisect_right(range(2, len(rest) + 1), limit, key=lambda n: size([piece(n)]))
        out.append(piece(count))
        rest = rest[count:]
    return out


def _terraform(name: str, part: list[Statement]) -> str:
    label = re.sub(r"\W", "_", name)
    blocks = "\n\n".join(_block(one) for one in part)
    return (
        f'data "aws_iam_policy_document" "{label}" {{\n{blocks}\n}}\n\n'
        f'resource "aws_iam_policy" "{label}" {{\n  name   = "{name}"\n'
        f"  policy = data.aws_iam_policy_document.{label}.json\n}}"
    )


def _block(one: Statement) -> str:
    lines = [f"    sid       = {_quoted(one.sid)}", '    effect    = "Allow"']
    lines += [f"    actions   = {_listed(one.actions)}", f"    resources = {_listed(one.resources)}"]
    for operator, key, values in one.conditions:
        lines += ["", "    condition {", f"      test     = {_quoted(operator)}", f"      variable = {_quoted(key)}"]
        lines += [f"      values   = {_listed(values, 6)}", "    }"]
    return "\n".join(["  statement {", *lines, "  }"])


def _listed(values: tuple[str, ...], indent: int = 4) -> str:
    if len(values) == 1:
        return f"[{_quoted(values[0])}]"
    inner = "".join(f"\n{' ' * (indent + 2)}{_quoted(value)}," for value in values)
    return f"[{inner}\n{' ' * indent}]"


def _quoted(text: str) -> str:
    """A string of HCL, in which `&{...}` stands for IAM's `${...}` (documentation of aws_iam_policy_document)."""
    out = _readable(json.dumps(text, ensure_ascii=False)).replace("${", "&{").replace("%{", "%%{")
    return out.replace(r"\b", r"\u0008").replace(r"\f", r"\u000c") if "\b" in text or "\f" in text else out
