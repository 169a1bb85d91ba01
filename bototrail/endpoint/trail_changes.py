"""CreateTrail, UpdateTrail, DeleteTrail, StartLogging and StopLogging."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, Final

from bototrail.clock import now
from bototrail.deliver.totals import note_logging
from bototrail.endpoint.changing import answer, change, find
from bototrail.endpoint.context import Context
from bototrail.errors import ServiceError
from bototrail.trails import Trail
from bototrail.trails.editing import Editing, Told

_DEFAULT_REGION: Final = "us-east-1"  # of a client who does not say where he is

_NEEDED: Final = ("Name", "S3BucketName")

# In a trails file two names mean the same. [docs/trails.md]
_VALIDATION: Final = ("EnableLogFileValidation", "LogFileValidationEnabled")
_TOPIC: Final = ("SnsTopicName", "SnsTopicARN")


def create_trail(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail that does not log yet."""
    # What is empty is none, but for what must be there.
    fields = {name: value for name, value in request.items() if name in _NEEDED or value not in ("", [])}
    home = {"HomeRegion": context.region or _DEFAULT_REGION, "IsLogging": False}

    def edit(editing: Editing) -> None:
        _check_bucket(editing, request["S3BucketName"])
        belongs = _organization(editing) if fields.get("IsOrganizationTrail") else {}
        editing.add({**fields, **home, **belongs})

    return answer("CreateTrail", change("CreateTrail", context, edit), request["Name"], context)


def update_trail(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail with other settings; those that are not given stay."""
    names: list[str] = []

    def edit(editing: Editing) -> None:
        told = find(editing, request["Name"], context)
        names[:] = [told.trail.Name]
        if "S3BucketName" in request:
            _check_bucket(editing, request["S3BucketName"])
        for name, value in request.items():
            if name != "Name" and told.fields.get(name) != value:
                _set(editing, told, name, value)

    loaded = change("UpdateTrail", context, edit)
    return answer("UpdateTrail", loaded, names[0], context)


def _set(editing: Editing, told: Told, name: str, value: Any) -> None:
    if value == "":
        for each in _TOPIC if name in _TOPIC else (name,):
            editing.clear(told, each)
    elif name in _TOPIC:
        editing.replace(told, "SnsTopicARN", name, value)
    elif name in _VALIDATION:
        for each in [each for each in _VALIDATION if each in told.fields] or [name]:
            editing.put(told, each, value)
    else:
        editing.put(told, name, value)
    if name == "IsOrganizationTrail":
        _belong(editing, told, value)


def _belong(editing: Editing, told: Told, belongs: bool) -> None:
    if not belongs:
        editing.clear(told, "OrganizationId")
    elif "OrganizationId" not in told.fields:
        editing.put(told, "OrganizationId", _organization(editing)["OrganizationId"])


def _organization(editing: Editing) -> dict[str, str]:
    """The organization of the other trails: no request can say it."""
    for told in editing.told:
        if told.trail.OrganizationId:
            return {"OrganizationId": told.trail.OrganizationId}
    message = "No trail says which organization there is: write one with OrganizationId into the trails file."
    raise ServiceError("OrganizationsNotInUseException", message)


def _check_bucket(editing: Editing, name: str) -> None:
    """A name is a bucket in S3, and AWS is not asked, unless the table of buckets says that it is a folder."""
    said = editing.buckets.get(name, "s3://")
    location = said if isinstance(said, str) else said["location"]
    if "://" not in location and Path(location).exists() and not Path(location).is_dir():
        message = f"S3 bucket {name} does not exist! The table of buckets says {location}, which is no folder."
        raise ServiceError("S3BucketDoesNotExistException", message)


def delete_trail(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail less; its log files stay."""
    stopped: list[Trail] = []

    def edit(editing: Editing) -> None:
        told = find(editing, request["Name"], context)
        stopped[:] = [told.trail] * told.trail.IsLogging
        editing.delete(told)

    change("DeleteTrail", context, edit)
    _note(context, "StopLoggingTime", stopped)
    return {}


def start_logging(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail that takes records."""
    _note(context, "StartLoggingTime", _switch("StartLogging", request["Name"], context, on=True))
    return {}


def stop_logging(request: dict[str, Any], context: Context) -> dict[str, Any]:
    """A trail that takes none; what was recorded for it is delivered."""
    _note(context, "StopLoggingTime", _switch("StopLogging", request["Name"], context, on=False))
    return {}


def _switch(operation: str, name: str, context: Context, *, on: bool) -> list[Trail]:
    """Returns the trail if it was not so already."""
    switched: list[Trail] = []

    def edit(editing: Editing) -> None:
        told = find(editing, name, context)
        switched[:] = [told.trail] * (told.trail.IsLogging != on)
        if switched:
            editing.put(told, "IsLogging", on)

    change(operation, context, edit)
    return switched


def _note(context: Context, field: str, trails: list[Trail]) -> None:
    """Write the time down for GetTrailStatus; programs that record do so too, when they hear of it."""
    if trails:
        with contextlib.suppress(OSError):
            note_logging(context.library.state, trails, field, now())
