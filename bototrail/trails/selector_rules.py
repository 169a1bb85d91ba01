"""CloudTrail's documented rules for event selectors.

Source: CloudTrail user guide and botocore's model. [facts §4]
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.gather import Raw
from bototrail.trails.limits import CONDITIONS, DATA_RESOURCES, SELECTORS
from bototrail.trails.lines import Path
from bototrail.trails.resource_types import NETWORK_SOURCES, RESOURCE_TYPES

_CODE: Final = "InvalidEventSelectorsException"
KINDS: Final = ("EventSelectors", "AdvancedEventSelectors")
"""The two forms of selectors, of which a trail has one."""

EXCLUDABLE: Final = ("kms.amazonaws.com", "rdsdata.amazonaws.com")
"""Sources of management events that a trail can leave out. [facts §4.4]"""


class DataResource(NamedTuple):
    """What DataResources of a type can be.

    Attributes:
        all: the forms that mean all resources of the type.
        one: the form of others.
        expected: in words.
    """

    all: str
    one: str
    expected: str


_ARN: Final = r"arn:aws[a-z-]*"

# [DataResource in botocore's model; facts §4.2]
DATA_RESOURCES_OF: Final = {
    "AWS::S3::Object": DataResource(
        rf"{_ARN}:s3(:::)?",
        rf"{_ARN}:s3:::[^/*:]+/.*",
        "arn:aws:s3:::BUCKET/, with or without a prefix behind it, or arn:aws:s3 for all buckets",
    ),
    "AWS::Lambda::Function": DataResource(
        rf"{_ARN}:lambda",
        rf"{_ARN}:lambda:[a-z0-9-]+:\d{{12}}:function:[\w-]+",
        "the whole ARN of a function, without version or alias, or arn:aws:lambda for all",
    ),
    "AWS::DynamoDB::Table": DataResource(
        rf"{_ARN}:dynamodb",
        rf"{_ARN}:dynamodb:[a-z0-9-]+:\d{{12}}:table/[\w.-]+",
        "the whole ARN of a table, or arn:aws:dynamodb for all",
    ),
}


def check_selectors(faults: Faults, raw: Raw) -> None:
    """Faults of a trail's selectors; what is of the wrong type has been told before."""
    given = [name for name in KINDS if raw.fields.get(name)]
    if len(given) == 2:
        todo = "leave one of both out; advanced ones can say all that basic ones can"
        expected = "EventSelectors or AdvancedEventSelectors"
        faults.add(raw.place(KINDS[1]), _CODE, expected, "both", todo)
    if given and raw.fields.get("AllEvents") is True:
        todo = "leave one of both out"
        faults.add(
            raw.place("AllEvents"), "InvalidParameterCombinationException", "AllEvents or selectors", "both", todo
        )
    basic, advanced = KINDS
    if basic in given and faults.sound(raw.place(basic)):
        _check_basic(faults, raw.place(basic), raw.fields[basic])
    if advanced in given and faults.sound(raw.place(advanced)):
        fields = STORE_FIELDS if raw.fields.get("SelectorRules") == "EventDataStore" else FIELDS
        _check_advanced(faults, raw.place(advanced), raw.fields[advanced], fields)


def _check_basic(faults: Faults, where: Path, selectors: list[dict[str, Any]]) -> None:
    if len(selectors) > SELECTORS:
        todo = "put some together, or use AdvancedEventSelectors"
        faults.add((*where, SELECTORS), _CODE, f"at most {SELECTORS} event selectors", f"{len(selectors)}", todo)
    count = 0
    for index, selector in enumerate(selectors):
        for number, source in enumerate(selector.get("ExcludeManagementEventSources", ())):
            if source not in EXCLUDABLE:
                place = (*where, index, "ExcludeManagementEventSources", number)
                todo = nearest(source, EXCLUDABLE, "others cannot be left out")
                faults.add(place, _CODE, " or ".join(EXCLUDABLE), shown(source), todo)
        for number, resource in enumerate(selector.get("DataResources", ())):
            count += _check_resource(faults, (*where, index, "DataResources", number), resource)
    if count > DATA_RESOURCES:
        todo = "use prefixes, the forms that mean all, or AdvancedEventSelectors"
        faults.add(where, _CODE, f"at most {DATA_RESOURCES} data resources in a trail", f"{count}", todo)


def _check_resource(faults: Faults, where: Path, resource: Mapping[str, Any]) -> int:
    """A member of DataResources; returns how many values of it count."""
    kind = resource.get("Type")
    forms = DATA_RESOURCES_OF.get(kind or "")
    if forms is None:
        others = "for other types use AdvancedEventSelectors"
        hint = others if kind in RESOURCE_TYPES else nearest(str(kind), DATA_RESOURCES_OF, others)
        expected = f"{', '.join(DATA_RESOURCES_OF)} for Type"
        faults.add((*where, "Type"), _CODE, expected, shown(kind), hint)
        return 0
    count = 0
    for index, value in enumerate(resource.get("Values", ())):
        if re.fullmatch(forms.all, value):
            continue
        count += 1
        if not re.fullmatch(forms.one, value, re.DOTALL):
            message = f"Value {value[:200]} for DataResources.Values is invalid."
            faults.add((*where, "Values", index), _CODE, forms.expected, shown(value), "correct it", message=message)
    return count


