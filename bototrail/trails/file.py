"""The trails file: trails in CloudTrail's own terms, in TOML or JSON, and as `aws cloudtrail` prints them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bototrail.errors import TrailsError, TrailsFileError
from bototrail.trails.faults import Faults
from bototrail.trails.gather import Gathered, Raw, gather
from bototrail.trails.parse import Parsed, check_values, parse, read_text
from bototrail.trails.places import Places
from bototrail.trails.rules import check_trails, region_of
from bototrail.trails.trail import Trail


@dataclass(frozen=True)
class TrailsFile:
    """What a trails file says.

    Attributes:
        trails: in the order of the file.
        notes: what is allowed but worth a look, each with file and line.
        path: the file.
        buckets: its table of buckets, with absolute paths.
    """

    trails: tuple[Trail, ...]
    notes: tuple[str, ...]
    path: Path
    buckets: Mapping[str, Any] = field(default_factory=dict)


def load_trails(path: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> TrailsFile:
    """Read and check a trails file.

    Args:
        path: the file; `~` stands for the home folder.
        environ: where AWS_REGION and AWS_DEFAULT_REGION are looked up for trails that name no region.

    Raises:
        TrailsFileError: it cannot be used; holds every fault of it.
    """
    file = Path(path)
    try:
        return read_trails(file, read_text(file.expanduser()), environ)[0]
    except RuntimeError as error:  # ~ without a home folder
        raise _broken(path, str(error)) from None


def read_trails(
    path: Path, text: str, environ: Mapping[str, str] = os.environ
) -> tuple[TrailsFile, tuple[tuple[Trail, Raw], ...]]:
    """Check a text as what a trails file holds.

    Args:
        path: the file; its ending says what the text is, and relative folders begin where it is.
        text: from `read_text`.
        environ: as for `load_trails`.

    Returns:
        What it says, and of each trail where it says it.

    Raises:
        TrailsFileError: it cannot be used; holds every fault of it.
    """
    try:
        parsed = parse(path.expanduser(), text)
        loaded, gathered = _trails(path, parsed, environ)
    except RecursionError:
        raise _broken(path, "too many brackets within brackets") from None
    if parsed.faults.errors:
        raise TrailsFileError(parsed.faults.errors)
    return loaded, tuple(zip(loaded.trails, gathered.trails, strict=True))


def _broken(path: str | os.PathLike[str], found: str) -> TrailsFileError:
    error = TrailsError("FileError", str(path), 0, expected="a trails file", found=found, todo="correct it")
    return TrailsFileError([error])


def _trails(file: Path, parsed: Parsed, environ: Mapping[str, str]) -> tuple[TrailsFile, Gathered]:
    faults = parsed.faults
    for where, document in parsed.documents:
        check_values(faults, where, document)
    gathered = gather(parsed)
    if not gathered.trails and gathered.empty:
        faults.note(gathered.empty[0], "no trails: nothing is recorded")
    elif not gathered.trails and not faults.errors:
        todo = "write [[trailList]] with Name and S3BucketName, or paste what aws cloudtrail describe-trails prints"
        faults.add((), "TrailNotProvidedException", "at least one trail", "none", todo)
    check_trails(faults, gathered.trails)
    places = Places(gathered, faults, file.expanduser().absolute().parent)
    trails = _made(places, gathered, faults, environ)
    return TrailsFile(tuple(trails), tuple(faults.notes), file, places.table), gathered


def _made(places: Places, gathered: Gathered, faults: Faults, environ: Mapping[str, str]) -> list[Trail]:
    trails = []
    for raw in gathered.trails:
        if not all(faults.sound(raw.place(name)) for name in _PLACING if name in raw.fields):
            continue
        delivery = places.delivery(raw)
        bucket = places.place(raw, delivery)
        if not faults.errors:
            trails.append(_trail(raw, bucket, delivery, _home(raw, faults, environ)))
            _note(raw, faults)
    return trails


# What a place is made of besides the table of buckets.
_PLACING: Final = ("S3BucketName", "S3KeyPrefix", "KmsKeyId", "delivery")

# Fields that a Trail has under the same name and that need no more than to be passed on.
_TEXTS: Final = ("S3KeyPrefix", "TrailARN", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "KmsKeyId")
_FLAGS: Final = {  # with the API's defaults [facts §8.1]
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": False,
    "IsOrganizationTrail": False,
    "RecursiveLogging": True,
}
_LISTS: Final = ("EventSelectors", "AdvancedEventSelectors", "InsightSelectors")
_EVENT_BRIDGE: Final = {"EventBusName": "default", "ReadOnlyManagementEvents": False, "Source": "aws.{service}"}


def _trail(raw: Raw, bucket: str, delivery: Mapping[str, Any], home: str) -> Trail:
    given = raw.fields
    texts = {name: given[name] for name in _TEXTS if given.get(name)}
    flags = {name: given.get(name, default) for name, default in _FLAGS.items()}
    lists: dict[str, Any] = {name: tuple(given[name]) for name in _LISTS if given.get(name)}
    validated = any(given.get(name) for name in ("EnableLogFileValidation", "LogFileValidationEnabled"))
    return Trail(
        Name=given["Name"],
        bucket=bucket,
        S3BucketName=given["S3BucketName"],
        HomeRegion=home,
        SnsTopicName=given.get("SnsTopicARN") or given.get("SnsTopicName") or None,
        EnableLogFileValidation=validated,
        everything=given.get("AllEvents", False),
        IsLogging=given.get("IsLogging", True),
        SelectorRules=given.get("SelectorRules", "Trail"),
        OrganizationId=given.get("OrganizationId"),
        TagsList=tuple({"Value": "", **tag} for tag in given.get("TagsList", ())),
        event_bridge={**_EVENT_BRIDGE, **given["EventBridge"]} if "EventBridge" in given else None,
        delivery=delivery,
        **texts,
        **flags,
        **lists,
    )


def _home(raw: Raw, faults: Faults, environ: Mapping[str, str]) -> str:
    """The home region: what the file says, else the environment's, else us-east-1."""
    if said := region_of(raw):
        return said
    home, source = "us-east-1", "by default"
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION"):
        if environ.get(name):
            home, source = environ[name], f"from {name}"
            break
    if not raw.fields.get("IsMultiRegionTrail"):
        text = f"trail {raw.name} logs one region and does not say which: {home} is taken {source}; write HomeRegion"
        faults.note(raw.where, text)
    return home


def _note(raw: Raw, faults: Faults) -> None:
    """That a trail is stopped; and what a pasted description says there is, and the file does not have."""
    if raw.fields.get("IsLogging") is False:
        text = f"trail {raw.name} is stopped and takes no records: write IsLogging true, or leave it out"
        faults.note(raw.place("IsLogging"), text)
    told = {
        "HasCustomEventSelectors": (("EventSelectors", "AdvancedEventSelectors"), "get-event-selectors"),
        "HasInsightSelectors": (("InsightSelectors",), "get-insight-selectors"),
    }
    for flag, (names, command) in told.items():
        if raw.fields.get(flag) is True and not any(raw.fields.get(name) for name in names):
            text = f"trail {raw.name} has {' or '.join(names)} of its own, which are not in this file"
            faults.note(raw.place(flag), f"{text}: append what aws cloudtrail {command} prints")
