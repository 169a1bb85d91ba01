"""What the traffic itself tells of the owners of access keys.

Assuming a role, asking who one is, making a key: the answers of such calls say to whom the keys belong that sign the
next ones.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import orjson

from bototrail import clock
from bototrail.record._principal import (
    Arn,
    Identity,
    Issuer,
    account_of,
    anonymous,
    at,
    from_access_key,
    from_caller,
    is_account,
    text,
)


class _Seen(NamedTuple):
    """A finished call, as `learned` was told of it."""

    params: Any
    parsed: Any
    caller: Identity | None = None
    access_key_id: str | None = None


# Issuers that IAM knows by name; all others are OIDC providers of the role's account, named by their ARN.
_KNOWN_PROVIDERS = frozenset(
    {"accounts.google.com", "cognito-identity.amazonaws.com", "graph.facebook.com", "www.amazon.com"}
)
_TOKEN_LIMIT = 65_536


def _claims(token: str | None) -> Any:
    """The payload of a JWT; only issuer, audience and subject are taken from it, nothing is verified."""
    pieces = (token or "").split(".")
    if len(pieces) != 3 or len(pieces[1]) > _TOKEN_LIMIT:
        return None
    try:
        return orjson.loads(base64.urlsafe_b64decode(pieces[1] + "=" * (-len(pieces[1]) % 4)))
    except ValueError:
        return None


def _provider(issuer: str | None, role: Arn) -> str | None:
    """CloudTrail's name of a web identity provider."""
    host = (issuer or "").removeprefix("https://")
    if not host or host.startswith("arn:") or host in _KNOWN_PROVIDERS or not role.account:
        return host or None
    return f"arn:{role.partition}:iam::{role.account}:oidc-provider/{host}"


def _web_user(seen: _Seen) -> Identity:
    """The caller of AssumeRoleWithWebIdentity: from the answer, for a refused call from the token's own claims."""
    claims = _claims(text(seen.params, "WebIdentityToken"))
    audience = at(claims, "aud")
    audience = audience[0] if isinstance(audience, list) and audience else audience
    issuer = text(seen.parsed, "Provider") or text(seen.params, "ProviderId") or text(claims, "iss")
    provider = _provider(issuer, Arn.parse(text(seen.params, "RoleArn")))
    app = text(seen.parsed, "Audience") or text(audience)
    user = text(seen.parsed, "SubjectFromWebIdentityToken") or text(claims, "sub")
    principal_id = f"{provider}:{app}:{user}" if provider and app and user else None
    return Identity("WebIdentityUser", principal_id, user_name=user, identity_provider=provider)


def _saml_user(seen: _Seen) -> Identity:
    """The caller of AssumeRoleWithSAML; of a refused call nothing is known, the assertion stays closed."""
    qualifier, subject = text(seen.parsed, "NameQualifier"), text(seen.parsed, "Subject")
    principal_id = f"{qualifier}:{subject}" if qualifier and subject else None
    return Identity("SAMLUser", principal_id, user_name=subject, identity_provider=qualifier)


_UNSIGNED: dict[tuple[str, str], Callable[[_Seen], Identity]] = {
    ("sts", "AssumeRoleWithSAML"): _saml_user,
    ("sts", "AssumeRoleWithWebIdentity"): _web_user,
}


def caller_of_unsigned(service_name: str, operation_name: str, params: Any, parsed: Any) -> Identity:
    """Who an unsigned call is from. Never raises; tokens and assertions do not become part of it."""
    read = _UNSIGNED.get((service_name, operation_name))
    try:
        return read(_Seen(params, parsed)) if read else anonymous(service_name)
    except Exception:  # noqa: BLE001 - a program may hand in anything, and its call must not suffer
        return anonymous(service_name)


def recipient_of_unsigned(identity: Identity, params: Any) -> str | None:
    """The account that gets the record of an unsigned call: the caller's own, else that of the role it asks for."""
    account = identity.account_id
    if account is None:
        try:
            account = Arn.parse(text(params, "RoleArn")).account
        except Exception:  # noqa: BLE001 - as above
            return None
    return account if is_account(account) else None


def _session(identity: Identity, mfa: bool = False) -> Identity:
    """The same identity in a session that begins now."""
    return replace(
        identity,
        creation_date=clock.event_time(clock.now()),
        mfa_authenticated="true" if mfa else "false",
    )


def _from_caller_identity(seen: _Seen) -> Identity | None:
    arn, user_id, account = (text(seen.parsed, name) for name in ("Arn", "UserId", "Account"))
    return from_caller(arn, user_id, account, seen.access_key_id) if arn else None


def _from_role(seen: _Seen) -> Identity | None:
    """AssumeRole and its relatives. RoleArn has the path, which the session's own ARN lacks."""
    key = text(seen.parsed, "Credentials", "AccessKeyId")
    user = at(seen.parsed, "AssumedRoleUser")
    role_arn = text(seen.params, "RoleArn")
    role = Arn.parse(role_arn)
    found = from_caller(text(user, "Arn"), text(user, "AssumedRoleId"), role.account, key)
    issuer = found.issuer
    if role.kind == "role" and role.rest:
        unique_id = (found.principal_id or "").partition(":")[0] or None
        issuer = Issuer("Role", unique_id, role_arn, found.account_id, role.rest.rpartition("/")[2])
    source = text(seen.parsed, "SourceIdentity") or text(seen.params, "SourceIdentity")
    found = replace(
        found,
        type="AssumedRole",
        issuer=issuer,
        source_identity=source or (seen.caller.source_identity if seen.caller else None),
    )
    return _session(found, mfa=text(seen.params, "TokenCode") is not None)


