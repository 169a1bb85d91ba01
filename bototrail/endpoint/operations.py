"""The operations that the endpoint answers, by their names."""

from __future__ import annotations

from typing import Final

from bototrail.endpoint.context import Operation
from bototrail.endpoint.integrity import list_public_keys
from bototrail.endpoint.lookup import lookup_events
from bototrail.endpoint.selectors import (
    get_event_selectors,
    get_insight_selectors,
    put_event_selectors,
    put_insight_selectors,
)
from bototrail.endpoint.tags import add_tags, list_tags, remove_tags
from bototrail.endpoint.trail_changes import create_trail, delete_trail, start_logging, stop_logging, update_trail
from bototrail.endpoint.trails import describe_organization, describe_trails, get_trail, get_trail_status, list_trails

OPERATIONS: Final[dict[str, Operation]] = {
    "AddTags": add_tags,
    "CreateTrail": create_trail,
    "DeleteTrail": delete_trail,
    "DescribeOrganization": describe_organization,  # of AWS Organizations
    "DescribeTrails": describe_trails,
    "GetEventSelectors": get_event_selectors,
    "GetInsightSelectors": get_insight_selectors,
    "GetTrail": get_trail,
    "GetTrailStatus": get_trail_status,
    "ListPublicKeys": list_public_keys,
    "ListTags": list_tags,
    "ListTrails": list_trails,
    "LookupEvents": lookup_events,
    "PutEventSelectors": put_event_selectors,
    "PutInsightSelectors": put_insight_selectors,
    "RemoveTags": remove_tags,
    "StartLogging": start_logging,
    "StopLogging": stop_logging,
    "UpdateTrail": update_trail,
}
