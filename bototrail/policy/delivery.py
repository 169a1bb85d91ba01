"""The policies that delivery of a trail needs: of the one who delivers, of the bucket, of the key and of the topic.

Sources: the Service Authorization Reference for actions and conditions, CloudTrail's own policies for forms.
[facts §7, §8.5]
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bototrail.deliver.clients import options_for
from bototrail.deliver.layout import logs_folder
from bototrail.policy.document import VERSION, Policy
from bototrail.policy.patterns import literal
from bototrail.policy.statements import Conditions, Statement
from bototrail.regions import partition_of
from bototrail.trails import Trail

_CONTEXT: Final = "kms:EncryptionContext:aws:cloudtrail:arn"
"""What CloudTrail encrypts under: the ARN of the trail."""

_ANY: Final = "*"


@dataclass(frozen=True)
class Target:
    """A trail, and who delivers it.

    Attributes:
        trail: the trail.
        accounts: whose records are delivered; `*` when that is not known.
    """

    trail: Trail
    accounts: tuple[str, ...]

    @property
    def partition(self) -> str:
        """The partition that the trail is in."""
        return partition_of(self.trail.HomeRegion)

    @property
    def options(self) -> dict[str, str]:
        """The options of an S3 bucket; none for others."""
        return self.trail.in_s3.options if self.trail.in_s3 else {}

    @property
    def bucket(self) -> str:
        """The name of the bucket in S3, empty if it is something else."""
        return self.trail.in_s3.name if self.trail.in_s3 else ""

    def logs(self, account: str) -> list[str]:
        """ARNs of an account's log files, and of the empty object that is put to see whether they can be put."""
        prefix = self.trail.in_s3.prefix if self.trail.in_s3 else ""
        folder = prefix + logs_folder(self.trail.S3KeyPrefix)
        if self.trail.OrganizationId:
            folder += f"{self.trail.OrganizationId}/"
        folder = f"arn:{self.partition}:s3:::{self.bucket}/{literal(folder)}"
        # A trail whose account is known puts an object below its number; others put the folder's own.
        own = self.trail.account if not self.trail.OrganizationId else None
        tried = f"{folder}{own}/CloudTrail/" if own else folder
        return [*([] if own == account else [tried]), f"{folder}{account}/*"]

    def digests(self, account: str) -> str:
        """A pattern of the keys of an account's digest files."""
        prefix = self.trail.in_s3.prefix if self.trail.in_s3 else ""
        organization = f"{self.trail.OrganizationId}/" if self.trail.OrganizationId else ""
        folder = prefix + logs_folder(self.trail.S3KeyPrefix) + organization
        return f"{literal(folder)}{account}/CloudTrail-Digest/*"

    def role(self, service: str) -> str | None:
        """The ARN of the role that is assumed for a service."""
        return (self.options if service == "s3" else options_for(self.trail, service)).get("role_arn")

    def arn(self, service: str, rest: str) -> list[str]:
        """ARNs in the home region, one for each account."""
        return [f"arn:{self.partition}:{service}:{self.trail.HomeRegion}:{a}:{rest}" for a in self.accounts]


def target(trail: Trail, accounts: Sequence[str] = ()) -> Target:
    """A trail and its accounts: those given, else that of its ARN, else any."""
    return Target(trail, tuple(accounts) or (trail.account or _ANY,))


def identity_policy(targets: Iterable[Target]) -> Policy:
    """What the identity that delivers must be allowed, and no more."""
    merged: dict[tuple[str, tuple[str, ...], Conditions], set[str]] = {}
    for one in targets:
        for sid, actions, resources, conditions in (*_bucket_needs(one), *_other_needs(one)):
            merged.setdefault((sid, tuple(sorted(actions)), conditions), set()).update(resources)
    statements: list[Statement] = []
    for (sid, actions, conditions), resources in sorted(merged.items()):
        number = sum(one.sid.rstrip("0123456789") == sid for one in statements)
        name = f"{sid}{number + 1}" if number else sid
        statements.append(Statement(name, actions, tuple(sorted(resources)), conditions))
    return Policy(tuple(statements))


_Need = tuple[str, tuple[str, ...], Iterable[str], Conditions]


