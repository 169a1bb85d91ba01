"""What the message of a denial tells: which action, on what, and which kind of policy said no.

The forms are those of AWS's own messages. [IAM user guide, "Troubleshoot access denied error messages";
records of 40 services]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bototrail.policy.places import place_of

# Codes that mean that somebody may not do something. [facts: records of 57 services; API references]
DENIED: Final = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AccessDeniedFault",
        "AccessForbidden",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Client.UnauthorizedOperation",
        "CloudHsmAccessDeniedException",
        "ForbiddenException",
        "KMSAccessDenied",
        "KMSAccessDeniedException",
        "KMSAccessDeniedFault",
        "KmsAccessDenied",
        "KmsAccessDeniedException",
        "NotAuthorized",
        "UnauthorizedException",
        "UnauthorizedOperation",
        "VpceAccessDenied",
    }
)

# Kinds of policies as messages name them -> how we call them.
KINDS: Final = {
    "VPC endpoint policy": "VPC endpoint policy",
    "identity-based policy": "identity-based policy",
    "permissions boundary": "permissions boundary",
    "permissions boundary policy": "permissions boundary",
    "resource control policy": "resource control policy",
    "resource-based policy": "resource-based policy",
    "role trust policy": "role trust policy",
    "service control policy": "service control policy",
    "session policy": "session policy",
    "sessions policy": "session policy",
}

_ACTION: Final = r"`?(?P<action>[A-Za-z0-9-]+:\w+)'?"
_OWN: Final = r"(?:(?:group|instance profile|policy|role|user) (?!arn:))?"
# S3 quotes the resource, in which there may be blanks; SES writes `it' so; IAM puts `policy` before a policy's ARN.
_RESOURCE: Final = (
    r"(?: on resource:? (?P<quoted>\")?(?P<ticked>`)?(?:policy (?=arn:))?"
    rf"(?P<resource>(?(quoted)[^\"]+|(?(ticked)[^']+|{_OWN}[^\s\"]+?)))(?(quoted)\"|(?(ticked)'|(?=[\s\",;]|\.?$))))?"
)
_PRINCIPAL: Final = r"(?:User|Principal):? `?(?P<principal>[^\s`']+)'?"
_STATED: Final = re.compile(rf"(?:{_PRINCIPAL} is not|Not) authorized to perform:? ?{_ACTION}{_RESOURCE}")
_EXPLICIT: Final = re.compile(
    r"with an explicit deny(?: in (?:an?|the) (?P<kind>[A-Za-z -]+?policy|permissions boundary))?"
)
_ABSENT: Final = re.compile(r"because no (?P<kind>[A-Za-z -]+?policy|permissions boundary) allows")
_POLICY_ARN: Final = re.compile(r"(?<!resource: )(?:policy|boundary):? \(?(?P<arn>arn:[^\s,;)]+)")
_OWN_KINDS: Final = ("group", "instance profile", "policy", "role", "user")


class Denial(NamedTuple):
    """A refused call, as far as its message tells; what it does not tell is None.

    Attributes:
        action: such as `s3:GetObject`, spelt as the message spells it.
        resource: an ARN, or what stands there in its place.
        principal: the ARN of who was refused.
        explicit: True when a statement with Deny said no, False when none with Allow was found.
        kind: the kind of policy, one of `KINDS`.
        policy: the ARN of the policy, which newer messages tell.
    """

    action: str | None = None
    resource: str | None = None
    principal: str | None = None
    explicit: bool | None = None
    kind: str | None = None
    policy: str | None = None


def is_denied(record: Mapping[str, Any]) -> bool:
    """Whether a record is about a call that was refused for want of a permission."""
    code = record.get("errorCode")
    return isinstance(code, str) and code in DENIED


def denial(record: Mapping[str, Any]) -> Denial | None:
    """What a record tells about a refusal; None when the call was not refused."""
    if not is_denied(record):
        return None
    message = str(record.get("errorMessage") or "")
    stated, explicit, absent = _STATED.search(message), _EXPLICIT.search(message), _ABSENT.search(message)
    kind = (explicit or absent)["kind"] if explicit or absent else None  # type: ignore[index]
    policy = _POLICY_ARN.search(message)
    if record.get("errorCode") == "VpceAccessDenied":
        explicit, kind = None, "VPC endpoint policy"
    return Denial(
        stated["action"] if stated else None,
        _whole(stated["resource"], record) if stated and stated["resource"] else None,
        stated["principal"] if stated else None,
        True if explicit else False if absent else None,
        KINDS.get(kind, kind) if kind else None,
        policy["arn"] if policy else None,
    )


def _whole(resource: str, record: Mapping[str, Any]) -> str:
    """IAM writes `role NAME` for the ARN of a role."""
    kind, blank, name = resource.rpartition(" ")
    if not blank or kind not in _OWN_KINDS:
        return resource
    place = place_of(record)
    return f"arn:{place.partition}:iam::{place.account}:{kind.replace(' ', '-')}/{name}"
