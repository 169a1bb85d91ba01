"""What the index knows of an event, out of its record: the values of `columns.COLUMNS`.

Records are AWS's or our own, of any age and kind, or nothing of the sort: no field need be what its name promises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final, NamedTuple

from bototrail.history.resources import resources

Fact = str | int | bool | None

_MINUTES: Final[dict[str, int]] = {}  # `2026-11-21T10:20:` -> its seconds since 1970; events come in hundreds a minute
_MOST: Final = 10_000
_SECONDS: Final = {f"{second:02}Z": second for second in range(60)}
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,]\d*)?(?:[Zz]|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_ASSUMED: Final = re.compile(r"arn:([^:]*):sts::([^:]*):assumed-role/([^/]+)/?(.*)", re.DOTALL)
_ROLES: Final[dict[str, tuple[str, str, str]]] = {}

# eventType of those whose category is not said. [facts §1.2, §5.2, §5.3; before 1.07 there is none]
_CATEGORIES: Final = {
    "AwsAggregatedEvent": "Aggregated",
    "AwsCloudTrailInsight": "Insight",
    "AwsVpceEvent": "NetworkActivity",
    "AwsVpceEvents": "NetworkActivity",
}


class Who(NamedTuple):
    """A caller.

    Attributes:
        name: LookupEvents' Username.
        role: name of the role that was assumed.
        session: name of the role's or federated user's session.
        principal: ARN of the user or role.
    """

    name: str = ""
    role: str = ""
    session: str = ""
    principal: str = ""


def facts(record: dict[str, Any]) -> tuple[Fact, ...] | None:
    """The values of `columns.COLUMNS` for a record; None when it does not say when it was.

    Args:
        record: any JSON object.
    """
    get = record.get
    time = event_time(get("eventTime"))
    details = get("insightDetails")
    identity = get("userIdentity")
    if type(identity) is not dict:
        identity = {}
    if type(details) is not dict:
        details = record
    if time is None:
        # Aggregated events have no moment of their own, but one from which on they count. [facts §5.3]
        window = get("timeWindow")
        time = event_time(window.get("windowStart")) if type(window) is dict else None
    if time is None:
        return None
    who = caller(identity)
    found = resources(record)
    read_only = get("readOnly")
    return (
        time,
        _text(get("eventID")) or _text(get("eventId")),
        _text(get("eventName") or details.get("eventName")),
        _text(get("eventSource") or details.get("eventSource")),
        who.name,
        _text(identity.get("accessKeyId")),
        read_only if type(read_only) is bool else _READ_ONLY.get(_text(read_only)),
        _text(get("errorCode") or details.get("errorCode")),
        _text(get("sourceIPAddress")),
        _text(get("awsRegion")),
        _text(get("recipientAccountId")) or _text(identity.get("accountId")) or _text(get("accountId")),
        _text(get("eventCategory")) or _category(record),
        who.role,
        who.session,
        who.principal,
        _joined(name for _, name in found),
        _joined(kind for kind, _ in found),
    )


_READ_ONLY: Final = {"false": False, "true": True}


def event_time(value: Any) -> int | None:
    """Seconds since 1970 of an eventTime; None when it is none.

    Args:
        value: `2026-11-21T10:20:30Z`; fractions are cut off, an offset may take the place of `Z`.
    """
    if type(value) is not str:
        return None
    minute, second = _MINUTES.get(value[:17]), _SECONDS.get(value[17:])
    if minute is not None and second is not None:
        return minute + second
    found = _TIME.fullmatch(value)
    if found is None:
        return None
    year, month, day, hour, minutes, seconds = map(int, found.groups()[:6])
    try:
        start = int(datetime(year, month, day, hour, minutes, tzinfo=timezone.utc).timestamp())
    except ValueError:
        return None
    if seconds > 60:  # 60 is a leap second
        return None
    if second is not None:
        _remember(_MINUTES, value[:17], start)
    sign, hours, quarters = found.groups()[6:]
    offset = (int(hours) * 60 + int(quarters)) * 60 if sign else 0
    return start + seconds - (offset if sign == "+" else -offset)


def _remember(cache: dict[Any, Any], key: Any, value: Any) -> None:
    if len(cache) >= _MOST:
        cache.clear()
    cache[key] = value


def caller(identity: Mapping[str, Any]) -> Who:
    """Who made a call, as LookupEvents and people name him.

    Args:
        identity: userIdentity.
    """
    kind = identity.get("type")
    find = _CALLERS.get(kind) if type(kind) is str else None
    return (find or _other)(identity)


def _user(identity: Mapping[str, Any]) -> Who:
    arn = _text(identity.get("arn"))
    return Who(_text(identity.get("userName")) or arn.rpartition("/")[2], "", "", arn)


def _root(identity: Mapping[str, Any]) -> Who:
    # LookupEvents says `root`, even where the account's alias stands as userName. [facts §6]
    return Who("root", "", "", _text(identity.get("arn")))


def _assumed_role(identity: Mapping[str, Any]) -> Who:
    arn = _text(identity.get("arn"))
    found = _ROLES.get(arn)
    if found is None:
        found = _split(arn)
        _remember(_ROLES, arn, found)
    role, session, principal = found
    context = identity.get("sessionContext")
    issuer = context.get("sessionIssuer") if type(context) is dict else None
    if type(issuer) is dict:
        # The ARN of a session lacks the path of its role. [facts §1.4]
        role, principal = _text(issuer.get("userName")) or role, _text(issuer.get("arn")) or principal
    session = session or _text(identity.get("principalId")).partition(":")[2]
    return Who(session or _text(identity.get("userName")), role, session, principal)


def _split(arn: str) -> tuple[str, str, str]:
    """Role, session and the role's ARN, of the ARN of a session."""
    found = _ASSUMED.fullmatch(arn)
    return (found[3], found[4], f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}") if found else ("", "", arn)


