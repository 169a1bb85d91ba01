"""The permissions that records show to have been used, gathered so that they can be sent and merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

Condition = tuple[str, str, str]
"""Operator, key and value: `("StringEquals", "kms:ViaService", "s3.eu-central-1.amazonaws.com")`."""


class Need(NamedTuple):
    """One permission.

    Attributes:
        action: `s3:PutObject`.
        resource: an ARN, in which `*` stands for what the record does not tell; or `*`.
        conditions: what is certain beside that.
        verified: whether the Service Authorization Reference has the action.
        implied: whether the call needs it beside its own action.
    """

    action: str
    resource: str
    conditions: tuple[Condition, ...] = ()
    verified: bool = True
    implied: bool = False


class Use(NamedTuple):
    """A call that has a resource decrypted or encrypted, if it is encrypted with a key of the customer's.

    Attributes:
        resource: its ARN.
        action: what the key's use needs, `kms:Decrypt`.
        via: the service that uses the key, for the condition.
    """

    resource: str
    action: str
    via: str


class Needs:
    """What was needed by all records added so far.

    Attributes:
        needs: how many records needed what.
        keys: KMS key by the ARN of what is encrypted with it.
        uses: calls that use such keys, whichever they are.
        made: ids that calls have made, which are others the next time.
        callers: ARNs of who made the calls.
    """

    def __init__(self) -> None:
        self.needs: dict[Need, int] = {}
        self.keys: dict[str, str] = {}
        self.uses: dict[Use, None] = {}
        self.made: dict[str, None] = {}
        self.callers: dict[str, None] = {}

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in a CloudTrail record; one that is not about an API call is passed over."""
        from bototrail.policy.findings import findings

        found = findings(record)
        if found is None:
            return
        for need in found.needs:
            self.needs[need] = self.needs.get(need, 0) + 1
        self.keys.update(found.keys)
        self.uses.update(dict.fromkeys(found.uses))
        self.made.update(dict.fromkeys(found.made))
        if found.caller:
            self.callers[found.caller] = None

    def add_all(self, records: Iterable[Mapping[str, Any]]) -> Needs:
        """Take in many records, and return itself."""
        for record in records:
            self.add(record)
        return self

    def to_json(self) -> dict[str, Any]:
        """Lists, dicts, texts and numbers that another process can `merge`."""
        return {
            "needs": [[need.action, need.resource, [list(c) for c in need.conditions], *need[3:], n]
                      for need, n in self.needs.items()],
            "keys": self.keys,
            "uses": [list(use) for use in self.uses],
            "made": list(self.made),
            "callers": list(self.callers),
        }  # fmt: skip

    def merge(self, other: Mapping[str, Any]) -> None:
        """Take in what `to_json` of another made."""
        for action, resource, conditions, verified, implied, count in other["needs"]:
            need = Need(action, resource, tuple(map(tuple, conditions)), verified, implied)
            self.needs[need] = self.needs.get(need, 0) + count
        self.keys.update(other["keys"])
        self.uses.update((Use(*use), None) for use in other["uses"])
        self.made.update(dict.fromkeys(other["made"]))
        self.callers.update(dict.fromkeys(other["callers"]))