def _bucket_needs(one: Target) -> Iterator[_Need]:
    if not one.bucket:
        return
    written = [arn for account in one.accounts for arn in one.logs(account)]
    yield "PutLogFiles", ("s3:PutObject",), written, ()
    if one.options.get("ACL"):
        yield "GiveToBucketOwner", ("s3:PutObjectAcl",), written, ()
    if one.options.get("Tagging"):
        yield "TagLogFiles", ("s3:PutObjectTagging",), written, ()
    if key := one.options.get("KmsKeyId"):
        resources, conditions = _key(one, key)
        yield "EncryptLogFiles", ("kms:GenerateDataKey",), resources, conditions
        if one.trail.EnableLogFileValidation:
            yield "DecryptDigestFiles", ("kms:Decrypt",), resources, conditions
    if one.trail.EnableLogFileValidation:
        # Whoever makes a digest looks for the last one, which another host may have made.
        digests = [one.digests(account) for account in one.accounts]
        arn = f"arn:{one.partition}:s3:::{one.bucket}"
        yield "ReadDigestFiles", ("s3:GetObject",), [f"{arn}/{below}" for below in digests], ()
        yield "FindDigestFiles", ("s3:ListBucket",), [arn], (("StringLike", "s3:prefix", tuple(digests)),)


def _key(one: Target, key: str) -> tuple[list[str], Conditions]:
    """A key as policies name it: an alias is no resource, but a condition."""
    if ":key/" in key:
        return [key], ()
    region, accounts = one.options.get("region_name", _ANY), list(one.accounts)
    if key.startswith("arn:"):
        region, accounts = key.split(":")[3], [key.split(":")[4]]
    alias = key.partition("alias/")[2]
    resources = [f"arn:{one.partition}:kms:{region}:{a}:key/{'*' if alias else key}" for a in accounts]
    return resources, (("ForAnyValue:StringEquals", "kms:ResourceAliases", (f"alias/{alias}",)),) if alias else ()


def _other_needs(one: Target) -> Iterator[_Need]:
    trail = one.trail
    if trail.SnsTopicName:
        yield "Notify", ("sns:Publish",), [topic for account in one.accounts for topic in _topics(one, account)], ()
    if group := trail.CloudWatchLogsLogGroupArn:
        organization = f"{trail.OrganizationId}_" if trail.OrganizationId else ""
        streams = [
            f"{group.removesuffix(':*')}:log-stream:{organization}{a}_CloudTrail_{trail.HomeRegion}*"
            for a in one.accounts
        ]
        yield "WriteLogEvents", ("logs:CreateLogStream", "logs:PutLogEvents"), streams, ()
    if trail.event_bridge is not None:
        bus = str(trail.event_bridge["EventBusName"])
        yield "PutEvents", ("events:PutEvents",), _named(one, "events", f"event-bus/{bus}", bus), ()
    if roles := _roles(one):
        yield "AssumeRoles", ("sts:AssumeRole",), roles, ()


def _named(one: Target, service: str, rest: str, given: str) -> list[str]:
    return [given] if given.startswith("arn:") else one.arn(service, rest)


def _topics(one: Target, account: str) -> list[str]:
    """The topic that an account's messages go to: by its bare name it is in the trail's account, or in their own."""
    topic = one.trail.SnsTopicName or ""
    if not topic or topic.startswith("arn:"):
        return [topic] if topic else []
    return [f"arn:{one.partition}:sns:{one.trail.HomeRegion}:{one.trail.account or account}:{topic}"]


def _roles(one: Target) -> list[str]:
    given = one.trail.delivery
    tables = [given, one.options, *(given.get(name, {}) for name in ("s3", "sns", "logs", "events"))]
    return sorted({table["role_arn"] for table in tables if table.get("role_arn")})


def bucket_policies(targets: Iterable[Target]) -> dict[str, dict[str, Any]]:
    """For each bucket in S3 what its owner must allow; each account writes below its own number only."""
    out: dict[str, list[dict[str, Any]]] = {}
    for one in targets:
        if one.bucket:
            statements = out.setdefault(one.bucket, [])
            for account in one.accounts:
                for verb, statement in _write(one, account):
                    _append(statements, verb + _name(one, account), statement)
    return {name: _document(statements) for name, statements in out.items() if statements}


