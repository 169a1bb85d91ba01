"""The operations that the endpoint answers, by their names."""

from __future__ import annotations

from typing import Final

from bototrail.endpoint.context import Operation
from bototrail.endpoint.integrity import list_public_keys
from bototrail.endpoint.lookup import lookup_events
from bototrail.endpoint.trails import describe_organization, describe_trails, get_trail, get_trail_status

OPERATIONS: Final[dict[str, Operation]] = {
    "DescribeOrganization": describe_organization,  # of AWS Organizations
    "DescribeTrails": describe_trails,
    "GetTrail": get_trail,
    "GetTrailStatus": get_trail_status,
    "ListPublicKeys": list_public_keys,
    "LookupEvents": lookup_events,
}
