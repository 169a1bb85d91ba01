"""What a trail is made of: botocore's own model of CloudTrail, and the same of what a trails file has beyond it.

botocore's `ParamValidator` walks the same shapes, but tells faults as text, and knows nothing of patterns, enums and
maxima. So they are walked here; a test compares both.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.lines import Path
from bototrail.trails.parse import is_secret

_TEXT: Final = {"type": "string", "min": 1}
_CLIENT: Final = ("profile_name", "credentials_file", "region_name", "endpoint_url", "role_arn")
_S3: Final = (*_CLIENT, "ServerSideEncryption", "KmsKeyId", "ACL", "ExpectedBucketOwner")


def _table(texts: tuple[str, ...], **others: str) -> dict[str, Any]:
    members = dict.fromkeys(texts, "Text") | others
    return {"type": "structure", "members": {name: {"shape": shape} for name, shape in members.items()}}


# What is ours, as botocore writes models down.
_OWN: Final[dict[str, Any]] = {
    "Text": _TEXT,
    "Flag": {"type": "boolean"},
    # [DescribeOrganization, pattern of OrganizationId]
    "AllEvents": {"type": "boolean"},
    "IsLogging": {"type": "boolean"},
    "SelectorRules": {"type": "string", "enum": ["Trail", "EventDataStore"]},
    "OrganizationId": {"type": "string", "pattern": "^o-[a-z0-9]{10,32}$"},
    # [PutEvents: EventBusName at most 1600 characters as an ARN, pattern of a name; Source]
    "BusName": {
        "type": "string",
        "min": 1,
        "max": 1600,
        "pattern": r"(arn:aws[\w-]*:events:[a-z0-9-]+:\d{12}:event-bus/)?[/.\-_A-Za-z0-9]+",
    },
    "Source": {"type": "string", "min": 1, "max": 256},
    "EventBridge": _table((), EventBusName="BusName", ReadOnlyManagementEvents="Flag", Source="Source"),
    "S3Encryption": {"type": "string", "enum": ["AES256", "aws:kms"]},
    # [PutObject, x-amz-acl; empty: none is sent]
    "Acl": {
        "type": "string",
        "enum": [
            "",
            "private",
            "public-read",
            "public-read-write",
            "authenticated-read",
            "aws-exec-read",
            "bucket-owner-read",
            "bucket-owner-full-control",
        ],
    },
    "AccountId": {"type": "string", "pattern": r"\d{12}"},
    "Endpoint": {"type": "string", "pattern": r"https?://[^\s/?#]+\S*"},
    "RoleArn": {"type": "string", "pattern": r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=,.@/-]+"},
    "TagTexts": {"type": "map", "key": {"shape": "Text"}, "value": {"shape": "Empty"}},
    "Empty": {"type": "string"},
}
_CLIENT_SHAPES: Final = {"endpoint_url": "Endpoint", "role_arn": "RoleArn"}
_S3_SHAPES: Final = {
    **_CLIENT_SHAPES,
    "ServerSideEncryption": "S3Encryption",
    "ACL": "Acl",
    "ExpectedBucketOwner": "AccountId",
    "Tagging": "TagTexts",
}
_OWN.update(
    Client=_table(_CLIENT, **_CLIENT_SHAPES),
    S3Client=_table(_S3, **_S3_SHAPES),
    Bucket=_table(_S3, **_S3_SHAPES, location="Text"),
    delivery=_table(_CLIENT, **_CLIENT_SHAPES, s3="S3Client", sns="Client", logs="Client", events="Client"),
)

OWN_FIELDS: Final = ("AllEvents", "IsLogging", "OrganizationId", "SelectorRules", "EventBridge", "delivery")
"""Fields of a trail that CloudTrail does not have; IsLogging is of GetTrailStatus."""

S3_OPTIONS: Final = (*_S3, "Tagging")
"""Options of an s3:// URL, under the names of boto3 and of PutObject."""

# What the oldest botocore that we work with does not know. [botocore 1.44 model]
_NEWER: Final = {
    "Trail": {"RecursiveLogging": "Flag"},
    "InsightSelector": {"EventCategories": "InsightCategories"},
}
_OWN["InsightCategory"] = {"type": "string", "enum": ["Management", "Data"]}
_OWN["InsightCategories"] = {"type": "list", "member": {"shape": "InsightCategory"}}


@cache
def own_shape(name: str) -> Any:
    """A shape of `_OWN`, as botocore's class."""
    from botocore.model import ShapeResolver

    return ShapeResolver(_OWN).get_shape_by_name(name)


