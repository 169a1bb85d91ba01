"""The resources of an event as LookupEvents names them: types and names.

AWS makes them out of requests and answers by service, beside the `resources` of the record, which have only ARNs.
[facts §6] Here, other than there, reads have resources, too, and data events.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

from bototrail.history.resource_arns import ARNS, EC2_IDS
from bototrail.history.resource_names import BY_EVENT, NAMES, Named
from bototrail.record.resources import ACCOUNT, Entries, Source, compile_entries
from bototrail.record.rules import HIDDEN, rules_for
from bototrail.record.services import KNOWN
from bototrail.record.sources import EVENT_SOURCES
from bototrail.regions import partition_of

MOST: Final = 100
"""Resources of an event that are kept."""
LONGEST: Final = 2048
"""Characters of a name; longer ones are cut."""
_NODES: Final = 10_000  # objects and lists of a record that are looked into
_CACHED: Final = 20_000
_LONGEST_KEY: Final = 512  # what is longer is no name of anything

Found = dict[tuple[str, str], None]
Tree = dict[str, Any]
# Of a member: the type of what it names, which is empty where nobody names it; True where it may hold an ARN or an id
# that says the type itself; False where it names nothing.
Kind = str | bool

_REFERS: Final = re.compile(
    r"(?:arn|certificate|cluster|group|id|identifier|instance|key|policy|resource|role|secret|source|subnet|target|topic"
    r"|volume|vpc)s?",
    re.IGNORECASE,
)
_ID: Final = re.compile(r"([a-z][a-z-]*)-(?:[0-9A-Fa-f]{8,17}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_IDS: Final = {row.start: row.type for row in EC2_IDS}
_STARTS: Final = frozenset(start.partition("-")[0] for start in _IDS)


class _Plan(NamedTuple):
    """What is known of an operation's events.

    Attributes:
        kinds: by member; members are added as they are met.
        named: members that count in these events.
        missing: what the record's own `resources` would be, for records without.
    """

    kinds: dict[str, Kind]
    named: tuple[tuple[str, tuple[str, ...], str], ...]
    missing: tuple[Entries, ...]


_PLANS: Final[dict[tuple[str, str], _Plan]] = {}
_TYPES: Final[dict[str, str]] = {}  # by ARN


def resources(record: Tree) -> list[tuple[str, str]]:
    """Types and names of the resources of an event, each pair once; a type that nobody knows is empty.

    Args:
        record: any JSON object.
    """
    return list(_found(record))


def joined(resources: Collection[tuple[str, str]]) -> tuple[str, str]:
    """Names and types of resources, each once, each between newlines, which stand in none of them.

    Args:
        resources: see `resources`.
    """
    names = types = "\n"
    for kind, name in resources:
        if f"\n{name}\n" not in names:
            names += f"{name}\n"
        if kind and f"\n{kind}\n" not in types:
            types += f"{kind}\n"
    return names if resources else "", types if types != "\n" else ""


def _found(record: Tree) -> Found:
    get = record.get
    kinds, named, missing = _planned(get("eventSource"), get("eventName"))
    request, response, details = get("requestParameters"), get("responseElements"), get("serviceEventDetails")
    found: Found = {}
    entries = get("resources")
    if type(entries) is list and entries:
        _add_own(found, entries)
    elif missing and type(request) is dict:
        _add_missing(found, missing, record, request, response)
    for side, path, kind in named:
        _add(found, kind, _at(request if side == "request" else response, path))
    nodes = [request] if type(request) is dict else []
    if response or details:
        nodes += [node for node in (response, details) if type(node) is dict]
    _walk(found, nodes, kinds)
    return found if len(found) <= MOST else dict.fromkeys(islice(found, MOST))


def _walk(found: Found, nodes: list[Tree], kinds: dict[str, Kind]) -> None:
    """Add what the members of some objects name, and those of objects in them. `nodes` grows on the way."""
    for node in nodes:
        for key, value in node.items():
            of = type(value)
            if of is str:
                kind = kinds.get(key)
                if kind is None:
                    kind = _learn(kinds, key)
                if kind is not False:
                    _add_text(found, kind, value)
            elif of is list:
                _add(found, _kind(kinds, key), value)
                nodes += [item for item in value if type(item) is dict]
            elif of is dict:
                nodes.append(value)
                # EC2 wraps texts that stand in a list. [rules.md §5]
                if "content" in value:
                    _add(found, _kind(kinds, key), value["content"])
        if len(found) >= MOST or len(nodes) > _NODES:
            return


def _add(found: Found, kind: Kind, value: Any) -> None:
    """Add what a member names: a text, or each of a list of texts."""
    if kind is False:
        return
    for item in value[:MOST] if type(value) is list else (value,):
        if type(item) is str:
            _add_text(found, kind, item)


def _add_text(found: Found, kind: Kind, value: str) -> None:
    if kind is True:
        _add_told(found, value)
    elif value and value != HIDDEN:
        found[kind, _clean(value)] = None  # type: ignore[index] # nor is it False


def _add_told(found: Found, value: str) -> None:
    """Add what says itself of which type it is."""
    if value[:3] == "arn":
        # Some services log the path of a REST request as it was sent.
        arn = unquote(value) if value[:6] == "arn%3A" else value
        if arn[3:4] == ":" and "*" not in arn:
            found[arn_type(arn), _clean(arn)] = None
    elif value.partition("-")[0] in _STARTS:
        # Auto Scaling has ids of subnets in one text. [API reference, VPCZoneIdentifier]
        for part in value.split(","):
            match = _ID.fullmatch(part)
            if match and (known := _IDS.get(match[1])) is not None:
                found[known, part] = None


def _clean(text: str) -> str:
    """A text that can stand in a line of its own."""
    if "\n" in text or "\0" in text or len(text) > LONGEST:
        return text[:LONGEST].replace("\n", " ").replace("\0", " ")
    return text


def arn_type(arn: str) -> str:
    """The type of the resource that an ARN names; empty when it is not known."""
    known = _TYPES.get(arn)
    if known is None:
        fields = arn[:LONGEST].split(":", 5)
        shapes = _shapes(fields[2]) if len(fields) == 6 and fields[2] in ARNS else ()
        known = next((kind for fits, kind in shapes if fits(fields[5])), "")
        remember(_TYPES, arn[:LONGEST], known)
    return known


@cache
def _shapes(service: str) -> tuple[tuple[Callable[[str], object], str], ...]:
    rows = sorted(ARNS[service].items(), key=lambda row: -len(row[0].replace("*", "")))
    return tuple((_matcher(pattern), kind) for pattern, kind in rows)


def _matcher(pattern: str) -> Callable[[str], object]:
    return re.compile(".*".join(map(re.escape, pattern.split("*"))), re.DOTALL).fullmatch


def _kind(kinds: dict[str, Kind], key: str) -> Kind:
    kind = kinds.get(key)
    return _learn(kinds, key) if kind is None else kind


def _learn(kinds: dict[str, Kind], key: str) -> Kind:
    """Whether a member without a row may hold an ARN or an id; its name's last word says."""
    words = re.findall(r"[A-Z]+s?(?![a-z])|[A-Z]?[a-z]+", key[:_LONGEST_KEY].removesuffix("List"))
    kind = bool(words) and _REFERS.fullmatch(words[-1]) is not None
    return bool(remember(kinds, key, kind)) if len(kinds) < _CACHED else kind