class Field(NamedTuple):
    """A field that advanced selectors of a trail can use.

    Attributes:
        categories: of eventCategory, in whose selectors it can stand.
        operators: that it takes.
        values: that it can have; none means any.
        required: whether a selector must have it, with Equals and one value.
    """

    categories: str
    operators: tuple[str, ...]
    values: tuple[str, ...] = ()
    required: bool = False


_ANY: Final = ("Equals", "StartsWith", "EndsWith", "NotEquals", "NotStartsWith", "NotEndsWith")
_ONLY_EQUALS: Final = ("Equals",)
_EITHER: Final = ("Equals", "NotEquals")

# [AdvancedFieldSelector in botocore's model and the user guide, as facts §4.3 has it: the part on trails]
FIELDS: Final[Mapping[str, tuple[Field, ...]]] = {
    "eventCategory": (Field("Management Data NetworkActivity", _ONLY_EQUALS, required=True),),
    "resources.type": (Field("Data", _ONLY_EQUALS, RESOURCE_TYPES, required=True),),
    "eventSource": (
        Field("Management", ("NotEquals",), EXCLUDABLE),
        Field("Data", _ANY),
        Field("NetworkActivity", _ONLY_EQUALS, required=True),
    ),
    "readOnly": (Field("Management Data", _ONLY_EQUALS, ("true", "false")),),
    "eventName": (Field("Data NetworkActivity", _ANY),),
    "resources.ARN": (Field("Data", _ANY),),
    "eventType": (Field("Data", _ANY),),
    "userIdentity.arn": (Field("Data", _ANY),),
    "sessionCredentialFromConsole": (Field("Data", _EITHER, ("true",)),),
    "errorCode": (Field("NetworkActivity", _ONLY_EQUALS, ("VpceAccessDenied",)),),
    "vpcEndpointId": (Field("NetworkActivity", _ANY),),
}

Fields = Mapping[str, tuple[Field, ...]]

# What event data stores can ask of management events beside that. [as above: the part on event data stores]
STORE_FIELDS: Final[Fields] = {
    **FIELDS,
    "eventSource": (Field("Management Data", _ANY), Field("NetworkActivity", _ONLY_EQUALS, required=True)),
    "eventName": (Field("Management Data NetworkActivity", _ANY),),
    "eventType": (Field("Management Data", _ANY),),
    "userIdentity.arn": (Field("Management Data", _ANY),),
    "sessionCredentialFromConsole": (Field("Management Data", _EITHER, ("true",)),),
}

# Their events have no ARN to ask after. [facts §4.3]
_WITHOUT_ARN: Final = ("AWS::CloudWatch::Metric", "AWS::XRay::Trace")

CATEGORIES: Final = ("Management", "Data", "NetworkActivity")
# [facts §4.3]
_STORE_ONLY: Final = ("Insight", "ConfigurationItem", "Evidence", "ActivityAuditLog")
_STORES: Final = 'leave it out, or write SelectorRules = "EventDataStore": only event data stores of AWS can have it'


def _check_advanced(faults: Faults, where: Path, selectors: list[dict[str, Any]], fields: Fields) -> None:
    count = 0
    for index, selector in enumerate(selectors):
        _check_selector(faults, (*where, index, "FieldSelectors"), selector["FieldSelectors"], fields)
        count += sum(len(one.get(operator, ())) for one in selector["FieldSelectors"] for operator in _ANY)
    if count > CONDITIONS:
        todo = "use StartsWith or EndsWith in place of many values"
        faults.add(where, _CODE, f"at most {CONDITIONS} values in all selectors of a trail", f"{count}", todo)


def _check_selector(faults: Faults, where: Path, conditions: list[dict[str, Any]], fields: Fields) -> None:
    category = _category(faults, where, conditions)
    seen: set[str] = set()
    for index, condition in enumerate(conditions):
        name = condition["Field"]
        if name in seen:
            todo = "put its values into one, or write another selector"
            faults.add((*where, index, "Field"), _CODE, "each Field once in a selector", f"{name} again", todo)
        seen.add(name)
        if category:
            _check_condition(faults, (*where, index), condition, category, fields)
    _check_has_arn(faults, where, conditions)
    for name, rows in fields.items():
        if name not in seen and any(row.required and category in row.categories.split() for row in rows):
            expected = f"a condition on {name} in a selector of {category} events"
            faults.add(where, _CODE, expected, ", ".join(sorted(seen)), f"add Field {name} with Equals and one value")


def _check_has_arn(faults: Faults, where: Path, conditions: list[dict[str, Any]]) -> None:
    kinds = [kind for one in conditions if one["Field"] == "resources.type" for kind in one.get("Equals", ())]
    if without := [kind for kind in kinds if kind in _WITHOUT_ARN]:
        for index, condition in enumerate(conditions):
            if condition["Field"] == "resources.ARN":
                expected = f"no resources.ARN with {without[0]}, whose events have none"
                faults.add((*where, index, "Field"), _CODE, expected, "resources.ARN", "leave it out")


