"""Buckets for the page: plain events, and events of somebody who would like to run something in a browser."""

from __future__ import annotations

import gzip
import itertools
import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from bototrail.clock import now

ACCOUNT, REGION = "111122223333", "eu-central-1"
_NUMBERS = itertools.count(1)


def stamp(seconds_ago: float) -> str:
    """An eventTime."""
    moment = datetime.fromtimestamp(int(now()), timezone.utc) - timedelta(seconds=seconds_ago)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def event(name: str, seconds_ago: float = 60, user: str = "alice", source: str = "s3", **more: Any) -> dict[str, Any]:
    """A record; its eventID counts up."""
    arn = f"arn:aws:iam::{ACCOUNT}:user/{user}"
    return {
        "eventVersion": "1.11",
        "userIdentity": {"type": "IAMUser", "arn": arn, "accountId": ACCOUNT, "accessKeyId": "AKIAX", "userName": user},
        "eventTime": stamp(seconds_ago),
        "eventSource": f"{source}.amazonaws.com",
        "eventName": name,
        "awsRegion": REGION,
        "sourceIPAddress": "203.0.113.7",
        "userAgent": "Boto3/1.43.5",
        "eventID": f"00000000-0000-4000-8000-{next(_NUMBERS):012}",
        "readOnly": name.startswith(("Get", "List")),
        "eventType": "AwsApiCall",
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **more,
    }


def denied(name: str, seconds_ago: float = 60, user: str = "alice", **more: Any) -> dict[str, Any]:
    """A call that was refused."""
    message = (
        f"User: arn:aws:iam::{ACCOUNT}:user/{user} is not authorized to perform: s3:{name} on resource: "
        f'"arn:aws:s3:::audit/key" because no identity-based policy allows the s3:{name} action'
    )
    return event(name, seconds_ago, user, errorCode="AccessDenied", errorMessage=message, **more)


def insight(seconds_ago: float, state: str = "Start", **more: Any) -> dict[str, Any]:
    """An insight."""
    details = {
        "state": state,
        "eventSource": "s3.amazonaws.com",
        "eventName": "PutObject",
        "insightType": "ApiCallRateInsight",
        "insightContext": {"statistics": {"baseline": {"average": 2.5}, "insight": {"average": 70}}},
    }
    return {
        "eventVersion": "1.08",
        "eventTime": stamp(seconds_ago),
        "awsRegion": REGION,
        "eventID": f"insight-{state}",
        "eventType": "AwsCloudTrailInsight",
        "recipientAccountId": ACCOUNT,
        "sharedEventID": "pair",
        "insightDetails": details,
        "eventCategory": "Insight",
        **more,
    }


def deliver(bucket: Path, records: Iterable[dict[str, Any]], content: bytes | None = None) -> Path:
    """A log file of today."""
    day = stamp(0)[:10]
    name = f"{ACCOUNT}_CloudTrail_{REGION}_{day.replace('-', '')}T0000Z_{next(_NUMBERS):016}.json.gz"
    path = bucket / "AWSLogs" / ACCOUNT / "CloudTrail" / REGION / day.replace("-", "/") / name
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = json.dumps({"Records": list(records)}).encode() if content is None else content
    waiting = path.with_suffix(".part")
    waiting.write_bytes(gzip.compress(whole))
    waiting.rename(path)
    return path


SCRIPT = "<script>window.hacked = 1; alert(1)</script>"
IMAGE = '"><img src=x onerror="window.hacked = 1; alert(1)">'
LINK = "javascript:window.hacked=1"
LONG = "x" * 200_000
TURNED = "innocent\u202egpj.exe"
NUL = "before\u0000after\u001b[31m"


def nested(levels: int) -> Any:
    """An object in an object in an object."""
    found: Any = SCRIPT
    for _ in range(levels):
        found = {"a": found}
    return found


def hostile() -> Sequence[dict[str, Any]]:
    """Records with what browsers would run, hide, turn around or choke on, in every place."""
    keys = {"__proto__": {"polluted": True}, "constructor": {"prototype": {"polluted": True}}, SCRIPT: SCRIPT, IMAGE: 1}
    user = event(SCRIPT, 1, user=IMAGE)
    return [
        event("GetObject", 2, userAgent=SCRIPT, requestParameters={"key": IMAGE, "bucketName": LINK}),
        event("PutObject", 3, user=SCRIPT, errorCode=IMAGE, errorMessage=SCRIPT),
        user | {"eventSource": SCRIPT, "awsRegion": IMAGE, "sourceIPAddress": LINK, "recipientAccountId": SCRIPT},
        event(LINK, 4, user=LINK, resources=[{"ARN": LINK, "type": IMAGE}, {"ARN": SCRIPT, "type": SCRIPT}]),
        event("HeadObject", 5, user=TURNED, requestParameters={"key": TURNED, TURNED: NUL}),
        event(f"Nul{NUL}", 6, user=NUL, sourceIPAddress="\u2028\ufeff"),
        event("LongEvent", 7, user=LONG, userAgent=LONG, requestParameters={"key": LONG}),
        event(LONG, 8, errorCode=LONG, errorMessage=LONG),
        event("Pollute", 9, requestParameters=keys, __proto__="x", constructor="y"),
        event("Deep", 10, requestParameters=nested(200)),
        event("Numbers", 11, requestParameters={"big": 9007199254740993, "small": -0.1, "zero": 0, "none": None}),
        event("Wide", 12, requestParameters={f"k{number}": number for number in range(5000)}),
        event("Odd", 13, userIdentity="nobody", requestParameters="text", resources="none", errorCode={"a": 1}),
        event("Script", 14, user="</script><script>window.hacked = 1</script>", eventID=IMAGE),
        insight(15, state=SCRIPT, sharedEventID=IMAGE),
        denied("DeleteObject", 16, user=SCRIPT),
    ]
