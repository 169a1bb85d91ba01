"""What selectors mean, said of a whole record; slow and plain, the yardstick for `selectors`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from bototrail.record.resources import ACCOUNT, Source
from bototrail.record.sources import GLOBAL_SERVICES, event_source
from bototrail.regions import partition_of
from bototrail.trails.conditions import Selector, selectors_of
from bototrail.trails.resources import Resource, kinds_of
from bototrail.trails.trail import Trail

# Field of a selector -> where it stands in a record. [facts §4.3]
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "errorCode": ("errorCode",),
    "eventCategory": ("eventCategory",),
    "eventName": ("eventName",),
    "eventSource": ("eventSource",),
    "eventType": ("eventType",),
    "readOnly": ("readOnly",),
    "sessionCredentialFromConsole": ("sessionCredentialFromConsole",),
    "userIdentity.arn": ("userIdentity", "arn"),
    "vpcEndpointId": ("vpcEndpointId",),
}

# Their events are recorded in the partition's global region. [facts §8.3]
_GLOBAL_SOURCES: Final = frozenset(f"{event_source(name, name, name)}.amazonaws.com" for name in GLOBAL_SERVICES)
STS: Final = "sts.amazonaws.com"
"""EventSource of STS, and the host of its global endpoint, whose events are global, too. [facts §8.3]"""


def takes(trail: Trail, record: Mapping[str, Any]) -> bool:
    """Whether a trail logs the event of a whole CloudTrail record, if it logs at all.

    It may have been stopped since the record was made, which then is its own all the same.
    """
    if not in_region(trail, _text(record.get("awsRegion")) or "", is_global(record)):
        return False
    return trail.everything or any(_passes(selector, record) for selector in _selectors(trail))


_selectors = lru_cache(maxsize=64)(selectors_of)


def in_region(trail: Trail, region: str, is_global: bool) -> bool:
    """Whether a trail takes events of a region (facts §8.3).

    Args:
        trail: of one region or of all.
        region: awsRegion, of global services the partition's global region.
        is_global: whether the event is one of a global service.
    """
    if is_global and not trail.IncludeGlobalServiceEvents:
        return False
    return trail.IsMultiRegionTrail or region == trail.HomeRegion


def is_global(record: Mapping[str, Any]) -> bool:
    """Whether an event is one of a global service, or of STS at its global endpoint."""
    source, details = record.get("eventSource"), record.get("tlsDetails")
    if source == STS:
        return isinstance(details, Mapping) and details.get("clientProvidedHostHeader") == STS
    return isinstance(source, str) and source in _GLOBAL_SOURCES


def _passes(selector: Selector, record: Mapping[str, Any]) -> bool:
    if not all(condition.passes(_field(record, name)) for name, condition in selector.fields):
        return False
    if not (selector.types or selector.arns):
        return True
    return any(selector.names(*resource) for resource in resources_of(record))


def _field(record: Mapping[str, Any], name: str) -> str | None:
    value: Any = record
    for key in PLACES.get(name, (name,)):
        value = value.get(key) if isinstance(value, Mapping) else None
    return _text(value)


def _text(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else None


def resources_of(record: Mapping[str, Any]) -> tuple[Resource, ...]:
    """The resources of a record's event: those of the table of data types, else its own."""
    entries = record.get("resources")
    own = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
    source, name, region = (_text(record.get(key)) or "" for key in ("eventSource", "eventName", "awsRegion"))
    request, response = (_tree(record.get(key)) for key in ("requestParameters", "responseElements"))
    answered = response if record.get("errorCode") is None else {}
    found = kinds_of(source, name).find(Source(partition_of(region), region, request, answered, {}), own)
    return with_account(found, _text(record.get("recipientAccountId")) or "")


def with_account(resources: tuple[Resource, ...], account: str) -> tuple[Resource, ...]:
    """Resources whose ARNs have this account where they had the placeholder."""
    if not any(resource.arn is not None and ACCOUNT in resource.arn for resource in resources):
        return resources
    return tuple(Resource(kind, arn and arn.replace(ACCOUNT, account)) for kind, arn in resources)


def _tree(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