def _category(faults: Faults, where: Path, conditions: list[dict[str, Any]]) -> str:
    """The eventCategory of a selector, empty if there is none that a trail can have."""
    for index, condition in enumerate(conditions):
        if condition["Field"] == "eventCategory":
            place, values = (*where, index), condition.get("Equals", [])
            if len(values) == 1 and values[0] in CATEGORIES:
                return str(values[0])
            todo = "write one selector for each category"
            if len(values) == 1:
                todo = nearest(values[0], CATEGORIES, "write one of them")
            if len(values) == 1 and values[0] in _STORE_ONLY:
                todo = "leave the selector out: only event data stores can have it"
            found = shown(values[0] if len(values) == 1 else values)
            faults.add(place, _CODE, f"Equals with one of {', '.join(CATEGORIES)} for eventCategory", found, todo)
            return ""
    expected = "a condition on eventCategory"
    todo = "add Field eventCategory with Equals and one value"
    faults.add(where, _CODE, expected, ", ".join(condition["Field"] for condition in conditions), todo)
    return ""


def _check_condition(faults: Faults, where: Path, condition: Mapping[str, Any], category: str, fields: Fields) -> None:
    name = condition["Field"]
    field = _row(fields, name, category)
    if field is None:
        allowed = [known for known in fields if _row(fields, known, category)]
        todo = _STORES if _row(STORE_FIELDS, name, category) else nearest(name, allowed, "leave it out")
        expected = f"a field of {category} events ({', '.join(allowed)})"
        faults.add((*where, "Field"), _CODE, expected, shown(name), todo)
        return
    given = [operator for operator in _ANY if operator in condition]
    if not given:
        faults.add(where, _CODE, f"an operator for {name}", "none", f"add {' or '.join(field.operators)}")
    for operator in given:
        if operator not in field.operators:
            expected = f"{' or '.join(field.operators)} for {name} of {category} events"
            wider = _row(STORE_FIELDS, name, category)
            todo = _STORES if wider and operator in wider.operators else "use that"
            faults.add((*where, operator), _CODE, expected, operator, todo)
            continue
        _check_values(faults, (*where, operator), condition, field, category)


def _row(fields: Fields, name: str, category: str) -> Field | None:
    return next((row for row in fields.get(name, ()) if category in row.categories.split()), None)


def _check_values(faults: Faults, where: Path, condition: Mapping[str, Any], field: Field, category: str) -> None:
    name, operator = condition["Field"], str(where[-1])
    values = condition[operator]
    if field.required and len(values) > 1:
        todo = "write one selector for each"
        faults.add(where, _CODE, f"one value for {name}", f"{len(values)}", todo)
    for index, value in enumerate(values):
        place = (*where, index)
        if name == "resources.type" and _may_be_newer(value):
            faults.note(place, f"no resources.type {shown(value)} is known: it may be newer than this release")
        elif field.values and value not in field.values:
            short = len(field.values) < 5
            expected = f"{' or '.join(field.values)} for {name}" if short else f"a known {name}"
            otherwise = "write one of them" if short else "look it up in CloudTrail's list of data events"
            faults.add(place, _CODE, expected, shown(value), nearest(value, field.values, otherwise))
        if name == "resources.ARN" and operator in ("Equals", "NotEquals") and not _WHOLE_ARN.fullmatch(value):
            todo = "write the whole ARN, or use StartsWith or EndsWith"
            faults.add(place, _CODE, f"a whole ARN with {operator}", shown(value), todo)
        if category == "NetworkActivity" and name == "eventSource" and value not in NETWORK_SOURCES:
            _check_network_source(faults, place, value)


def _may_be_newer(kind: str) -> bool:
    """Whether a type that we do not know may be right: AWS adds to them, and those that are all but known are typos."""
    if kind in RESOURCE_TYPES or not re.fullmatch(r"AWS::[A-Za-z0-9]+::[A-Za-z0-9]+", kind):
        return False
    return not difflib.get_close_matches(kind.lower(), [known.lower() for known in RESOURCE_TYPES], n=1, cutoff=0.92)


_WHOLE_ARN: Final = re.compile(r"arn:[^:]+:[^:]+:[^:]*:[^:]*:.+", re.DOTALL)


def _check_network_source(faults: Faults, where: Path, value: str) -> None:
    """AWS adds to the services that have network activity events; one that we do not know may be right."""
    if re.fullmatch(r"[a-z0-9-]+\.amazonaws\.com", value):
        hint = nearest(value, NETWORK_SOURCES, "it may be newer than this release")
        faults.note(where, f"no service {shown(value)} with network activity events is known: {hint}")
        return
    todo = nearest(value, NETWORK_SOURCES, "write SERVICE.amazonaws.com")
    faults.add(where, _CODE, "the eventSource of a service, SERVICE.amazonaws.com", shown(value), todo)
