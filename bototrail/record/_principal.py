"""CloudTrail's userIdentity: the type, and how it is made from what one knows of a caller."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any, NamedTuple

import orjson

_ACCOUNT = re.compile(r"[0-9]{12}")


def is_account(value: Any) -> bool:
    """Whether this is the number of an AWS account."""
    return isinstance(value, str) and _ACCOUNT.fullmatch(value) is not None


@dataclass(frozen=True)
class Issuer:
    """Whose credentials a temporary session was made from: `sessionContext.sessionIssuer`."""

    type: str | None = None
    principal_id: str | None = None
    arn: str | None = None
    account_id: str | None = None
    user_name: str | None = None


@dataclass(frozen=True)
class Identity:
    """One userIdentity of CloudTrail. It has no member for a secret key or a session token, so it cannot leak one.

    Attributes:
        type: `IAMUser`, `AssumedRole`, `Root`, `FederatedUser`, `WebIdentityUser`, `SAMLUser`, `AWSAccount`, `Unknown`.
        principal_id: the unique id, such as `AIDA…` or `AROA…:session`.
        arn: the user, or the session of a role.
        account_id: 12 digits, or `anonymous`.
        access_key_id: the key that signed.
        user_name: without the path.
        identity_provider: of a SAMLUser or a WebIdentityUser.
        issuer: see `Issuer`.
        federated_provider: the web identity provider that vouched for the session.
        federation_attributes: what it said, as pairs.
        creation_date: when the session began, `YYYY-MM-DDTHH:MM:SSZ`.
        mfa_authenticated: the string `true` or `false`, as CloudTrail has it.
        ec2_role_delivery: `1.0` or `2.0`, for a role that came from instance metadata.
        source_identity: what the first caller of a chain of roles called himself.
        assumed_root: the string `true` for a session of AssumeRoot.
    """

    type: str
    principal_id: str | None = None
    arn: str | None = None
    account_id: str | None = None
    access_key_id: str | None = None
    user_name: str | None = None
    identity_provider: str | None = None
    issuer: Issuer | None = None
    federated_provider: str | None = None
    federation_attributes: tuple[tuple[str, str], ...] = ()
    creation_date: str | None = None
    mfa_authenticated: str | None = None
    ec2_role_delivery: str | None = None
    source_identity: str | None = None
    assumed_root: str | None = None

    def __post_init__(self) -> None:
        # A server answers what it likes, and the account becomes part of a path.
        if self.account_id is not None and not is_account(self.account_id) and self.account_id != "anonymous":
            object.__setattr__(self, "account_id", None)

    def json(self) -> bytes:
        """The userIdentity object, keys in CloudTrail's order, absent members left out."""
        return self._json

    @cached_property
    def _json(self) -> bytes:
        return orjson.dumps(self.to_dict())

    def to_dict(self) -> dict[str, Any]:
        """The same object as a dict; `from_dict` reads it back without loss."""
        federation: dict[str, Any] | None = None
        if self.federated_provider is not None:
            federation = {"federatedProvider": self.federated_provider, "attributes": dict(self.federation_attributes)}
        session = {
            "sessionIssuer": _spelt(self.issuer, _ISSUER_KEYS),
            "webIdFederationData": federation,
            "attributes": _spelt(self, _ATTRIBUTE_KEYS),
            **_spelt(self, _SESSION_KEYS),
        }
        session = {key: value for key, value in session.items() if value not in (None, {})}
        identity = _spelt(self, _IDENTITY_KEYS)
        return {**identity, "sessionContext": session} if session else identity

    @classmethod
    def from_dict(cls, found: Any) -> Identity:
        """Read a userIdentity object, of `to_dict` or of AWS; never raises, members that are odd are left out."""
        session, issuer = at(found, "sessionContext"), at(found, "sessionContext", "sessionIssuer")
        pairs = at(session, "webIdFederationData", "attributes")
        known: dict[str, Any] = {
            **_read(found, _IDENTITY_KEYS),
            **_read(session, _SESSION_KEYS),
            **_read(at(session, "attributes"), _ATTRIBUTE_KEYS),
            **_read(at(session, "webIdFederationData"), {"federated_provider": "federatedProvider"}),
        }
        if issuer_known := _read(issuer, _ISSUER_KEYS):
            known["issuer"] = Issuer(**issuer_known)
        if isinstance(pairs, dict):
            known["federation_attributes"] = tuple(_read(pairs, {str(key): str(key) for key in pairs}).items())
        return cls(**{"type": "Unknown", **known})