def _write(one: Target, account: str) -> Iterator[tuple[str, dict[str, Any]]]:
    principal, conditions = _who(one, account, "s3")
    # Every account of an organization writes below its own number.
    resources = one.logs("${aws:PrincipalAccount}" if conditions else account)
    if one.options.get("Tagging"):  # apart: the key for ACLs is not there when tagging is asked for
        tagging = ["s3:PutObjectTagging"]
        yield "Tag", _allow(principal, tagging, resources, {"StringEquals": conditions} if conditions else {})
    actions = ["s3:PutObject"]
    if acl := one.options.get("ACL"):
        actions.append("s3:PutObjectAcl")
        conditions = {**conditions, "s3:x-amz-acl": acl}
    yield "Write", _allow(principal, actions, resources, {"StringEquals": conditions} if conditions else {})


def key_policies(targets: Iterable[Target]) -> dict[str, dict[str, Any]]:
    """For each key the statements that its policy needs: encrypt for these trails only, decrypt what trails wrote."""
    out: dict[str, list[dict[str, Any]]] = {}
    for one in targets:
        if key := one.options.get("KmsKeyId"):
            statements = out.setdefault(key, [])
            for account in one.accounts:
                principal, member = _who(one, account, "s3")
                said: dict[str, Any] = {"StringEquals": member} if member else {}
                who = _name(one, account)
                encrypt = _both(said, _context(one, account, bool(member)))
                decrypt = _both(said, {"Null": {_CONTEXT: "false"}})
                _append(statements, f"Encrypt{who}", _allow(principal, ["kms:GenerateDataKey"], [_ANY], encrypt))
                _append(statements, f"Read{who}", _allow(principal, ["kms:Decrypt"], [_ANY], decrypt))
    return {name: _document(statements) for name, statements in out.items()}


def _context(one: Target, account: str, members: bool) -> dict[str, Any]:
    """The condition on the trail that is encrypted for: `*` for the account when no record tells yet whose it is."""
    arns = sorted({one.trail.arn(account), one.trail.arn(_ANY)})
    if members and len(arns) > 1:  # each with its own account in the ARN
        return {"StringLike": {_CONTEXT: one.trail.arn(_ANY)}}
    return {"StringEquals": {_CONTEXT: arns if len(arns) > 1 else arns[0]}}


def _both(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions that must both hold."""
    return {name: {**one.get(name, {}), **other.get(name, {})} for name in {**one, **other}}


def topic_policies(targets: Iterable[Target]) -> dict[str, dict[str, Any]]:
    """For each topic what its owner must allow to others."""
    out: dict[str, list[dict[str, Any]]] = {}
    for one in targets:
        for account in one.accounts:
            for topic in _topics(one, account):
                principal, member = _who(one, account, "sns")
                conditions = {"StringEquals": member} if member else {}
                statement = _allow(principal, ["sns:Publish"], [topic], conditions)
                _append(out.setdefault(topic, []), f"Notify{_name(one, account)}", statement)
    return {name: _document(statements) for name, statements in out.items()}


def _who(one: Target, account: str, service: str) -> tuple[Any, dict[str, str]]:
    """Who delivers an account's records, and on what condition."""
    if role := one.role(service):
        return {"AWS": role}, {}
    if one.trail.OrganizationId:
        return _ANY, {"aws:PrincipalOrgID": one.trail.OrganizationId}
    return {"AWS": f"arn:{one.partition}:iam::{account}:root"}, {}


def _name(one: Target, account: str) -> str:
    return "Organization" if one.trail.OrganizationId else account


def _allow(principal: Any, actions: list[str], resources: list[str], conditions: Mapping[str, Any]) -> dict[str, Any]:
    said = {"Effect": "Allow", "Principal": principal, "Action": actions, "Resource": resources}
    return {**said, "Condition": dict(conditions)} if conditions else said


def _append(statements: list[dict[str, Any]], sid: str, statement: dict[str, Any]) -> None:
    """Add a statement unless the same is there; ids are unique in a document."""
    said = [{name: value for name, value in one.items() if name != "Sid"} for one in statements]
    if statement not in said:
        number = sum(one["Sid"].partition("X")[0] == sid for one in statements)
        statements.append({"Sid": f"{sid}X{number + 1}" if number else sid, **statement})


def _document(statements: list[dict[str, Any]]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": statements}
