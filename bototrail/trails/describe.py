"""A trail told: as `aws cloudtrail describe-trails` would, and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from bototrail.trails.trail import DEFAULT_SELECTORS, Trail

# Members of the service's `Trail`, in its order, and ours. [DescribeTrails in botocore's model]
_TOLD: Final = (
    "Name",
    "S3BucketName",
    "S3KeyPrefix",
    "SnsTopicName",
    "IncludeGlobalServiceEvents",
    "IsMultiRegionTrail",
    "HomeRegion",
    "TrailARN",
    "CloudWatchLogsLogGroupArn",
    "CloudWatchLogsRoleArn",
    "KmsKeyId",
    "IsOrganizationTrail",
    "RecursiveLogging",
    "OrganizationId",
    "EventSelectors",
    "AdvancedEventSelectors",
    "InsightSelectors",
    "TagsList",
    "delivery",
)


def describe(trail: Trail) -> dict[str, Any]:
    """As a member of describe-trails' `trailList`, with selectors, tags and what is ours; a trails file takes it."""
    told = {name: getattr(trail, name) for name in _TOLD}
    out = {name: value for name, value in told.items() if value not in (None, "", (), {})}
    if trail.TagsList:  # AddTags takes no empty Value
        out["TagsList"] = [{name: text for name, text in tag.items() if text} for tag in trail.TagsList]
    if trail.SnsTopicName and trail.SnsTopicName.startswith("arn:"):
        out["SnsTopicARN"] = trail.SnsTopicName
    custom = bool(trail.EventSelectors) or trail.AdvancedEventSelectors not in ((), DEFAULT_SELECTORS)
    out["LogFileValidationEnabled"] = trail.EnableLogFileValidation
    out["HasCustomEventSelectors"] = custom
    out["HasInsightSelectors"] = bool(trail.InsightSelectors)
    if not trail.IsLogging:
        out["IsLogging"] = False
    if trail.everything:
        out["AllEvents"] = True
    elif not custom:  # AWS prints them, too
        out["AdvancedEventSelectors"] = DEFAULT_SELECTORS
    if trail.SelectorRules != "Trail":
        out["SelectorRules"] = trail.SelectorRules
    if trail.event_bridge is not None:
        out["EventBridge"] = trail.event_bridge
    return out


def words(trail: Trail) -> Iterator[tuple[str, str]]:
    """What a trail keeps and where it goes, as lines with a heading."""
    if not trail.IsLogging:
        yield "stopped", "takes no records until IsLogging is true"
    for line in _kept(trail):
        yield "keeps", line
    yield "of", _regions(trail)
    path, _, query = trail.bucket.partition("?")
    prefix = trail.S3KeyPrefix.rstrip("/")
    yield "bucket", f"{path.rstrip('/')}/{prefix}" if prefix else path
    for name, value in parse_qsl(query):
        yield "", f"{name} {value}"
    yield from _others(trail)


def _kept(trail: Trail) -> Iterator[str]:
    if trail.everything:
        yield "all events"
        return
    for basic in trail.EventSelectors:
        yield from _basic(basic)
    if not trail.EventSelectors:
        for advanced in trail.AdvancedEventSelectors or DEFAULT_SELECTORS:
            yield _advanced(advanced)
    for insight in trail.InsightSelectors:
        categories = " and ".join(insight.get("EventCategories") or ["Management"]).lower()
        yield f"{insight['InsightType']} of {categories} events"


_READ_WRITE: Final = {"All": "", "ReadOnly": "read-only ", "WriteOnly": "write-only "}


def _basic(selector: Mapping[str, Any]) -> Iterator[str]:
    kind = _READ_WRITE[selector.get("ReadWriteType", "All")]
    if selector.get("IncludeManagementEvents", True):
        without = " and ".join(selector.get("ExcludeManagementEventSources", ()))
        yield f"{kind}management events{f' but those of {without}' if without else ''}"
    for resource in selector.get("DataResources", ()):
        yield f"{kind}data events of {resource['Type']}: {', '.join(resource.get('Values', ())) or 'none'}"


_OPERATORS: Final = {
    "Equals": "is",
    "StartsWith": "begins with",
    "EndsWith": "ends with",
    "NotEquals": "is not",
    "NotStartsWith": "does not begin with",
    "NotEndsWith": "does not end with",
}
_CATEGORIES: Final = {"Management": "management", "Data": "data", "NetworkActivity": "network activity"}


def _advanced(selector: Mapping[str, Any]) -> str:
    """Select operators of a field are alternatives, the others must all hold. [facts §4.3]."""
    parts = []
    category = "events"
    for condition in selector["FieldSelectors"]:
        if condition["Field"] == "eventCategory":
            category = f"{_CATEGORIES.get(condition['Equals'][0], condition['Equals'][0])} events"
            continue
        said = {True: [], False: []}  # type: dict[bool, list[str]]
        for operator, verb in _OPERATORS.items():
            if operator in condition:
                joined = (" nor " if operator.startswith("Not") else " or ").join(condition[operator])
                said[operator.startswith("Not")].append(f"{verb} {joined}")
        text = " and ".join([*([" or ".join(said[False])] if said[False] else []), *said[True]])
        parts.append(f"{condition['Field']} {text}")
    return f"{category}{' where ' if parts else ''}{', '.join(parts)}"


def _regions(trail: Trail) -> str:
    where = "all regions" if trail.IsMultiRegionTrail else trail.HomeRegion
    if not trail.IncludeGlobalServiceEvents:
        where += ", without global services"
    if trail.IsOrganizationTrail:
        where += f", all accounts of {trail.OrganizationId}"
    return where


def _others(trail: Trail) -> Iterator[tuple[str, str]]:
    if trail.SnsTopicName:
        yield "topic", trail.SnsTopicName
    if trail.CloudWatchLogsLogGroupArn:
        yield "logs", trail.CloudWatchLogsLogGroupArn
    if trail.event_bridge is not None:
        reads = ", management reads too" if trail.event_bridge["ReadOnlyManagementEvents"] else ""
        yield "event bus", f"{trail.event_bridge['EventBusName']}{reads}"
    if trail.EnableLogFileValidation:
        yield "digests", "yes"
    for tag in trail.TagsList:
        yield "tag", f"{tag['Key']} {tag['Value']}".rstrip()
