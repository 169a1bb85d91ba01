"""What the hooks collect about one call while it runs, and about the client that makes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bototrail.capture.given import Given
from bototrail.model import NOTHING, Call, Owner
from bototrail.record import Plan, plan_for
from bototrail.record.failures import without_token
from bototrail.record.identity import Identity
from bototrail.regions import global_region

AWS_SUFFIXES = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.com.cn",
    ".api.aws",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
    ".on.aws",
    ".sc2s.sgov.gov",
)
"""DNS suffixes of AWS itself (botocore's partitions.json, dnsSuffix and dualStackDnsSuffix)."""


# Credentials before the host; path and query, where signatures and sensitive arguments stand.
_URL = re.compile(r"(https?://)(?:[^/@\s\"']*@)?([^/?#\s\"']+)[^\s\"']*")


class Secret(NamedTuple):
    """A snapshot of credentials, kept in memory only, to ask STS who they belong to."""

    access_key: str
    secret_key: str
    token: str | None


class Caller:
    """Who signs calls with one access key.

    Attributes:
        key: what `Identities` knows the caller by: the access key id, with `@host` behind it for an emulator, where
            the same key may belong to somebody else.
        access_key_id: the key id alone.
        account: the account as far as it is known without asking: named by the program, or inside the key id.
        identity: who it is, once that is known; `owner` are its bytes.
        headers: encoded headers of entries by what else stands in them.
    """

    __slots__ = ("access_key_id", "account", "headers", "identity", "key", "owner")

    def __init__(self, key: str, access_key_id: str, account: str | None, owner: Owner) -> None:
        self.key, self.access_key_id, self.account, self.owner = key, access_key_id, account, owner
        self.identity: Identity | None = None
        self.headers: dict[Any, bytes] = {}


class ClientFacts:
    """What stays the same for every call of one client."""

    def __init__(self, meta: Any) -> None:
        self.service_model = meta.service_model
        self.service_name = str(meta.service_model.service_name)
        self.partition = str(meta.partition)
        self.region = str(meta.region_name)
        self.global_region = global_region(self.partition)
        self.endpoint_url = str(meta.endpoint_url)
        self.emulator = emulator_host(self.endpoint_url)
        self.plans: dict[str, Plan] = {}

    def plan(self, operation_model: Any, context: Mapping[str, Any]) -> Plan:
        """The plan of an operation, for a request with this context."""
        name = operation_model.name
        plan = self.plans.get(name)
        if plan is None:
            plan = self.plans[name] = plan_for(self.service_model, operation_model)
        return self._signed_plan(plan, operation_model, context) if plan.rules.signs_as else plan

    def plans_of(self, name: str) -> list[Plan]:
        """Every plan that requests of an operation may have, whatever they are signed with."""
        plan = self.plans[name]
        model = self.service_model.operation_model(name)
        return [plan, *(plan_for(self.service_model, model, rows) for rows in plan.rules.signs_as)]

    def _signed_plan(self, plan: Plan, operation_model: Any, context: Mapping[str, Any]) -> Plan:
        signing = context.get("signing")
        name = signing.get("signing_name") if isinstance(signing, dict) else None
        return plan_for(self.service_model, operation_model, name) if name in plan.rules.signs_as else plan

    def signed_for(self, context: Mapping[str, Any]) -> str:
        """The region that the request was signed for, which is the one that CloudTrail logs."""
        signing = context.get("signing")
        region = signing.get("region") if isinstance(signing, dict) else None
        region = region if isinstance(region, str) and region and "*" not in region else self.region
        if "," in region:
            region = region.partition(",")[0]
        if region.endswith("-global") or region == "None":
            return self.global_region
        return region


def emulator_host(url: str) -> str:
    """`host:port` of an endpoint that is not AWS, empty for one that is."""
    netloc = urlsplit(url).netloc.lower().rpartition("@")[2]
    host = netloc.partition(":")[0]
    return "" if host.endswith(AWS_SUFFIXES) else netloc


class Seen(Call):
    """One call in flight, as far as it was seen. The hooks fill it; nothing but them and the wrapper holds it.

    Attributes:
        client: the client that makes it.
        facts: what stays the same for the client's calls.
        operation: botocore's model of the operation.
        params: the arguments as they are sent; the program's own objects.
        context: botocore's context of the request.
        request: the request before it is signed, None while nothing was sent.
        sent: headers as they went over the wire, None when there was no wire.
        given: what the program gave, None while nobody watches.
    """

    operation: Any = None
    params: Mapping[str, Any] = NOTHING
    context: Mapping[str, Any] = NOTHING
    request: Mapping[str, Any] | None = None
    sent: Mapping[str, Any] | None = None
    given: Given | None = None
    planned = False

    def __init__(self, client: Any, facts: ClientFacts, labels: Mapping[str, str] | None) -> None:
        self.client = client
        self.facts = facts
        self.labels = labels

    def prepare(self) -> None:
        """Plan the operation and convert the arguments."""
        self.plan = self.facts.plan(self.operation, self.context)
        self.request_parameters = self.plan.request_parameters(self.params)
        self.planned = True

    def fail(self, error: Mapping[str, Any]) -> None:
        """Take in the error that the service answered."""
        self.error_code = str(error.get("QueryErrorCode") or error.get("Code") or self.status)
        message = error.get("Message")
        self.error_message = None if message is None else without_token(str(message))
        self.error_fields = {k: v for k, v in self.parsed.items() if k not in ("ResponseMetadata", "Error")}

    def end(self, error: BaseException | None, moment: float) -> None:
        """Fill in what is known only now, or never was sent."""
        if not self.planned:
            self.prepare()
        request = self.request
        if request is None:
            self.stubbed = True
            request = NOTHING
        self.time = moment
        self.region = self.facts.global_region if self.plan.is_global else self.facts.signed_for(self.context)
        self.partition = self.facts.partition
        self.url = str(self.url or request.get("url") or self.facts.endpoint_url)
        self.request_headers = headers = self.sent or request.get("headers") or NOTHING
        agent = headers.get("User-Agent") or ""
        self.user_agent = agent.decode("utf-8", "replace") if isinstance(agent, bytes) else str(agent)
        if self.sent is None:
            body = request.get("body")
            self.request_length = len(body) if isinstance(body, (bytes, bytearray, str)) else None
        if self.status is None and error is not None:
            self.answered = False
            self.error_code, self.error_message = type(error).__name__, _URL.sub(r"\1\2", str(error))
