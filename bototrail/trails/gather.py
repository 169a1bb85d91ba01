"""Trails out of a file's documents: our own form, and whatever `aws cloudtrail` prints about trails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from bototrail.trails.faults import Faults, nearest, shown
from bototrail.trails.lines import Path
from bototrail.trails.parse import Parsed, check_keys
from bototrail.trails.shapes import trail_shapes


@dataclass
class Raw:
    """A trail as a file tells it, perhaps in several documents.

    Attributes:
        where: the path of the first of them.
        fields: values by CloudTrail's names, nothing checked yet.
        places: the paths of these values.
        tables: the paths of all tables of fields, `where` first.
        others: those of tables of selectors or tags that name the trail.
        everywhere: all the paths of each value; a file may tell it several times.
    """

    where: Path
    fields: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Path] = field(default_factory=dict)
    tables: list[Path] = field(default_factory=list)
    others: list[Path] = field(default_factory=list)
    everywhere: dict[str, list[Path]] = field(default_factory=dict)

    def place(self, name: str, *below: str | int) -> Path:
        """Where a field, or something below it, stands."""
        return (*self.places[name], *below) if name in self.places else self.where

    def text(self, name: str) -> str:
        """A field that should be text, empty if it is none."""
        value = self.fields.get(name)
        return value if isinstance(value, str) else ""

    @property
    def name(self) -> str:
        """The trail's name, for messages and to find it."""
        return self.text("Name")


@dataclass
class Gathered:
    """What a file tells: trails, the table of buckets with the place of each entry, and lists that are empty."""

    trails: list[Raw] = field(default_factory=list)
    buckets: dict[str, Any] = field(default_factory=dict)
    bucket_places: dict[str, Path] = field(default_factory=dict)
    empty: list[Path] = field(default_factory=list)


def gather(parsed: Parsed) -> Gathered:
    """Put together what the documents of a file tell; what cannot be understood becomes a fault."""
    gathering = _Gathering(parsed.faults)
    for where, document in parsed.documents:
        gathering.take(where, document)
    for late in gathering.late:  # what speaks of a trail may stand before it
        late()
    return gathering.out


_OWN_KEYS: Final = ("trailList", "buckets")
_SELECTORS: Final = ("EventSelectors", "AdvancedEventSelectors", "InsightSelectors")
# Selectors that were put between two commands change them.
_TOLD_ANEW: Final = ("HasCustomEventSelectors", "HasInsightSelectors")
_LAKE: Final = ("EventDataStore", "EventDataStoreArn", "InsightsDestination")
# What boto3 and paginated answers have besides.
IGNORED: Final = ("ResponseMetadata", "NextToken")
"""Keys of documents that say nothing."""


