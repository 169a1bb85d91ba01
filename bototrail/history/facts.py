"""What the index knows of an event, out of its record: the values of `columns.COLUMNS`.

Records are AWS's or our own, of any age and kind, or nothing of the sort: no field need be what its name promises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timezone
from typing import Any, Final

from bototrail.history.resources import joined, remember, resources

Fact = str | int | bool | None
Get = Callable[[str], Any]

_MINUTES: Final[dict[str, int]] = {}  # `2026-11-21T10:20:` -> its seconds since 1970; events come in hundreds a minute
_HUGE: Final = 2**64
_SECONDS: Final = {f"{second:02}Z": second for second in range(60)}
_TIME: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:[.,]\d*)?(?:[Zz]|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_ASSUMED: Final = re.compile(r"arn:([^:]*):sts::([^:]*):assumed-role/([^/]+)/?(.*)", re.DOTALL)
_ROLES: Final[dict[str, tuple[str, str, str]]] = {}  # by ARN of a session
_WHATS: Final[dict[tuple[Any, ...], tuple[str, ...]]] = {}
_OF_INSIGHTS: Final = ("eventName", "eventSource", "errorCode")
_READ_ONLY: Final = {"false": False, "true": True}

# eventType of those whose category is not said. [facts §1.2, §5.2, §5.3; before 1.07 there is none]
_CATEGORIES: Final = {
    "AwsAggregatedEvent": "Aggregated",
    "AwsCloudTrailInsight": "Insight",
    "AwsVpceEvent": "NetworkActivity",
    "AwsVpceEvents": "NetworkActivity",
}


Who = tuple[str, str, str, str]
"""A caller: LookupEvents' Username, the name of the role that was assumed, the name of the role's or federated user's
session, and the ARN of the user or role; each empty when there is none."""


def facts(record: dict[str, Any]) -> tuple[Fact, ...] | None:
    """The values of `columns.COLUMNS` for a record; None when it does not say when it was.

    Args:
        record: any JSON object.
    """
    get = record.get
    # Aggregated events have no moment of their own, but one from which on they count. [facts §5.3]
    time = event_time(get("eventTime") or _member(get("timeWindow"), "windowStart"))
    if time is None:
        return None
    identity, read_only = get("userIdentity"), get("readOnly")
    if type(identity) is not dict:
        identity = {}
    event_name, source, error, region = _what(get)
    user, role, session, principal = caller(identity)
    names, types = joined(resources(record))
    return (
        time,
        _text(get("eventID") or get("eventId")),
        event_name,
        source,
        user,
        _text(identity.get("accessKeyId")),
        read_only if type(read_only) is bool else _READ_ONLY.get(_text(read_only)),
        error,
        _text(get("sourceIPAddress")),
        region,
        _text(get("recipientAccountId") or identity.get("accountId") or get("accountId")),
        _text(get("eventCategory")) or _category(record),
        role,
        session,
        principal,
        names,
        types,
    )


def _what(get: Get) -> tuple[str, ...]:
    """Name, source, error and region of an event: few, and the same text each time."""
    key = get("eventName"), get("eventSource"), get("errorCode"), get("awsRegion"), get("insightDetails")
    try:
        return _WHATS[key]
    except (KeyError, TypeError):  # the latter of what is no text
        return _learnt(key)


def _learnt(key: tuple[Any, ...]) -> tuple[str, ...]:
    *values, region, about = key
    if type(about) is dict:
        values = [value or about.get(name) for value, name in zip(values, _OF_INSIGHTS, strict=True)]
    made = (*map(_text, values), _text(region))
    if all(value is None or type(value) is str for value in key):  # 1 would be True
        remember(_WHATS, key, made)
    return made


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
    return _slowly(value)


def _slowly(value: str) -> int | None:
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
    if value[17:] in _SECONDS:
        remember(_MINUTES, value[:17], start)
    sign, hours, quarters = found.groups()[6:]
    offset = (int(hours) * 60 + int(quarters)) * 60 if sign else 0
    return start + seconds - (offset if sign == "+" else -offset)


def caller(identity: Mapping[str, Any]) -> Who:
    """Who made a call, as LookupEvents and people name him.

    Args:
        identity: userIdentity.
    """
    kind = identity.get("type")
    find = _CALLERS.get(kind, _other) if type(kind) is str else _other
    return find(identity.get, _text(identity.get("arn")))


def _user(get: Get, arn: str) -> Who:
    return _text(get("userName")) or arn.rpartition("/")[2], "", "", arn


def _root(_: Get, arn: str) -> Who:
    # LookupEvents says `root`, even where the account's alias stands as userName. [facts §6]
    return "root", "", "", arn


def _assumed_role(get: Get, arn: str) -> Who:
    role, session, principal = _ROLES.get(arn) or remember(_ROLES, arn, _split(arn))
    issuer = _member(get("sessionContext"), "sessionIssuer")
    if type(issuer) is dict:
        # The ARN of a session lacks the path of its role. [facts §1.4]
        role, principal = _text(issuer.get("userName")) or role, _text(issuer.get("arn")) or principal
    session = session or _text(get("principalId")).partition(":")[2]
    return session or _text(get("userName")), role, session, principal


def _split(arn: str) -> tuple[str, str, str]:
    """Role, session and the role's ARN, of the ARN of a session."""
    found = _ASSUMED.fullmatch(arn)
    return (found[3], found[4], f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}") if found else ("", "", arn)


def _federated_user(get: Get, arn: str) -> Who:
    name = arn.partition(":federated-user/")[2] or _text(get("principalId")).partition(":")[2]
    return name, "", name, arn


def _account(get: Get, arn: str) -> Who:
    # Of callers from elsewhere all that is known: `AROA...:SESSION`, `AIDA...`, or the account. [facts §1.4]
    principal = _text(get("principalId"))
    session = principal.partition(":")[2]
    return session or principal or _text(get("invokedBy") or get("accountId")), "", session, arn


def _identity_center_user(get: Get, arn: str) -> Who:
    return _text(get("userName") or _member(get("onBehalfOf"), "userId")), "", "", arn


def _role(get: Get, arn: str) -> Who:
    name = _text(get("userName")) or arn.rpartition("/")[2]
    return name, name, "", arn


def _other(get: Get, arn: str) -> Who:
    return _text(get("userName") or get("invokedBy")), "", "", arn


_CALLERS: Final[Mapping[str, Callable[[Get, str], Who]]] = {
    "AWSAccount": _account,
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
    return str(value) if type(value) is int and abs(value) < _HUGE else ""


def _member(value: Any, key: str) -> Any:
    return value.get(key) if type(value) is dict else None