def _federated_user(identity: Mapping[str, Any]) -> Who:
    arn = _text(identity.get("arn"))
    name = arn.partition(":federated-user/")[2] or _text(identity.get("principalId")).partition(":")[2]
    return Who(name, "", name, arn)


def _service(identity: Mapping[str, Any]) -> Who:
    return Who(_text(identity.get("invokedBy")), "", "", _text(identity.get("arn")))


def _account(identity: Mapping[str, Any]) -> Who:
    # Of callers from elsewhere all that is known: `AROA...:SESSION`, `AIDA...`, or the account. [facts §1.4]
    principal = _text(identity.get("principalId"))
    session = principal.partition(":")[2]
    return Who(session or principal or _text(identity.get("accountId")), "", session, _text(identity.get("arn")))


def _identity_center_user(identity: Mapping[str, Any]) -> Who:
    behalf = identity.get("onBehalfOf")
    user = _text(behalf.get("userId")) if type(behalf) is dict else ""
    return Who(_text(identity.get("userName")) or user, "", "", _text(identity.get("arn")))


def _role(identity: Mapping[str, Any]) -> Who:
    arn = _text(identity.get("arn"))
    name = _text(identity.get("userName")) or arn.rpartition("/")[2]
    return Who(name, name, "", arn)


def _other(identity: Mapping[str, Any]) -> Who:
    name = _text(identity.get("userName")) or _text(identity.get("invokedBy"))
    return Who(name, "", "", _text(identity.get("arn")))


_CALLERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Who]]] = {
    "AWSAccount": _account,
    "AWSService": _service,
    "AssumedRole": _assumed_role,
    "FederatedUser": _federated_user,
    "IAMUser": _user,
    "IdentityCenterUser": _identity_center_user,
    "Role": _role,
    "Root": _root,
}


def _category(record: Mapping[str, Any]) -> str:
    known = _CATEGORIES.get(_text(record.get("eventType")))
    return known or ("Data" if record.get("managementEvent") is False else "Management")


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    return str(value) if type(value) is int else ""


def _joined(values: Any) -> str:
    texts = dict.fromkeys(value for value in values if value)
    return "\n" + "\n".join(texts) + "\n" if texts else ""
