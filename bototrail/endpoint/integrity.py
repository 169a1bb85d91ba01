"""ListPublicKeys."""

from __future__ import annotations

import base64
from typing import Any, Final

from bototrail.clock import now
from bototrail.endpoint.context import Context
from bototrail.errors import ServiceError
from bototrail.integrity.public import PublicKey
from bototrail.integrity.public_keys import order

_LATEST: Final = 253_370_764_800  # 9999-01-01: what comes after overflows dates of clients east of Greenwich


def list_public_keys(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """All keys that are valid at some time of the range; now when none is given.

    AWS reserves NextToken, and its CLI reads one page only: so there is one (facts, part B).
    """
    if request.get("NextToken"):
        raise ServiceError("InvalidTokenException", "The token is not valid: all keys are in the first page.")
    time = now()
    start, end = request.get("StartTime", time), request.get("EndTime", time)
    if start > end:
        raise ServiceError("InvalidTimeRangeException", "The start time is after the end time.")
    keys = sorted((key for key in context.library.keys().values() if key.covers(start, end)), key=order)
    return {"PublicKeyList": [_told(key) for key in keys]}


def _told(key: PublicKey) -> dict[str, Any]:
    """A validity without a beginning or an end is left out."""
    out: dict[str, Any] = {"Value": base64.b64encode(key.value).decode(), "Fingerprint": key.fingerprint}
    times = {"ValidityStartTime": key.start, "ValidityEndTime": key.end}
    return out | {name: seconds for name, seconds in times.items() if 0 < seconds <= _LATEST}
