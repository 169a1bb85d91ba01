"""ListPublicKeys."""

from __future__ import annotations

import base64
from typing import Any, Final

from bototrail.clock import now
from bototrail.endpoint.context import Context
from bototrail.errors import ServiceError
from bototrail.integrity.public import PublicKey

_FOR_EVER: Final = 253_370_764_800  # 9999-01-01: what comes after overflows dates of clients east of Greenwich


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
    keys = [key for key in context.library.keys().values() if key.start <= end and key.end >= start]
    return {"PublicKeyList": [_told(key) for key in sorted(keys, key=lambda key: (key.start, key.fingerprint))]}


def _told(key: PublicKey) -> dict[str, Any]:
    return {
        "Value": base64.b64encode(key.value).decode(),
        "ValidityStartTime": max(0, key.start),
        "ValidityEndTime": min(_FOR_EVER, key.end),
        "Fingerprint": key.fingerprint,
    }