class _Gathering:
    def __init__(self, faults: Faults) -> None:
        self.out = Gathered()
        self.late: list[Callable[[], None]] = []
        self._faults = faults

    def take(self, where: Path, document: Any) -> None:
        """A document, told apart by its keys."""
        if isinstance(document, list):
            self._list(where, document)
            return
        if not isinstance(document, dict):
            expected = "an object as aws cloudtrail prints it"
            self._faults.add(where, "ParamValidationError", expected, shown(document), "leave it out")
            return
        keys = {key for key in document if key not in IGNORED}
        for signs, read in self._kinds():
            if keys & signs:
                read(where, {key: document[key] for key in document if key in keys})
                return
        known = _OWN_KEYS if where == () else (*_OWN_KEYS, "Trail", "Name", *_SELECTORS, "ResourceTagList")
        check_keys(self._faults, where, document, (*known, *IGNORED), "a trails file")

    def _kinds(self) -> Iterator[tuple[set[str], Callable[[Path, dict[str, Any]], None]]]:
        yield set(_OWN_KEYS), self._own
        yield {"Trail"}, lambda where, document: self._trail((*where, "Trail"), document["Trail"])
        yield {"ResourceTagList"}, self._tag_list
        yield {"ResourceId"}, self._tags
        yield {"Organization"}, self._organization
        yield {"Name", "S3BucketName"}, self._trail
        yield set(_SELECTORS), self._selectors

    def _own(self, where: Path, document: dict[str, Any]) -> None:
        misplaced = [key for key in document if key not in _OWN_KEYS and key in trail_shapes()]
        for key in misplaced:
            expected, todo = (
                "a trail's fields in a trail",
                "move it below [[trailList]], or into an object of trailList",
            )
            self._faults.add((*where, key), "ParamValidationError", expected, shown(key), todo)
        check_keys(self._faults, where, document, (*_OWN_KEYS, *misplaced), "a trails file")
        if "trailList" in document:
            self.out.empty += [(*where, "trailList")] * (document["trailList"] == [])
            self._list((*where, "trailList"), document["trailList"])
        buckets = document.get("buckets", {})
        if not isinstance(buckets, dict):
            expected = "a table of bucket names and where they are, for buckets"
            self._faults.add((*where, "buckets"), "ParamValidationError", expected, shown(buckets), "make it one")
            return
        for name, value in buckets.items():
            self.out.buckets[name] = value
            self.out.bucket_places[name] = (*where, "buckets", name)

    def _list(self, where: Path, trails: Any) -> None:
        if not isinstance(trails, list):
            todo = "write [[trailList]] in TOML, a list of objects in JSON"
            self._faults.add(where, "ParamValidationError", "a list of trails", shown(trails), todo)
            return
        for index, trail in enumerate(trails):
            self._trail((*where, index), trail)

    def _trail(self, where: Path, trail: Any) -> None:
        if not isinstance(trail, dict):
            todo = "give it Name and S3BucketName at least"
            self._faults.add(where, "ParamValidationError", "a table for a trail", shown(trail), todo)
            return
        raw = self._same(where, trail.get("TrailARN"))
        if raw is None:
            self.out.trails.append(raw := Raw(where))
        raw.tables.append(where)
        for name, value in trail.items():
            if value is not None:
                self._put(raw, name, value, (*where, name))

    def _same(self, where: Path, arn: Any) -> Raw | None:
        """The trail that another document tells of too: create-trail and describe-trails print it both."""
        for raw in self.out.trails:
            if arn is not None and raw.fields.get("TrailARN") == arn and raw.where[:1] != where[:1]:
                return raw
        return None

    def _put(self, raw: Raw, name: str, value: Any, where: Path) -> None:
        before = raw.fields.get(name)
        replaced = name in _TOLD_ANEW or (before == [] and name in (*_SELECTORS, "TagsList"))
        if name in raw.fields and before != value and not replaced:
            found, todo = f"{shown(value)} after {shown(before)}", "leave out what is not so any more"
            expected = f"one and the same {name} wherever the file tells of trail {raw.name}"
            self._faults.add(where, "InvalidParameterCombinationException", expected, found, todo)
            return
        raw.fields[name] = value
        raw.places[name] = where
        raw.everywhere.setdefault(name, []).append(where)

    def _selectors(self, where: Path, document: dict[str, Any]) -> None:
        if lake := [key for key in _LAKE if key in document]:
            todo = "leave it out: event data stores are not for clients"
            self._faults.add((*where, lake[0]), "ParamValidationError", "selectors of a trail", lake[0], todo)
            return
        check_keys(self._faults, where, document, ("TrailARN", "TrailName", *_SELECTORS), "a trail's selectors")
        about = "TrailARN" if "TrailARN" in document else "TrailName"
        for name in _SELECTORS:
            if document.get(name) is not None:
                self._later((*where, about), document.get(about), name, document[name], (*where, name))

    def _tag_list(self, where: Path, document: dict[str, Any]) -> None:
        listed = document["ResourceTagList"]
        for index, one in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(one, dict):
                self._tags((*where, "ResourceTagList", index), one)

    def _tags(self, where: Path, document: dict[str, Any]) -> None:
        check_keys(self._faults, where, document, ("ResourceId", "TagsList"), "a trail's tags")
        tags = document.get("TagsList", [])
        if isinstance(tags, list):  # those that AWS itself put there cannot be given, and do not count
            tags = [tag for tag in tags if not (isinstance(tag, dict) and str(tag.get("Key")).startswith("aws:"))]
        self._later((*where, "ResourceId"), document.get("ResourceId"), "TagsList", tags, (*where, "TagsList"))

    def _organization(self, where: Path, document: dict[str, Any]) -> None:
        """What `aws organizations describe-organization` prints: it says what organization trails belong to."""
        told = document["Organization"]
        number = told.get("Id") if isinstance(told, dict) else None
        self.late.append(lambda: self._belong(number, (*where, "Organization", "Id")))

    def _belong(self, number: Any, where: Path) -> None:
        for raw in self.out.trails:
            if raw.fields.get("IsOrganizationTrail") is True and "OrganizationId" not in raw.fields:
                self._put(raw, "OrganizationId", number, where)

    def _later(self, where: Path, about: Any, name: str, value: Any, place: Path) -> None:
        """Put `value` into the trail that `about` names, once all trails are known."""

        def put() -> None:
            found = [raw for raw in self.out.trails if _is(raw, about)]
            for raw in found:
                self._put(raw, name, value, place)
                raw.others.append(where[:-1])
            if not found:
                self._unknown(where, about)

        self.late.append(put)

    def _unknown(self, where: Path, about: Any) -> None:
        parts = about.split(":") if isinstance(about, str) else []
        message = f"Unknown trail: {about} for the user: {parts[4]}" if len(parts) == 6 else ""
        names = [raw.text("TrailARN") or raw.name for raw in self.out.trails]
        names = [raw.name for raw in self.out.trails] if len(parts) < 6 else names
        todo = nearest(str(about), names, "add the trail too, as aws cloudtrail describe-trails prints it")
        self._faults.add(where, "TrailNotFoundException", "a trail of this file", shown(about), todo, message=message)


def _is(raw: Raw, about: Any) -> bool:
    """Whether a name or ARN means this trail."""
    if not isinstance(about, str) or not about:
        return False
    arn = raw.text("TrailARN")
    if about.startswith("arn:"):
        return arn == about if arn else about.partition(":trail/")[2] == raw.name
    return raw.name == about
