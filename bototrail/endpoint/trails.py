"""DescribeTrails, GetTrail, GetTrailStatus, ListTrails; and DescribeOrganization, which `validate-logs` asks for."""

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
        check_name(name)
    found = [t for t in context.library.trails() if not wanted or any(map(t.is_called, wanted))]
    if not request.get("includeShadowTrails", True):
        found = [trail for trail in found if trail.home == context.region]
    return {"trailList": [dict(trail.fields) for trail in found]}


def get_trail(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """One trail, by its name or ARN."""
    return {"Trail": dict(find(request["Name"], context).fields)}


def list_trails(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """All trails, in one page."""
    if request.get("NextToken"):
        raise ServiceError("InvalidTokenException", "The token is not valid: all trails are in the first page.")
    names = ("TrailARN", "Name", "HomeRegion")
    return {"Trails": [{name: trail.fields[name] for name in names} for trail in context.library.trails()]}


def get_trail_status(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """Whether a trail logs, and how delivery went, as the state directory and the newest digest file tell.

    With a trails file, it logs when the file says so: that is what StartLogging and StopLogging change. Without one, it
    does when a process records for it.
    """
    known = find(request["Name"], context, by_arn=True)
    state, trail = context.library.state, known.trail
    places = {known.location, *([trail.bucket.partition("?")[0]] if trail else [])}
    rows = read_trails(state, [path for path in folders(state) if is_alive(path)])
    row = next((r for r in rows if r.get("Name") == known.name and r.get("bucket") in places), {})
    newest = max((span.newest for span in known.spans), default=None)
    row = {"LatestDigestDeliveryTime": newest, **row}
    out: dict[str, Any] = {"IsLogging": trail.IsLogging if trail else row.get("IsLogging") is True}
    out |= {name: row[name] for name in _TEXTS if isinstance(row.get(name), str)}
    return out | {name: seconds for name in _TIMES if (seconds := _seconds(row.get(name))) is not None}


def describe_organization(_request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The organization whose trails are served."""
    known = sorted({trail.organization for trail in context.library.trails()} - {""})
    if not known:
        message = "Your account is not a member of an organization."
        raise ServiceError("AWSOrganizationsNotInUseException", message)
    return {"Organization": {"Id": known[0]}}


def check_name(name: str) -> None:
    """Raises what CloudTrail does for a name that no trail can have."""
    if not name:
        raise ServiceError("InvalidTrailNameException", _NO_NAME)
    is_arn = name.startswith("arn:")
    for rule in RULES:
        if rule.field == ("TrailARN" if is_arn else "Name") and not rule.holds(name):
            said = rule.message.format(length=len(name)) or f"expected {rule.expected} for the name of a trail"
            raise ServiceError(rule.code, _NO_ARN.format(name) if is_arn else said)


def find(name: str, context: Context, *, by_arn: bool = False) -> KnownTrail:
    """A trail; of several with that name the one at home in the client's region.

    Args:
        name: its name or ARN.
        context: where to look.
        by_arn: whether what is not found is told by its ARN, as GetTrailStatus does.
    """
    check_name(name)
    trails = context.library.trails()
    found = [trail for trail in trails if trail.is_called(name)]
    if found:
        return min(found, key=lambda trail: trail.home != context.region)
    account = trails[0].arn.split(":")[4] if trails else NO_ACCOUNT
    if by_arn and not name.startswith("arn:"):
        region = context.region or "us-east-1"
        name = f"arn:{partition_of(region)}:cloudtrail:{region}:{account}:trail/{name}"
    raise unknown(name, account)


def unknown(name: str, account: str) -> ServiceError:
    """There is no trail of that name or ARN."""
    return ServiceError("TrailNotFoundException", f"Unknown trail: {name} for the user: {account}")


def _seconds(text: Any) -> float | None:
    """Seconds since 1970 of `YYYY-MM-DDTHH:MM:SSZ`, None for anything else."""
    if not (isinstance(text, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text, re.ASCII)):
        return None
    try:
        return calendar.timegm(time.strptime(text, "%Y-%m-%dT%H:%M:%SZ"))
    except ValueError:
        return None
