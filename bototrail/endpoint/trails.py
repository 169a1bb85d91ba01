"""DescribeTrails, GetTrail, GetTrailStatus; and DescribeOrganization, which `validate-logs` asks for, too."""

from __future__ import annotations

import calendar
import re
import time
from typing import Any, Final

from bototrail.deliver.totals import read_trails
from bototrail.endpoint.context import Context
from bototrail.endpoint.library import NO_ACCOUNT, KnownTrail
from bototrail.errors import ServiceError
from bototrail.regions import partition_of
from bototrail.spool import folders, is_alive
from bototrail.trails.rules import RULES

_NO_NAME: Final = "Trail name cannot be blank!"
_NO_ARN: Final = "expected the ARN of a trail, arn:aws:cloudtrail:REGION:ACCOUNT:trail/NAME; found {0!r}"

# Members of GetTrailStatus' answer, times apart. [GetTrailStatus in botocore's model]
_TEXTS: Final = (
    "LatestDeliveryError",
    "LatestNotificationError",
    "LatestCloudWatchLogsDeliveryError",
    "LatestDigestDeliveryError",
    "LatestDeliveryAttemptTime",
    "LatestNotificationAttemptTime",
    "LatestNotificationAttemptSucceeded",
    "LatestDeliveryAttemptSucceeded",
    "TimeLoggingStarted",
    "TimeLoggingStopped",
)
_TIMES: Final = (
    "LatestDeliveryTime",
    "LatestNotificationTime",
    "StartLoggingTime",
    "StopLoggingTime",
    "LatestCloudWatchLogsDeliveryTime",
    "LatestDigestDeliveryTime",
)


def describe_trails(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """All trails, or those of some names and ARNs.

    Trails of every region are among them, wherever the client thinks it is; without shadow trails those at home there.
    """
    wanted = request.get("trailNameList", [])
    for name in wanted:
        _check(name)
    found = [t for t in context.library.trails() if not wanted or t.name in wanted or t.arn in wanted]
    if not request.get("includeShadowTrails", True):
        found = [trail for trail in found if trail.home == context.region]
    return {"trailList": [dict(trail.fields) for trail in found]}


def get_trail(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """One trail, by its name or ARN."""
    return {"Trail": dict(_find(request["Name"], context).fields)}


def get_trail_status(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """Whether a trail logs, and how delivery went, as the state directory and the newest digest file tell."""
    trail = _find(request["Name"], context, by_arn=True)
    state = context.library.state
    rows = read_trails(state, [path for path in folders(state) if is_alive(path)])
    row = next((r for r in rows if (r.get("Name"), r.get("bucket")) == (trail.name, trail.location)), {})
    newest = max((span.newest for span in trail.spans), default=None)
    row = {"LatestDigestDeliveryTime": newest, **row}
    out: dict[str, Any] = {"IsLogging": row.get("IsLogging") is True}
    out |= {name: row[name] for name in _TEXTS if isinstance(row.get(name), str)}
    return out | {name: seconds for name in _TIMES if (seconds := _seconds(row.get(name))) is not None}


def describe_organization(_request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The organization whose trails are served."""
    known = sorted({trail.organization for trail in context.library.trails()} - {""})
    if not known:
        message = "Your account is not a member of an organization."
        raise ServiceError("AWSOrganizationsNotInUseException", message)
    return {"Organization": {"Id": known[0]}}


def _check(name: str) -> None:
    """Raises what CloudTrail does for a name that no trail can have."""
    if not name:
        raise ServiceError("InvalidTrailNameException", _NO_NAME)
    is_arn = name.startswith("arn:")
    for rule in RULES:
        if rule.field == ("TrailARN" if is_arn else "Name") and not rule.holds(name):
            said = rule.message.format(length=len(name)) or f"expected {rule.expected} for the name of a trail"
            raise ServiceError(rule.code, _NO_ARN.format(name) if is_arn else said)


def _find(name: str, context: Context, *, by_arn: bool = False) -> KnownTrail:
    """A trail; of several with that name the one at home in the client's region.

    Args:
        name: its name or ARN.
        context: where to look.
        by_arn: whether what is not found is told by its ARN, as GetTrailStatus does.
    """
    _check(name)
    trails = context.library.trails()
    found = [trail for trail in trails if name in (trail.name, trail.arn)]
    if found:
        return min(found, key=lambda trail: trail.home != context.region)
    account = trails[0].arn.split(":")[4] if trails else NO_ACCOUNT
    if by_arn and not name.startswith("arn:"):
        region = context.region or "us-east-1"
        name = f"arn:{partition_of(region)}:cloudtrail:{region}:{account}:trail/{name}"
    raise ServiceError("TrailNotFoundException", f"Unknown trail: {name} for the user: {account}")


def _seconds(text: Any) -> float | None:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`, None for anything else."""
    if not (isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII)):
        return None
    try:
        return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return None