def _from_web_identity(seen: _Seen) -> Identity | None:
    found = _from_role(seen)
    return replace(found, federated_provider=_web_user(seen).identity_provider) if found else None


def _from_root(seen: _Seen) -> Identity | None:
    """AssumeRoot: a root session in a member account, whose number or ARN is TargetPrincipal."""
    target = text(seen.params, "TargetPrincipal") or ""
    account = Arn.parse(target).account or target
    if not is_account(account):
        return None
    partition = Arn.parse(text(seen.params, "TaskPolicyArn", "arn")).partition or "aws"
    key, source = text(seen.parsed, "Credentials", "AccessKeyId"), text(seen.parsed, "SourceIdentity")
    found = from_caller(f"arn:{partition}:iam::{account}:root", account, account, key)
    return _session(replace(found, source_identity=source, assumed_root="true"))


def _from_session_token(seen: _Seen) -> Identity | None:
    key = text(seen.parsed, "Credentials", "AccessKeyId")
    found = replace(seen.caller, access_key_id=key) if seen.caller else from_access_key(key)
    return _session(found, mfa=text(seen.params, "TokenCode") is not None)


def _from_federation_token(seen: _Seen) -> Identity | None:
    key, user, caller = text(seen.parsed, "Credentials", "AccessKeyId"), at(seen.parsed, "FederatedUser"), seen.caller
    found = from_caller(text(user, "Arn"), text(user, "FederatedUserId"), None, key)
    issuer: Issuer | None = None
    if caller and caller.arn:
        issuer = Issuer(caller.type, caller.principal_id, caller.arn, caller.account_id, caller.user_name)
    return _session(replace(found, type="FederatedUser", issuer=issuer))


def _from_sso(seen: _Seen) -> Identity | None:
    """IAM Identity Center: roleName is the permission set; the role has a suffix that only its ARN would tell."""
    key, account = text(seen.parsed, "roleCredentials", "accessKeyId"), text(seen.params, "accountId")
    name = text(seen.params, "roleName")
    issuer = Issuer("Role", account_id=account, user_name=f"AWSReservedSSO_{name}" if name else None)
    return _session(Identity("AssumedRole", account_id=account, access_key_id=key, issuer=issuer))


def _from_cognito(seen: _Seen) -> Identity | None:
    """Cognito tells whom the session is for; the role only when the caller chose it."""
    key = text(seen.parsed, "Credentials", "AccessKeyId")
    role_arn, person = text(seen.params, "CustomRoleArn"), text(seen.parsed, "IdentityId")
    role = Arn.parse(role_arn)
    name = role.rest.rpartition("/")[2]
    arn = f"arn:{role.partition}:sts::{role.account}:assumed-role/{name}/CognitoIdentityCredentials"
    found = replace(
        from_caller(arn if name else None, None, role.account, key),
        type="AssumedRole",
        issuer=Issuer("Role", None, role_arn, role.account, name) if name else None,
        federated_provider="cognito-identity.amazonaws.com",
        federation_attributes=(("cognito-identity.amazonaws.com:sub", person),) if person else (),
    )
    return _session(found)


def _from_new_key(seen: _Seen) -> Identity | None:
    """CreateAccessKey: the user's path is not told, hence no ARN."""
    key, name = text(seen.parsed, "AccessKey", "AccessKeyId"), text(seen.parsed, "AccessKey", "UserName")
    account = account_of(key) or (seen.caller.account_id if seen.caller else None)
    return Identity("IAMUser", account_id=account, access_key_id=key, user_name=name)


_TEACHERS: dict[tuple[str, str], Callable[[_Seen], Identity | None]] = {
    ("cognito-identity", "GetCredentialsForIdentity"): _from_cognito,
    ("iam", "CreateAccessKey"): _from_new_key,
    ("sso", "GetRoleCredentials"): _from_sso,
    ("sts", "AssumeRole"): _from_role,
    ("sts", "AssumeRoleWithSAML"): _from_role,
    ("sts", "AssumeRoleWithWebIdentity"): _from_web_identity,
    ("sts", "AssumeRoot"): _from_root,
    ("sts", "GetCallerIdentity"): _from_caller_identity,
    ("sts", "GetFederationToken"): _from_federation_token,
    ("sts", "GetSessionToken"): _from_session_token,
}
TEACHES: frozenset[tuple[str, str]] = frozenset(_TEACHERS)


def learned(  # noqa: PLR0917 - these are the pieces of a call
    service_name: str,
    operation_name: str,
    params: Any,
    parsed: Any,
    caller: Identity | None,
    access_key_id: str | None,
) -> dict[str, Identity]:
    """What a finished call shows about the owners of access keys.

    Never raises: what is missing or odd (mocks, emulators) makes the answer smaller, down to empty.

    Args:
        service_name: botocore's name of the service.
        operation_name: the operation; calls whose pair is not in `TEACHES` show nothing.
        params: the arguments of the call.
        parsed: its result.
        caller: who made the call, if known.
        access_key_id: the key that signed it.

    Returns:
        The identities by access key id.
    """
    teach = _TEACHERS.get((service_name, operation_name))
    try:
        found = teach(_Seen(params, parsed, caller, access_key_id)) if teach else None
    except Exception:  # noqa: BLE001 - a program may hand in anything, and its call must not suffer
        return {}
    return {found.access_key_id: found} if found and found.access_key_id else {}
