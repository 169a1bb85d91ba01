"""The ARNs that an action was used on: those in the record, else templates filled in from its parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any, Final, NamedTuple

from bototrail.history.places import Place
from bototrail.policy.aliases import ALIASES, CONSTANTS, DEFAULTS, EC2_IDS, EVERY_REQUIRED, GENERIC, SUFFIXES
from bototrail.policy.catalogue import Action, ResourceType, prefixes, template_of, variables
from bototrail.policy.values import own_part
from bototrail.record import rules

_AFFIX: Final = re.compile(r"(?:names?|identifiers?|ids?|arns?|urls?|list|set|withpath|withoutleadingslash)$")
_AFFIXES: Final = ("", "name", "id", "identifier", "arn", "names", "ids", "identifiers", "arns", "s", "list", "url")
_PLAIN: Final = ("name", "id", "identifier", "arn", "names", "ids", "identifiers", "arns", "resourcearn")
_FIELD: Final = re.compile(r"([a-z]+-)?\$\{(\w+)\}")  # ids often carry the literal that stands before them, `h-`
_VERB: Final = re.compile(r"^(?:Batch)?[A-Z][a-z]+")
_SHORTEST: Final = 4  # letters of a name that may be taken for another that it is a part of
_EC2_ID: Final = re.compile(r"([a-z-]+)-[0-9a-f]{4,17}")
_MOST: Final = 100  # values of one variable; a request that names more is not one that a policy should list
_ARN: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[a-z0-9*-]*:[a-z0-9*]*:\S", re.DOTALL)
HIDDEN: Final = re.compile(rf"{rules.HIDDEN}|{rules.REMOVED}|\*+(?:[A-Z]+\*+)?")  # and `***`, `***OMITTED***`
_CREATORS: Final = ("Allocate", "Copy", "Create", "Import", "Purchase", "Register", "Request", "Restore", "Run")


class Mentions(NamedTuple):
    """What a record says about resources.

    Attributes:
        operation: its eventName.
        arns: every ARN in it.
        given: the ARNs and the texts that are parameters.
        values: parameters by bare name (lower case, letters and digits only), the outermost of each name.
        outer: names of those that are not inside a structure.
    """

    operation: str
    arns: tuple[str, ...]
    given: frozenset[str]
    values: Mapping[str, tuple[str, ...]]
    outer: frozenset[str]


def mentions(record: Mapping[str, Any]) -> Mentions:
    """Collect the ARNs and the named values of a record."""
    found: dict[str, list[tuple[int, str]]] = {}
    for depth, key, value in _leaves(record.get("requestParameters"), 0, ""):
        # An iterator of a stream of DynamoDB's begins with the ARN of the stream.
        text = value.partition("|")[0] if value.startswith("arn:") else value
        found.setdefault(_bare(key), []).append((depth, text))
    values = {
        key: tuple(dict.fromkeys(value for depth, value in rows if depth == min(rows)[0]))
        for key, rows in found.items()
    }
    given = frozenset(value for rows in found.values() for _, value in rows)
    named = [entry["ARN"] for entry in resources_of(record)]
    arns = dict.fromkeys([*named, *(value for rows in found.values() for _, value in rows if _ARN.match(value))])
    outer = frozenset(key for key, rows in found.items() if min(rows)[0] == 1)
    return Mentions(str(record.get("eventName", "")), tuple(arns), given, values, outer)


def resources_of(record: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The entries of a record's `resources` that have an ARN."""
    entries = record.get("resources")
    return [
        entry
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict) and isinstance(entry.get("ARN"), str)
    ]