def remember(cache: dict[Any, Any], key: str | tuple[str | None, ...], value: Any) -> Any:
    """Keep a value that was hard to find, and give it back; a cache that is full begins anew."""
    if any(text and len(text) > _LONGEST_KEY for text in ((key,) if type(key) is str else key)):
        return value
    if len(cache) >= _CACHED:
        cache.clear()
    cache[key] = value
    return value


def _planned(source: Any, name: Any) -> _Plan:
    try:
        return _PLANS[source, name]
    except (KeyError, TypeError):  # the latter of what is no text
        key = _name(source), _name(name)
    return _PLANS.get(key) or remember(_PLANS, key, _plan(*key))


def _name(value: Any) -> str:
    return value if type(value) is str and len(value) < _LONGEST_KEY else ""


def _plan(source: str, name: str) -> _Plan:
    service = source.removesuffix(".amazonaws.com")
    rows = [row for row in BY_EVENT if row.source == service and _matcher(row.events)(name)]
    taken = frozenset(row.path.rpartition(".")[2] for row in rows)
    kinds = _kinds(service if service in NAMES else "*", taken)
    return _Plan(kinds, tuple(map(_compiled, rows)), _missing(service, name))


def _compiled(row: Named) -> tuple[str, tuple[str, ...], str]:
    side, *path = row.path.split(".")
    return side, tuple(path), row.type


@cache
def _kinds(service: str, taken: frozenset[str]) -> dict[str, Kind]:
    """What the members of a service's events name, but those that are `taken`; all plans of a kind share it."""
    rows = {key: kind for key, kind in {**NAMES["*"], **NAMES[service]}.items() if key not in taken}
    spelt = [(one, kind) for key, kind in rows.items() for one in (key, key[:1].upper() + key[1:])]
    plural = [(f"{one[:-1]}ies" if one[-1] == "y" else f"{one}s", kind) for one, kind in spelt]
    return dict(plural + spelt) | dict.fromkeys(taken, False)


def _at(value: Any, path: Iterable[str]) -> Any:
    for key in path:
        value = value.get(key) if type(value) is dict else None
    return value


def _add_own(found: Found, entries: list[Any]) -> None:
    for entry in entries[:MOST]:
        if type(entry) is not dict:
            continue
        kind, arn = entry.get("type"), entry.get("ARN") or entry.get("ARNPrefix")
        if type(arn) is str and arn:
            found[_clean(kind) if type(kind) is str and kind else arn_type(arn), _clean(arn)] = None


@lru_cache(maxsize=_CACHED)
def _services(source: str) -> tuple[str, ...]:
    return tuple(sorted(name for name in KNOWN if EVENT_SOURCES.get(name, name) == source))


def _missing(source: str, name: str) -> tuple[Entries, ...]:
    made = []
    for service in _services(source):
        rules = rules_for(service)
        operation = next((operation for operation, own in rules.event_names.items() if own == name), name)
        made.append(compile_entries(rules, operation))
    return tuple(entries for entries in made if entries)


def _add_missing(
    found: Found, missing: tuple[Entries, ...], record: Mapping[str, Any], request: Tree, response: Any
) -> None:
    """Add what older records, and some of refused calls, do not have as their `resources`."""
    region, account = record.get("awsRegion"), record.get("recipientAccountId")
    place = region if type(region) is str else ""
    source = Source(partition_of(place), place, request, response if type(response) is dict else {}, {})
    owner = account if type(account) is str else ""
    for entries in missing:
        for entry in entries(source):
            arn = entry.get("ARN") or entry.get("ARNPrefix") or ""
            found[entry.get("type") or arn_type(arn), _clean(arn.replace(ACCOUNT, owner))] = None