@cache
def trail_shapes() -> Mapping[str, Any]:
    """Shapes of the fields that a trail in a file can have.

    Those of CreateTrail, of DescribeTrails' answer, and the selectors of PutEventSelectors and PutInsightSelectors.
    """
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    model = ServiceModel(Loader().load_service_model("cloudtrail", "service-2"), "cloudtrail")
    told = model.operation_model("DescribeTrails").output_shape.members["trailList"].member
    put = model.operation_model("PutEventSelectors").input_shape
    insights = model.operation_model("PutInsightSelectors").input_shape
    shapes = {
        **model.operation_model("CreateTrail").input_shape.members,
        **told.members,
        **{name: put.members[name] for name in ("EventSelectors", "AdvancedEventSelectors")},
        "InsightSelectors": insights.members["InsightSelectors"],
    }
    newer = {name: own_shape(shape) for name, shape in _NEWER["Trail"].items()}
    return {**newer, **shapes, **{name: own_shape(name) for name in OWN_FIELDS}}


def check_shape(faults: Faults, where: Path, value: Any, shape: Any, code: str) -> None:
    """Types, unknown and missing members, enums, lengths and patterns of `value`.

    Args:
        faults: where faults are put.
        where: where `value` stands.
        value: what a file holds.
        shape: what it should be like.
        code: the service's exception for a text that it refuses.
    """
    kind, expected = _TYPES[shape.type_name]
    if not isinstance(value, kind):
        found = f"{shown(value)} ({_named(value)})"
        faults.add(where, "ParamValidationError", f"{expected} for {_name(where)}", found, "correct its type")
    elif shape.type_name == "structure":
        _check_structure(faults, where, value, shape, code)
    elif shape.type_name == "list":
        _check_list(faults, where, value, shape, code)
    elif shape.type_name == "map":
        for key, inner in value.items():
            check_shape(faults, (*where, key), inner, shape.value, code)
    elif shape.type_name == "string":
        _check_text(faults, where, value, shape, code)


_TYPES: Final[dict[str, tuple[type[Any], str]]] = {
    "structure": (dict, "a table"),
    "map": (dict, "a table"),
    "list": (list, "a list"),
    "string": (str, "text"),
    "boolean": (bool, "true or false"),
}


def _named(value: Any) -> str:
    names = dict(reversed(_TYPES.values())) | {int: "a number", float: "a number"}
    return names.get(type(value), "nothing" if value is None else f"a {type(value).__name__}")


def _name(where: Path) -> str:
    return next((name for name in reversed(where) if isinstance(name, str)), "the file")


def _check_structure(faults: Faults, where: Path, value: dict[str, Any], shape: Any, code: str) -> None:
    newer = _NEWER.get(shape.name, {})
    members = {name: own_shape(own) for name, own in newer.items()} | dict(shape.members)
    for key, inner in value.items():
        if key in members:
            check_shape(faults, (*where, key), inner, members[key], code)
        elif not is_secret(key):
            todo = nearest(key, members, f"known are {', '.join(members)}")
            faults.add((*where, key), "ParamValidationError", f"a member of {_name(where)}", shown(key), todo)
    for key in shape.required_members:
        if key not in value:
            expected = f"{key} in {_name(where)}"
            faults.add(where, "ParamValidationError", expected, f"only {', '.join(value) or 'nothing'}", f"add {key}")


def _check_list(faults: Faults, where: Path, value: list[Any], shape: Any, code: str) -> None:
    if len(value) < shape.metadata.get("min", 0):
        faults.add(where, code, f"at least one of {_name(where)}", "an empty list", "add one, or leave the list out")
    for index, inner in enumerate(value):
        check_shape(faults, (*where, index), inner, shape.member, code)


def _check_text(faults: Faults, where: Path, value: str, shape: Any, code: str) -> None:
    name, limits = _name(where), shape.metadata
    if "enum" in limits and value not in limits["enum"]:
        known = [repr(one) for one in limits["enum"]]
        todo = nearest(value, limits["enum"], "write one of them")
        faults.add(where, code, f"{' or '.join(known)} for {name}", shown(value), todo)
    elif not limits.get("min", 0) <= len(value) <= limits.get("max", len(value)):
        expected = f"{limits.get('min', 0)} to {limits['max']}" if "max" in limits else f"at least {limits['min']}"
        faults.add(where, code, f"{expected} characters for {name}", f"{len(value)}", "correct it")
    elif "pattern" in limits and not re.fullmatch(limits["pattern"], value, re.DOTALL):
        faults.add(where, code, f"{limits['pattern']} for {name}", shown(value), "correct it")