def _leaves(value: Any, depth: int, key: str) -> Iterator[tuple[int, str, str]]:
    """Texts and numbers in a tree, with their depth and the key that they stand under."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            # EC2's lists, {"items": [{"instanceId": ...}]}, are no deeper than plain ones.
            yield from _leaves(inner, depth + (name not in ("items", "item")), str(name))
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, depth, key)
    elif isinstance(value, str) and value and not HIDDEN.fullmatch(value):
        yield depth, key, value
    elif isinstance(value, int) and not isinstance(value, bool):
        yield depth, key, str(value)


@lru_cache(maxsize=8192)
def _bare(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def arns_of(action: Action, found: Mentions, place: Place) -> list[str]:
    """The ARNs on which `action` was used, as far as the record tells; what it does not tell is `*`.

    Args:
        action: one of the record's actions.
        found: what the record mentions.
        place: where the call was made.

    Returns:
        At least one ARN, or `*` alone.
    """
    types = action.resource_types
    prefix = action.name.partition(":")[0]
    named = {kind: list(dict.fromkeys(_named(_Search(prefix, kind, found, place, len(types) == 1)))) for kind in types}
    out = [arn for arns in named.values() for arn in arns]
    missing = [kind for kind in types if kind.required and not named[kind]]
    if prefix in EVERY_REQUIRED or not out:
        out += [open_arn(kind, place) for kind in (missing if prefix in EVERY_REQUIRED else missing[:1])]
    suffix = SUFFIXES.get(prefix)
    if suffix and "Tagging" not in action.access_level:
        out = [arn + suffix[1] if suffix[0].fullmatch(arn) else arn for arn in out]
    return list(dict.fromkeys(out)) or ["*"]


def open_arn(kind: ResourceType, place: Place) -> str:
    """The ARN of every resource of a type."""
    return _filled(kind.templates[0], place, {})


def _filled(template: str, place: Place, values: Mapping[str, str]) -> str:
    known = {"Partition": place.partition, "Region": place.region, "Account": place.account, **values}

    def value(found: re.Match[str]) -> str:
        text, literal = known.get(found[2], "*"), found[1] or ""
        return text if literal and text.startswith(literal) else literal + text

    return _FIELD.sub(value, template)


class _Search(NamedTuple):
    """One type of resource that is looked for in a record."""

    prefix: str
    kind: ResourceType
    found: Mentions
    place: Place
    sole: bool  # the only type that the action takes

    @property
    def creates(self) -> bool:
        """Whether the call makes something, whose id is another one the next time."""
        return self.found.operation.startswith(_CREATORS)


def _named(search: _Search) -> Iterator[str]:
    """The ARNs of one type that the record names."""
    prefix, kind, found, place, _ = search
    if constant := CONSTANTS.get(f"{prefix}:{kind.name}"):
        yield _filled(constant, place, {})
        return
    matching = [arn for arn in found.arns if template_of(prefix, arn) in kind.templates]
    if search.creates:
        matching = [arn for arn in matching if was_given(arn, found)]
    if not matching and prefix == "ec2" and kind.name in EC2_IDS:
        ids = sorted(v for v in found.given if (i := _EC2_ID.fullmatch(v)) and i[1] == EC2_IDS[kind.name])
        matching = [_filled(kind.templates[0], place, {variables(kind.templates[0])[-1]: one}) for one in ids]
    if matching:
        yield from matching
        return
    for template in kind.templates:
        yield from _from_values(search, template)


def was_given(arn: str, found: Mentions) -> bool:
    """Whether the caller chose the name in an ARN, or in an id."""
    own = arn.split(":", 5)[-1]
    return arn in found.given or any(own.endswith((f"/{value}", f":{value}")) or own == value for value in found.given)


def _from_values(search: _Search, template: str) -> Iterator[str]:
    prefix, kind, found, place, sole = search
    wanted = variables(template)
    if not wanted:  # a constant
        if sole or kind.required:
            yield _filled(template, place, {})
        return
    stems = [_stem(name) for name in wanted]
    service, taken = template.split(":")[2], set[str]()
    choices = []
    for number, name in enumerate(wanted):
        slot = _Slot(name, service, number == len(wanted) - 1, stems.count(_stem(name)) > 1)
        choices.append(_values(search, slot, taken))
    if not (any(choices) if kind.required or sole else _is_meant(kind, wanted, choices, found)):
        return
    if wanted[-1].endswith("WithPath") and search.creates:
        path = next(iter(found.values.get("path", ())), "").strip("/")
        choices[-1] = tuple(f"{path}/{name}" if path else name for name in choices[-1])
    defaults = [(DEFAULTS.get(f"{prefix}:{name}", "*"),) for name in wanted]
    for picked in product(*(values or default for values, default in zip(choices, defaults, strict=True))):
        whole = picked[-1].startswith("arn:")  # of a form that the reference does not have, so it stands for itself
        yield picked[-1] if whole else _filled(template, place, dict(zip(wanted, picked, strict=True)))


def kinds_made(action: Action, operation: str) -> list[ResourceType]:
    """The types of an action's resources that an operation is about."""
    return [
        kind
        for kind in action.resource_types
        if any(_about(kind.name, name, operation) for template in kind.templates for name in variables(template)[-1:])
    ]


def _is_meant(kind: ResourceType, wanted: list[str], choices: list[tuple[str, ...]], found: Mentions) -> bool:
    """Whether a type that an action may also take is there: what stands before the last variable must be given."""
    return all(choices[:-1]) and bool(choices[-1] or (choices[:-1] and _about(kind.name, wanted[-1], found.operation)))


