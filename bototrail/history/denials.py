"""What a refusal tells: which action, on what, whose, and which kind of policy said no.

The forms of messages are AWS's own. [IAM user guide, "Troubleshoot access denied error messages"; S3 user guide,
"Troubleshoot access denied errors"; records of 40 services]
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bototrail.history.places import place_of
from bototrail.history.prefixes import operation_of, prefixes_of
from bototrail.history.resources import resources

# Codes that mean that somebody may not do something. Not those of credentials that are wrong, old or none at all, as
# InvalidClientTokenId, ExpiredToken, SignatureDoesNotMatch, Client.AuthFailure and Cognito's NotAuthorizedException
# are: no policy said no there, and none would help. [records of 57 services; error shapes of all services of botocore]
DENIED: Final = frozenset(
    {
        "AccessForbidden",
        "AuthorizationError",
        "AuthorizationErrorException",
        "AuthorizationException",
        "Forbidden",
        "ForbiddenError",
        "ForbiddenException",
        "InsufficientPermissionsException",
        "InsufficientPrivilegesException",
        "NotAuthorized",
        "UnauthorizedAccess",
        "UnauthorizedError",
        "UnauthorizedException",
        "UnauthorizedResourceAccessException",
    }
)
# Services put their own names around these. `*` stands for whatever is there.
DENIED_PATTERNS: Final = ("*AccessDenied*", "*UnauthorizedOperation*", "AccessTo*Denied*")
_DENIED: Final = re.compile("|".join(re.escape(one).replace(r"\*", ".*") for one in DENIED_PATTERNS), re.DOTALL)

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
ELSEWHERE: Final = {
    "VPC endpoint policy": "the policy of the VPC endpoint that the call went through",
    "permissions boundary": "the permissions boundary of the user or role",
    "resource control policy": "a resource control policy of the organization that owns the resource",
    "resource-based policy": "the resource's own policy",
    "role trust policy": "the trust policy of the role",
    "service control policy": "a service control policy of the caller's organization",
    "session policy": "the session policy that the role was assumed with",
}
"""Kinds of policies that are not the caller's own, and where they are."""

_LONGEST: Final = 16 * 1024  # CloudTrail cuts messages at 1 KB
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
_ENCODED: Final = re.compile(r"Encoded authorization failure message: ?(?P<encoded>[\w=-]+)", re.ASCII)
_OWN_KINDS: Final = ("group", "instance profile", "policy", "role", "user")

# Message -> the action, where it is not the operation's own, and what it means. [KMS, IAM and Billing user guides]
_MEANINGS: Final = (
    (
        re.compile(r"ciphertext"),
        None,
        "KMS does not say whether the key is gone, in another region, or not to be used: look at the key first.",
    ),
    (
        re.compile(r"Cross-account pass role is not allowed"),
        "iam:PassRole",
        "A service can only be given a role of the caller's own account: give it one.",
    ),
    (
        re.compile(r"IAM user access not activated"),
        None,
        "The account's root user must activate IAM access to billing before any policy counts.",
    ),
)
_OF_S3: Final = (
    "S3 says no more: look at the caller's own policies, the bucket's policy and its block of public access, who owns "
    "the object, and the key that it is encrypted with. S3 refuses a GetObject or HeadObject so, too, if there is no "
    "such object and the caller may not list the bucket."
)
_OF_ROLES: Final = "Both the caller's own policies and the trust policy of the role must allow it: look at both."
_UNSAID: Final = (
    "The message does not say which policy said no: look at the caller's own policies first, then for a statement "
    "with Deny in others."
)


class Denial(NamedTuple):
    """A refused call; what nobody tells is None.

    Attributes:
        action: such as `s3:GetObject`, spelt as the message spells it.
        resource: an ARN, or what stands there in its place.
        principal: the ARN of who was refused.
        explicit: True when a statement with Deny said no, False when none with Allow was found.
        policy_type: the kind of policy, one of `KINDS`.
        policy: the ARN of the policy, which newer messages tell.
        encoded: EC2's encoded message.
        stated: whether the message itself names the action.
        meaning: what else there is to say, in a sentence or two.
    """

    action: str | None = None
    resource: str | None = None
    principal: str | None = None
    explicit: bool | None = None
    policy_type: str | None = None
    policy: str | None = None
    encoded: str | None = None
    stated: bool = False
    meaning: str | None = None

    def sentences(self) -> list[str]:
        """What was refused, why, and what to look at next, for people."""
        on = f" on {self.resource}" if self.resource else ""
        action = self.action or "what the call asks for"
        presumably = "" if self.stated or not self.action else ", by its name"
        found = [f"{self.principal or 'The caller'} may not do {action}{on}{presumably}.", self._reason()]
        if self.encoded:
            found.append(
                "EC2 has encoded the rest; who may do sts:DecodeAuthorizationMessage can read it, if CloudTrail has "
                f"not cut it off: aws sts decode-authorization-message --encoded-message {self.encoded}"
            )
        return found

    def text(self) -> str:
        """The sentences, one a line."""
        return "\n".join(self.sentences())

    def _reason(self) -> str:
        kind, policy = self.policy_type or "", f" ({self.policy})" if self.policy else ""
        where = ELSEWHERE.get(kind, "one of the caller's own policies" if kind else "a policy that is not named")
        if self.explicit:
            return f"A statement with Deny in {where}{policy} says no; no other can overrule it: change that one."
        if self.explicit is False and kind in ELSEWHERE:
            return f"Nothing in {where}{policy} allows it; it must, as well as the caller's own policies: add it there."
        if self.explicit is False:
            return "No statement of the caller's own policies allows it: add one."
        if kind:
            return f"{where[:1].upper()}{where[1:]} says no: look there."
        return self.meaning or _UNSAID


