"""What the hooks collect about one call while it runs, and about the client that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bototrail.capture.scope import Scope
from bototrail.model import Connection
from bototrail.record import Plan, plan_for

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

GLOBAL_REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
"""Where a partition's global services log (rules: IAM, Route 53, CloudFront, Organizations log us-east-1)."""


class Secret(NamedTuple):
    """A snapshot of credentials, kept in memory only, to ask STS who they belong to."""

    access_key: str
    secret_key: str
    token: str | None


class Caller(NamedTuple):
    """Who signed a call.

    Attributes:
        key: what `Identities` knows the caller by: the access key id, with `@host` behind it for an emulator, where
            the same key may belong to somebody else.
        access_key_id: the key id alone.
        account: the account that the program itself named for these credentials, if it did.
    """

    key: str
    access_key_id: str
    account: str | None


class ClientFacts:
    """What stays the same for every call of one client."""

    __slots__ = ("emulator", "endpoint_url", "partition", "plans", "region", "service_model", "service_name")

    def __init__(self, meta: Any) -> None:
        self.service_model = meta.service_model
        self.service_name = str(meta.service_model.service_name)
        self.partition = str(meta.partition)
        self.region = str(meta.region_name)
        self.endpoint_url = str(meta.endpoint_url)
        self.emulator = emulator_host(self.endpoint_url)
        self.plans: dict[str, Plan] = {}

    def plan(self, operation_model: Any) -> Plan:
        """The plan of an operation."""
        name = operation_model.name
        plan = self.plans.get(name)
        if plan is None:
            plan = self.plans[name] = plan_for(self.service_model, operation_model)
        return plan

    def signed_for(self, context: Mapping[str, Any]) -> str:
        """The region that the request was signed for, which is the one that CloudTrail logs."""
        signing = context.get("signing")
        region = signing.get("region") if isinstance(signing, dict) else None
        region = region if isinstance(region, str) and region and "*" not in region else self.region
        if "," in region:
            region = region.partition(",")[0]
        if region.endswith("-global") or region == "None":
            return GLOBAL_REGIONS.get(self.partition, "us-east-1")
        return region


def emulator_host(url: str) -> str:
    """`host:port` of an endpoint that is not AWS, empty for one that is."""
    netloc = urlsplit(url).netloc.lower()
    host = netloc.partition(":")[0]
    return "" if host.endswith(AWS_SUFFIXES) else netloc


class Seen:
    """One call in flight. The hooks fill it; nothing but them and the wrapper around the call holds it."""

    __slots__ = (
        "client",
        "connection",
        "context",
        "error",
        "facts",
        "headers",
        "operation",
        "params",
        "parsed",
        "plan",
        "request",
        "request_id",
        "request_parameters",
        "response_elements",
        "scope",
        "sent",
        "status",
        "url",
    )

    def __init__(self, client: Any, facts: ClientFacts, scope: Scope) -> None:
        self.client = client
        self.facts = facts
        self.scope = scope
        self.plan: Plan | None = None
        self.operation: Any = None
        self.params: Mapping[str, Any] = {}
        self.context: Mapping[str, Any] = {}
        self.request: Mapping[str, Any] | None = None
        self.request_parameters: Any = None
        self.connection: Connection | None = None
        self.sent: Mapping[str, Any] | None = None
        self.parsed: Mapping[str, Any] | None = None
        self.error: Mapping[str, Any] | None = None
        self.status: int | None = None
        self.headers: Mapping[str, str] = {}
        self.request_id: str | None = None
        self.response_elements: Any = None
        self.url = ""
