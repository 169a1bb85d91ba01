"""AddTags, RemoveTags and ListTags."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from bototrail.endpoint.changing import change, no_file
from bototrail.endpoint.context import Context
from bototrail.endpoint.library import is_arn_of
from bototrail.endpoint.trails import check_name
from bototrail.errors import ServiceError
from bototrail.trails import Trail
from bototrail.trails.editing import Editing

_RESOURCES: Final = 20
"""ARNs that one request may have. [ListTags in botocore's model]"""

_ARN: Final = re.compile(r"arn:[a-z-]+:([a-z0-9-]+):[^:]*:[^:]*:([A-Za-z0-9-]+)[/:]?.*", re.DOTALL)
_KINDS: Final = ("trail", "eventdatastore", "channel", "dashboard")  # that can have tags. [AddTags]

_Tags = list[dict[str, str]]


def add_tags(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail with more tags; one whose key it has already gets another value."""

    def added(tags: _Tags) -> _Tags:
        waiting = list(request["TagsList"])
        for index, tag in enumerate(tags):
            same = next((each for each in waiting if each["Key"] == tag["Key"]), None)
            if same is not None:
                waiting.remove(same)  # a key that is given twice stays, and is refused
                tags[index] = same
        return tags + waiting

    _change("AddTags", request["ResourceId"], context, added)
    return {}


def remove_tags(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail with fewer tags; where a value is given, too, only a tag that has it goes."""
    gone = request["TagsList"]

    def stays(tag: dict[str, str]) -> bool:
        return not any(tag["Key"] == one["Key"] and one.get("Value") in (None, tag.get("Value", "")) for one in gone)

    _change("RemoveTags", request["ResourceId"], context, lambda tags: list(filter(stays, tags)))
    return {}


def list_tags(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """The tags of some trails, in one page."""
    if request.get("NextToken"):
        raise ServiceError("InvalidTokenException", "The token is not valid: all tags are in the first page.")
    wanted = request["ResourceIdList"]
    if len(wanted) > _RESOURCES:
        message = f"expected at most {_RESOURCES} ARNs for ResourceIdList; found {len(wanted)}"
        raise ServiceError("ValidationException", message)
    if context.library.book is None:
        raise no_file("ListTags")
    trails = context.library.book.trails()
    found = [(arn, _find(arn, trails)) for arn in wanted]
    return {"ResourceTagList": [{"ResourceId": arn, "TagsList": trail.TagsList} for arn, trail in found]}


def _change(operation: str, arn: str, context: Context, changed: Callable[[_Tags], _Tags]) -> None:
    def edit(editing: Editing) -> None:
        trail = _find(arn, [told.trail for told in editing.told])
        told = next(each for each in editing.told if each.trail is trail)
        before = told.fields.get("TagsList", [])
        after = changed(list(before))
        if not after:
            editing.clear(told, "TagsList")
        elif after != before:
            editing.put(told, "TagsList", after)

    change(operation, context, edit)


def _find(arn: str, trails: Any) -> Trail:
    """The trail of an ARN; what is no trail of ours is told as the service does."""
    found = _ARN.fullmatch(arn)
    if found is None:
        message = f"expected the ARN of a trail for ResourceId; found {arn[:200]!r}"
        raise ServiceError("CloudTrailARNInvalidException", message)
    if found[1] != "cloudtrail" or found[2] not in _KINDS:
        raise ServiceError("ResourceTypeNotSupportedException", f"Resources such as {arn[:200]} have no tags here.")
    if found[2] == "trail":
        check_name(arn)
    for trail in trails:
        if is_arn_of(trail, arn):
            return trail  # type: ignore[no-any-return]
    raise ServiceError("ResourceNotFoundException", f"Resource {arn[:200]} does not exist.")
