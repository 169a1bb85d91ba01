"""The vocabulary in which facts about a service are written down; the facts themselves are in `services/`.

A service without a file follows the general rules, which are the defaults of `Service`. Rows about a member name it
`Shape.Member` in the model's spelling, or `*.Member` for every shape of the service.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import import_module
from keyword import iskeyword
from typing import Any, Final, Literal

from bototrail.record import values
from bototrail.record.services import KNOWN

HIDDEN: Final = values.HIDDEN
OMITTED: Final = None
REMOVED: Final = "<sensitiveDataRemoved>"

# General rule of readOnly. [rules.md §11, facts §4.6]
READ_PREFIXES: Final = (
    "BatchDescribe",
    "BatchGet",
    "Check",
    "Describe",
    "Detect",
    "Get",
    "Head",
    "List",
    "Lookup",
    "Query",
    "Scan",
    "Search",
    "Select",
    "Simulate",
    "Test",
    "Validate",
)

# Members, and keys of maps, that hold a secret by their name, though many models do not mark them: passwords, keys and
# tokens themselves, not their ids, ARNs or places. A row, or `shown`, overrules this.
_SECRET_NAMES: Final = re.compile(
    r"(?:password|passphrase|passwordverifier|secret|sharedsecret|secret_?(?:access_?)?key|private_?key(?:base64)?|"
    r"presharedkey|credentialsmap|platformcredential|api_?key(?:value)?|authkey|statickeyvalue|tokenkey|servicejson|"
    r"(?:gen)?(?:app|nwk)s?key|nwksintkey|otp|samlassertion|devicecode|usercode|userdata|tokenvalue|"
    r"(?:access|api|auth|authorization|bearer|connection|hec|id|oauth|participant|refresh|secret|session)_?token|"
    r"(?:presigned|authorized|streaming|webhook)_?url)s?$",
    re.IGNORECASE,
)


@lru_cache(maxsize=1024)
def names_a_secret(name: str) -> bool:
    """Whether a member, or a key of a map, that is called so holds a secret."""
    return _SECRET_NAMES.search(name) is not None


Form = Literal["encoded", "json", "names", "partiql", "redacted", "text", "untyped", "veiled"]


@dataclass(frozen=True, eq=False, repr=False)
class Resource:
    """One entry of `resources`.

    Attributes:
        type: such as `AWS::S3::Bucket`; empty when the service writes none.
        arn: template; `{partition}`, `{region}`, `{account}`, `{request.path}` and `{response.path}` are filled in, a
            filter may follow (`{request.queueUrl|queue}`). `{answer.path}` is an ARN in the result, its members as the
            model spells them, also where the result is not logged. Of several paths with a comma between them the
            first that is there counts. A field that is an ARN already stands for the whole. The entry is left out when
            a field is missing that has no `?` behind its path.
        account: whether the entry carries accountId.
        key: `ARN`, or `ARNPrefix` for listings.
        skip: a field that begins so gives no entry.
        only: only a field that begins so gives an entry.
    """

    type: str
    arn: str
    account: bool = True
    key: str = "ARN"
    skip: str = ""
    only: str = ""


@dataclass(frozen=True, eq=False, repr=False)
class Envelope:
    """How a service logs the body of a REST request.

    Attributes:
        body: key under which the members of the body stand; `{}` is the operation, its first letter lowered.
        beside: what every request carries beside it.
    """

    body: str
    beside: Mapping[str, Any]


@dataclass(frozen=True, eq=False, repr=False)
class Gather:
    """Members that the service logs as the only item of a list.

    Attributes:
        into: key of the list.
        keys: the members, as they are spelt in the record.
    """

    into: str
    keys: frozenset[str]


@dataclass(frozen=True, eq=False, repr=False)
class Service:
    """What is special about the records of one service.

    Attributes:
        dialect: how parameters and results are spelt: `plain` (first letter lowered), `ec2` or `s3`.
        keys: `lower` lowers the first letter of every member, `model` leaves members as the model spells them.
        event_source: in front of `.amazonaws.com`; usually a row of `sources.py` instead.
        signs_as: names that some of its requests are signed with, each a service of its own for CloudTrail: their rows
            are in a file of that name.
        event_names: operation -> eventName, where they differ.
        api_version: apiVersion as the service spells it; None when it writes none.
        user_agent: format of userAgent.
        reads: operations that are reads although their name does not say so.
        writes: operations that are writes although their name says otherwise.
        data_events: operations of category Data.
        responses: reads that log their result.
        silent: writes that log no result.
        hidden: member -> what stands for its value; OMITTED leaves it out. Empty values stay as they are.
        marker: what stands for members that the model marks sensitive and no row names.
        shown: members that the model marks sensitive, or that are named like a secret, and the service logs in clear.
        forms: member -> how its value is changed: `encoded` makes the string on the wire of a policy that the SDK has
            decoded, `json` parses it, `names` keeps only the keys, `partiql` takes the values out of a statement,
            `redacted` those out of a list of names and values, `text` makes a string of it, `untyped` takes
            DynamoDB's types off, `veiled` hides each value of a map, in lists too.
        renames: member -> key.
        items: EC2: list member -> name of the item's one key; an empty name makes a bare list.
        filled: EC2: list members of requests that are written even when they are empty, beside those of Describe.
        unfilled: EC2: list members of a Describe that are not.
        single: EC2: list members whose elements are under `item`, not `items`.
        wire_names: whether members of path and query are called as in the URL, not as in the model.
        envelope: how the body of a request is wrapped.
        gathers: shape -> members that are moved into a list.
        hoists: structure members whose own members take their place.
        choices: structure of which one member is given -> key for that member's name, beside the member's own members.
        defaults: input shape -> what the service writes when the caller said nothing, as spelt in the record.
        answer_defaults: output shape -> likewise.
        flat: EC2: operations in the older dialect.
        unwraps: whether a result that is one structure is logged without its wrapper.
        wrapped: members that keep it.
        dates: how timestamps are written, where it is not by the general rule (`Spelling.date`).
        resources: operation (or `*`) -> entries of `resources`.
        no_resources: error codes after which `resources` is absent.
        extra: key of additionalEventData -> where it comes from (`extra.py`).
        host: whether requestParameters carry the Host.
        errors: code in the answer, or operation and code (`HeadBucket.404`) -> errorCode, beside the general rules.
        error_prefix: whether errorCode begins with `Client.` or `Server.`.
        error_message: whether errorMessage is written.
        error_body: whether the error's members are written as responseElements.
        keeps_parameters: operations (or `*`) whose requestParameters are written after a denial.
        drops_parameters: other error codes after which they are not.
        refused_suffix: what stands behind eventName after a denial.
    """

    dialect: Literal["ec2", "plain", "s3"] = "plain"
    keys: Literal["lower", "model"] = "lower"
    event_source: str | None = None
    signs_as: frozenset[str] = frozenset()
    event_names: Mapping[str, str] = field(default_factory=dict)
    api_version: str | None = None
    user_agent: str = "{}"
    reads: frozenset[str] = frozenset()
    writes: frozenset[str] = frozenset()
    data_events: frozenset[str] = frozenset()
    responses: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    hidden: Mapping[str, str | None] = field(default_factory=dict)
    marker: str = HIDDEN
    shown: frozenset[str] = frozenset()
    forms: Mapping[str, Form] = field(default_factory=dict)
    renames: Mapping[str, str] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    filled: frozenset[str] = frozenset()
    unfilled: frozenset[str] = frozenset()
    single: frozenset[str] = frozenset()
    wire_names: bool = False
    envelope: Envelope | None = None
    gathers: Mapping[str, Gather] = field(default_factory=dict)
    hoists: frozenset[str] = frozenset()
    choices: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answer_defaults: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    flat: frozenset[str] = frozenset()
    unwraps: bool = False
    wrapped: frozenset[str] = frozenset()
    dates: Literal["epoch", "iso", "locale", "milliseconds"] | None = None
    resources: Mapping[str, tuple[Resource, ...]] = field(default_factory=dict)
    no_resources: frozenset[str] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict)
    host: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)
    error_prefix: bool = False
    error_message: bool = True
    error_body: bool = False
    keeps_parameters: frozenset[str] = frozenset()
    drops_parameters: frozenset[str] = frozenset()
    refused_suffix: str = ""

    def is_read(self, operation: str) -> bool:
        """Whether `operation` is logged as readOnly."""
        if operation in self.writes:
            return False
        return operation in self.reads or operation.startswith(READ_PREFIXES)

    def keeps(self, operation: str) -> bool:
        """Whether the parameters of `operation` are written after a denial."""
        return operation in self.keeps_parameters or "*" in self.keeps_parameters


def row(table: Mapping[str, Any], shape: str, member: str, missing: Any = None) -> Any:
    """The row of `table` for a member of a shape: its own, else the one for every shape."""
    found = table.get(f"{shape}.{member}", table)
    if found is table:
        found = table.get(f"*.{member}", missing)
    return found


@cache
def rules_for(service_name: str) -> Service:
    """The facts about the service that botocore calls `service_name`."""
    if service_name not in KNOWN:
        return Service()
    module = service_name.replace("-", "_") + "_" * iskeyword(service_name)
    service = import_module(f"bototrail.record.services.{module}").SERVICE
    assert isinstance(service, Service)
    return service
