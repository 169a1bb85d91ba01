"""Public keys that CloudTrail itself gives out: ListPublicKeys, of the region whose digest files are checked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from bototrail.deliver.clients import make_client
from bototrail.integrity.public import PublicKey
from bototrail.record.failures import harmless

_DAY: Final = 86400.0


def _client(region: str) -> Any:
    return make_client("cloudtrail", {}, region, retries={"mode": "standard", "total_max_attempts": 5})


class AwsKeys:
    """Finds public keys by asking, once for a region and a day; see `digests.KeyFinder`.

    Every region has keys of its own. Who cannot be asked has none, so that a bucket that names regions which do not
    exist cannot keep the others from being validated.

    Args:
        known: keys that need not be asked for, by their fingerprints.
        client: makes a CloudTrail client of a region.

    Attributes:
        failures: the regions that could not be asked, and why.
    """

    def __init__(self, known: Mapping[str, PublicKey], client: Callable[[str], Any] = _client) -> None:
        self.failures: dict[str, str] = {}
        self._given, self._make = known, client
        self._clients: dict[str, Any] = {}
        self._known: dict[tuple[str, str], PublicKey] = {}
        self._asked: set[tuple[str, float]] = set()
        self._one = threading.Lock()

    def __call__(self, region: str, fingerprint: str, first: float, last: float) -> PublicKey | None:
        """The key of that fingerprint.

        Args:
            region: whose digest file it is to check.
            fingerprint: as the digest file has it.
            first: from when it may be valid, seconds since 1970.
            last: until when.
        """
        if fingerprint in self._given:
            return self._given[fingerprint]
        day = first - first % _DAY
        with self._one:
            known = (region, fingerprint) in self._known or region in self.failures
            if not known and (region, day) not in self._asked:
                self._asked.add((region, day))
                self._ask(region, day, last)
            return self._known.get((region, fingerprint))

    def _ask(self, region: str, first: float, last: float) -> None:
        try:
            if region not in self._clients:
                self._clients[region] = self._make(region)
            request: dict[str, Any] = {"StartTime": _time(first), "EndTime": _time(max(last, first + _DAY))}
            while True:
                answer = self._clients[region].list_public_keys(**request)
                for row in answer["PublicKeyList"]:
                    start, end = row["ValidityStartTime"].timestamp(), row["ValidityEndTime"].timestamp()
                    self._known[region, row["Fingerprint"]] = PublicKey(row["Value"], start, end)
                if not answer.get("NextToken"):
                    return
                request["NextToken"] = answer["NextToken"]
        except Exception as error:  # noqa: BLE001 of many kinds: credentials, network, the service, its answer
            self.failures[region] = harmless(f"{type(error).__name__}: {error}")


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, timezone.utc)
