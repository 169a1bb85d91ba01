"""Why a call was refused: which action on which resource, by which kind of policy, and what would allow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bototrail.history.denials import ELSEWHERE, Denial, told
from bototrail.policy.findings import findings
from bototrail.policy.needs import Need
from bototrail.policy.statements import Statement, statements


@dataclass(frozen=True)
class Refusal:
    """A refused call.

    Attributes:
        record: its record.
        told: what the message tells.
        needs: what the call needed; what the message names, if it names anything.
        statements: what would allow it, in an identity-based policy.
        advice: what to do, in a sentence or two.
    """

    record: Mapping[str, Any]
    told: Denial
    needs: tuple[Need, ...]
    statements: tuple[Statement, ...]
    advice: str

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        record = self.record
        return {
            "eventID": record.get("eventID"),
            "eventTime": record.get("eventTime"),
            "eventSource": record.get("eventSource"),
            "eventName": record.get("eventName"),
            "principal": principal(record),
            "errorCode": record.get("errorCode"),
            "errorMessage": record.get("errorMessage"),
            "action": [need.action for need in self.needs],
            "resource": sorted({need.resource for need in self.needs}),
            "deniedBy": self.told.policy_type,
            "explicitDeny": self.told.explicit,
            "policy": self.told.policy,
            "advice": self.advice,
            "statements": [one.to_dict() for one in self.statements],
        }


def principal(record: Mapping[str, Any]) -> str:
    """Who made a call: the ARN, or whatever else the record tells."""
    identity = record.get("userIdentity")
    who: Mapping[str, Any] = identity if isinstance(identity, Mapping) else {}
    return str(who.get("arn") or who.get("principalId") or who.get("accessKeyId") or who.get("type") or "unknown")


def refusal(record: Mapping[str, Any]) -> Refusal | None:
    """Why a call was refused; None when it was not refused for want of a permission."""
    said = told(record)
    if said is None:
        return None
    found = findings(record)
    needs = tuple(found.needs) if found else ()
    if said.action:
        needs = tuple(need for need in needs if need.action.lower() == said.action.lower()) or needs
    return Refusal(record, said, needs, tuple(statements(needs)), _advice(said))


def _advice(said: Denial) -> str:
    kind = said.policy_type or ""
    policy = f" ({said.policy})" if said.policy else ""
    if said.explicit:
        where = (
            f" in {ELSEWHERE.get(kind, f'an {kind}')}{policy}"
            if kind
            else ", the message does not say in which policy,"
        )
        return f"A statement with Deny{where} says no; no other statement can overrule it, change that one."
    if said.explicit is False and kind in ELSEWHERE:
        return f"Nothing in {ELSEWHERE[kind]}{policy} allows it; it must allow it as well as the caller's own policy."
    if said.explicit is False:
        return "No statement of the caller's own policies allows it; the statement below would."
    if kind:
        return f"{ELSEWHERE.get(kind, kind)[:1].upper()}{ELSEWHERE.get(kind, kind)[1:]} says no."
    return (
        "The message does not say which policy said no; if it was for want of a statement that allows it, "
        "the one below would."
    )
