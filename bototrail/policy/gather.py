"""What many records needed, gathered so that it can be sent to another process and merged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from bototrail.policy.findings import Reader
from bototrail.policy.needs import Need, Use


class Needs:
    """What was needed by all records added so far.

    Attributes:
        needs: how many records needed what.
        keys: KMS key by the ARN of what is encrypted with it.
        uses: calls that use such keys, whichever they are.
        made: ids that calls have made, which are others the next time.
        callers: ARNs of who made the calls.
        accounts: the accounts whose records they are.
    """

    def __init__(self) -> None:
        self.needs: dict[Need, int] = {}
        self.keys: dict[str, str] = {}
        self.uses: dict[Use, None] = {}
        self.made: dict[str, None] = {}
        self.callers: dict[str, None] = {}
        self.accounts: dict[str, None] = {}
        self._reader = Reader()

    def add(self, record: Mapping[str, Any]) -> None:
        """Take in a CloudTrail record; one that is not about an API call is passed over."""
        found = self._reader.findings(record)
        if found is None:
            return
        for need in found.needs:
            self.needs[need] = self.needs.get(need, 0) + 1
        self.keys.update(found.keys)
        self.uses.update(dict.fromkeys(found.uses))
        self.made.update(dict.fromkeys(found.made))
        self.accounts[found.account] = None
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
            "accounts": list(self.accounts),
        }  # fmt: skip

    def merge(self, other: Mapping[str, Any]) -> None:
        """Take in what `to_json` of another made."""
        for action, resource, conditions, verified, implied, count in other["needs"]:
            need = Need(action, resource, tuple(map(tuple, conditions)), verified, implied)
            self.needs[need] = self.needs.get(need, 0) + count
        self.keys.update(other["keys"])
        self.uses.update((Use(*use), None) for use in other["uses"])
        self.made.update(dict.fromkeys(other["made"]))
        self.accounts.update(dict.fromkeys(other["accounts"]))
        self.callers.update(dict.fromkeys(other["callers"]))