# Our names and CloudTrail's, in the order in which CloudTrail writes them.
_IDENTITY_KEYS = {
    "type": "type",
    "principal_id": "principalId",
    "arn": "arn",
    "account_id": "accountId",
    "access_key_id": "accessKeyId",
    "user_name": "userName",
    "identity_provider": "identityProvider",
}
_ISSUER_KEYS = {field.name: _IDENTITY_KEYS[field.name] for field in fields(Issuer)}
_ATTRIBUTE_KEYS = {"creation_date": "creationDate", "mfa_authenticated": "mfaAuthenticated"}
_SESSION_KEYS = {
    "ec2_role_delivery": "ec2RoleDelivery",
    "source_identity": "sourceIdentity",
    "assumed_root": "assumedRoot",
}


def _spelt(value: Identity | Issuer | None, keys: Mapping[str, str]) -> dict[str, str]:
    return {key: found for name, key in keys.items() if (found := getattr(value, name, None)) is not None}


def _read(found: Any, keys: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, key in keys.items() if isinstance(value := at(found, key), str)}


def at(value: Any, *path: str) -> Any:
    """What stands at the end of `path` in nested dicts; None where one of them is missing or no dict."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *path: str) -> str | None:
    """The same, but only a string that says something and can be written as UTF-8 (programs hand in mocks)."""
    found = at(value, *path)
    return str.encode(found, "utf-8", "replace").decode() or None if isinstance(found, str) else None


class Arn(NamedTuple):
    """The pieces of an ARN that names an identity: `arn:PARTITION:SERVICE::ACCOUNT:KIND/REST`."""

    partition: str | None = None
    account: str | None = None
    kind: str | None = None
    rest: str = ""

    @classmethod
    def parse(cls, arn: str | None) -> Arn:
        """Take an ARN apart; all pieces are absent when it is none of IAM or STS."""
        pieces = (arn or "").split(":", 5)
        if len(pieces) != 6 or pieces[0] != "arn" or pieces[2] not in ("iam", "sts"):
            return cls()
        kind, _, rest = pieces[5].partition("/")
        return cls(pieces[1], pieces[4] or None, kind, rest)


# LocalStack's keys say the same after an L, so that nobody mistakes them for real ones.
_KEY_PREFIXES = frozenset({"AKIA", "ASIA", "LKIA", "LSIA"})
_ACCOUNT_BITS, _ACCOUNT_SHIFT = 0x7FFFFFFFFF80, 7


def account_of(access_key_id: str | None) -> str | None:
    """The account number inside an access key id: 40 of the bits that its base32 text stands for.

    Ids that were issued before 2019 do not carry it; in the newer ones the first of these bits is set, which is to say
    that the fifth character is Q or later in base32's order.
    """
    if not isinstance(access_key_id, str) or len(access_key_id) != 20 or access_key_id[:4] not in _KEY_PREFIXES:
        return None
    try:
        bits = int.from_bytes(base64.b32decode(access_key_id[4:])[:6], "big")
    except ValueError:
        return None
    number = (bits & _ACCOUNT_BITS) >> _ACCOUNT_SHIFT
    return f"{number:012d}" if bits >> 47 and number < 10**12 else None


def from_access_key(access_key_id: str | None) -> Identity:
    """As much as the id of a key tells by itself."""
    key = text(access_key_id)
    return Identity("Unknown", account_id=account_of(key), access_key_id=key)


# The kind in the ARN that GetCallerIdentity answers -> userIdentity's type.
_TYPES = {"user": "IAMUser", "assumed-role": "AssumedRole", "root": "Root", "federated-user": "FederatedUser"}


def from_caller(arn: str | None, user_id: str | None, account: str | None, access_key_id: str | None) -> Identity:
    """The identity behind an answer of GetCallerIdentity.

    It does not tell a role's path: the issuer's ARN is right for roles without one only, and gives way to what
    AssumeRole showed (`Identities.put`).
    """
    arn, user_id, key = text(arn), text(user_id), text(access_key_id)
    pieces = Arn.parse(arn)
    account = text(account) or pieces.account or account_of(key)
    kind = _TYPES.get(pieces.kind or "", "Unknown")
    found = Identity(kind, user_id, arn, account, key)
    if kind == "IAMUser":
        return replace(found, user_name=pieces.rest.rpartition("/")[2] or None)
    role = pieces.rest.partition("/")[0]
    if kind == "AssumedRole" and role:
        role_arn = f"arn:{pieces.partition}:iam::{account}:role/{role}"
        return replace(found, issuer=Issuer("Role", (user_id or "").partition(":")[0] or None, role_arn, account, role))
    return found


_NOBODY = Identity("Unknown")
_ANYBODY = Identity("AWSAccount", principal_id="", account_id="anonymous")


def anonymous(service_name: str) -> Identity:
    """Who an unsigned call is from; S3 has a name for it."""
    return _ANYBODY if service_name == "s3" else _NOBODY