class _Slot(NamedTuple):
    """A variable of a template, to be filled in."""

    variable: str
    service: str  # of the template's ARN
    last: bool
    exact: bool  # beside it stands the name or the id of the same thing, which must not be taken for it

    @property
    def is_id(self) -> bool:
        """Whether the service chooses its value."""
        return self.variable.lower().endswith(("id", "uuid"))


def _values(search: _Search, slot: _Slot, taken: set[str]) -> tuple[str, ...]:
    """What the record gives for a variable; nothing when it gives none, or too many to list.

    Args:
        search: what is looked for.
        slot: the variable.
        taken: parameters that other variables of the template were filled from; the one that is found is added.
    """
    found, prefix = search.found, search.prefix
    row = ALIASES.get(f"{prefix}:{search.kind.name}.{slot.variable}") or ALIASES.get(f"{prefix}:{slot.variable}")
    for name in _names(search, slot) if row is None else row:
        if name in taken or (name in _PLAIN and name not in found.outer):
            continue  # plain names inside a structure are of something else, such as a tag
        if row is None and search.creates and slot.is_id and name.endswith(("name", "names")):
            continue  # what is made has a name of the caller's, and an id that is not known yet
        if usable := _usable(found.values.get(name, ()), prefix, slot):
            taken.add(name)
            return usable
    return ()


def _names(search: _Search, slot: _Slot) -> tuple[str, ...]:
    """The parameters that may fill a variable, in bare names, the likeliest first."""
    prefix, kind, found, _, sole = search
    variable = slot.variable
    own = slot.service == prefix or slot.service not in prefixes()  # else another service's resource
    about = own and (sole or _about(kind.name, variable, found.operation))
    if slot.exact:
        return _exact(variable, about)
    names = _spellings(kind.name, variable, about, slot.last)
    if slot.last and own and (sole or kind.required):
        names += _alike(variable, tuple(found.values))
    return names


def _usable(values: tuple[str, ...], prefix: str, slot: _Slot) -> tuple[str, ...]:
    found = (own_part(f"{prefix}:{slot.variable}", value, slot.service if slot.last else "") for value in values)
    usable = tuple(dict.fromkeys(own for own in found if own))
    return usable if len(usable) <= _MOST else ()


@lru_cache(maxsize=8192)
def _about(kind: str, variable: str, operation: str) -> bool:
    """Whether an operation is about resources of a type: then `name` and `id` are those of one."""
    noun = _bare(_VERB.sub("", operation))
    stems = {_bare(kind), _stem(variable)} - {""}
    return any(noun in (stem, stem + "s", stem + "es", stem[:-1] + "ies") for stem in stems)


@lru_cache(maxsize=8192)
def _spellings(kind: str, variable: str, about: bool, last: bool) -> tuple[str, ...]:
    """How a parameter may be called that fills a variable, in bare names, the likeliest first."""
    bare = _bare(variable)
    own = tuple(_bare(kind) + affix for affix in _AFFIXES) if last else ()
    plain = _PLAIN if about and last else ()
    if bare in GENERIC:
        return (*own, *((bare, *plain) if about else ()))
    stem = _AFFIX.sub("", bare)
    return tuple(dict.fromkeys((bare, *(stem + affix for affix in _AFFIXES), *own, *plain)))


@lru_cache(maxsize=8192)
def _exact(variable: str, about: bool) -> tuple[str, ...]:
    """As `_spellings`, for a variable beside which stands another of the same thing."""
    bare = _bare(variable)
    return (bare, bare + "s", *((bare.removeprefix(_stem(variable)),) if about else ()))


@lru_cache(maxsize=8192)
def _stem(variable: str) -> str:
    """A name without what says that it is a name, an id, an ARN."""
    return _AFFIX.sub("", _bare(variable))


@lru_cache(maxsize=8192)
def _alike(variable: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """Parameters whose name ends as the variable's does as `sourceSnapshotId` for `SnapshotId`, or vice versa."""
    stem = _stem(variable)
    if len(stem) < _SHORTEST or stem in GENERIC:
        return ()
    longer = [name for name in names if _AFFIX.sub("", name).endswith(stem)]
    shorter = [name for name in names if len(own := _AFFIX.sub("", name)) >= _SHORTEST and stem.endswith(own)]
    return tuple(longer) or (tuple(shorter) if len(shorter) == 1 else ())