def is_denied_code(code: str) -> bool:
    """Whether an errorCode means that somebody may not do something."""
    return code in DENIED or _DENIED.fullmatch(code) is not None


def is_denied(record: Mapping[str, Any]) -> bool:
    """Whether a record is about a call that was refused for want of a permission."""
    code = record.get("errorCode")
    return isinstance(code, str) and is_denied_code(code)


def told(record: Mapping[str, Any]) -> Denial | None:
    """What the message of a refusal tells by itself; None when the call was not refused."""
    if not is_denied(record):
        return None
    message = _message(record)
    stated, explicit, absent = _STATED.search(message), _EXPLICIT.search(message), _ABSENT.search(message)
    kind = (explicit or absent)["kind"] if explicit or absent else None  # type: ignore[index]
    policy, encoded = _POLICY_ARN.search(message), _ENCODED.search(message)
    if record.get("errorCode") == "VpceAccessDenied":
        explicit, kind = None, "VPC endpoint policy"
    return Denial(
        stated["action"] if stated else None,
        _whole(stated["resource"], record) if stated and stated["resource"] else None,
        stated["principal"] if stated else None,
        True if explicit else False if absent else None,
        KINDS.get(kind, kind) if kind else None,
        policy["arn"] if policy else None,
        encoded["encoded"] if encoded else None,
        stated is not None,
    )


def denial(record: dict[str, Any]) -> Denial | None:
    """What is known of a refusal, out of its message and the rest of its record; None when the call was not refused.

    Args:
        record: any JSON object.
    """
    said = told(record)
    if said is None:
        return None
    identity = record.get("userIdentity")
    caller = identity.get("arn") if isinstance(identity, dict) else None
    message = _message(record)
    meant, meaning = next(((act, meaning) for form, act, meaning in _MEANINGS if form.search(message)), (None, None))
    action = said.action or meant or _action(record)
    return said._replace(
        action=action,
        resource=said.resource if said.stated or meant else _resource(record),
        principal=said.principal or (caller if isinstance(caller, str) and caller else None),
        stated=said.stated or meant is not None,
        meaning=meaning or _meaning(action or "", message),
    )


def _message(record: Mapping[str, Any]) -> str:
    message = record.get("errorMessage")
    return message[:_LONGEST] if isinstance(message, str) else ""


def _action(record: Mapping[str, Any]) -> str | None:
    """The action that is called as the operation."""
    head, operation = operation_of(record)
    return f"{prefixes_of(head)[0]}:{operation}" if head and operation else None


def _resource(record: dict[str, Any]) -> str | None:
    """What the call was about: an ARN of the service's own, else a name, else the ARN of something else."""
    names = [name for _, name in resources(record)]
    head, _ = operation_of(record)
    fields = {name: name.split(":") for name in names if name.startswith("arn:")}
    own = [name for name, field in fields.items() if field[2:3] == [head] and field[4:5] != ["aws"]]
    return next(iter([*own, *(name for name in names if name not in fields), *names]), None)


def _meaning(action: str, message: str) -> str | None:
    if action.startswith("sts:AssumeRole"):
        return _OF_ROLES
    return _OF_S3 if action.startswith("s3:") and message in ("", "Access Denied") else None


def _whole(resource: str, record: Mapping[str, Any]) -> str:
    """IAM writes `role NAME` for the ARN of a role."""
    kind, blank, name = resource.rpartition(" ")
    if not blank or kind not in _OWN_KINDS:
        return resource
    place = place_of(record)
    return f"arn:{place.partition}:iam::{place.account}:{kind.replace(' ', '-')}/{name}"
